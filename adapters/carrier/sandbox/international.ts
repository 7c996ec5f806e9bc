import type { NumberType } from "../../../core/ports/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { type Block, type Region, scattered, type Terms } from "./number-block.ts";
import { WORLD, type WorldPlan } from "./plans/other-countries.ts";

const openBlock = (
  plan: WorldPlan,
  type: NumberType,
  shape: string,
  locality: string | null,
  { monthly, setup, features }: Terms,
): Block => {
  const whole = `+${plan.callingCode}${shape.replaceAll(" ", "")}`;
  const form = new RegExp(`^\\${whole.replaceAll("#", "\\d")}$`);
  const blanks = whole.split("#").length - 1;
  const region: Region = { state: null, locality, rateCenter: null };
  return {
    country: plan.country,
    type,
    areaCode: null,
    shape: whole,
    features,
    regions: () => locality === null ? [] : [region],
    has: (e164) => form.test(e164),
    numberAt: (index) => {
      const place = String(scattered(whole, index, 10 ** blanks)).padStart(blanks, "0");
      let filled = 0;
      return `+${whole.slice(1).replaceAll("#", () => place.charAt(filled++))}`;
    },
    offer: (e164: E164) => ({
      e164,
      type,
      country: plan.country,
      monthly,
      setup,
      features,
      region,
    }),
  };
};

/** The blocks outside North America; a number belongs to one when it has its shape. */
export const worldBlocks = (): readonly Block[] =>
  WORLD.flatMap((plan) => {
    const local = Object.entries(plan.areas).map(([shape, town]) =>
      openBlock(plan, "local", shape, town, plan.local)
    );
    const { tollFree } = plan;
    if (tollFree === null) return local;
    return [...local, openBlock(plan, "tollFree", tollFree.shape, null, tollFree)];
  });
