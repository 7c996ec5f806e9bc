/** What commands are made of, with placeholders for ids of existing things. */
import fc from "fast-check";
import { FEATURES } from "../../../core/ports/carrier.ts";
import type { Command } from "../../../core/registry/commands.ts";
import type { SearchFilters } from "../../../core/ports/mod.ts";
import {
  ASSISTANTS,
  e164,
  oddText,
  offerOf,
  orNull,
  routing,
  routingChange,
  text,
} from "./contents.ts";

export type Of<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;

/** An id of an earlier thing, mostly; sometimes nonsense. */
export const ref = (prefix: string) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.nat(5).map((index) => `${prefix}_${index}`) },
    { weight: 1, arbitrary: oddText },
  );
const REQUIREMENTS = [{ id: "address", name: "Proof of address", description: null }];
export const holding = ref("pn");
export const trunk = fc.oneof(fc.constantFrom("trunk_1", "trunk_2"), oddText);
/** A period; 0 means the one that the number needs next. */
export const period = fc.constantFrom(0, 0, 0, 1, 2, 3);

/** A placeholder for an id that is made when the command is given; see `withFreshIds`. */
export const NEW = "new";

export const carrier = fc.constantFrom("sandbox", "sandbox", "telnyx");

/** What the carrier requires for the numbers that are bought, if anything, and if it is known. */
const required = fc.oneof(
  { weight: 12, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant([]) },
  ...[[], REQUIREMENTS].map((requirements) => ({
    weight: 1,
    arbitrary: fc.constant([{ country: "US", type: "local" as const, requirements }]),
  })),
);

export const REQUIREMENT_GROUPS = ["rg_0", "rg_1"];

export const buying: fc.Arbitrary<Of<"RequestPurchase">> = fc.record({
  type: fc.constant("RequestPurchase" as const),
  holding: fc.constant(NEW),
  orderKey: fc.constant("od"),
  e164,
  carrier,
  connection: fc.oneof(
    { weight: 9, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: ref("cn") },
  ),
  routing,
  assistant: orNull(fc.constantFrom(...ASSISTANTS)),
  quote: fc.constantFrom(true, true, true, false),
  required,
}).map(({ quote, ...command }) => ({ ...command, quote: quote ? offerOf(command.e164) : null }));

export const byHolding = <Type extends string>(type: Type) =>
  holding.map((id) => ({ type, holding: id }));

export const campaign = fc.record({
  profile: text,
  campaign: text,
  status: fc.constant("ASSIGNED" as const),
});

export const changing = fc.tuple(holding, routingChange).map((
  [id, change],
): Of<"ChangeRouting"> => ({
  type: "ChangeRouting",
  holding: id,
  ...change,
}));

export const changingAll = fc.tuple(
  holding,
  routingChange,
  fc.record({ autoRenewal: fc.boolean(), smsCampaign: campaign }, { requiredKeys: [] }),
).map(([id, change, rest]): Of<"ChangeNumber"> => ({
  type: "ChangeNumber",
  holding: id,
  ...change,
  ...rest,
}));

export const fixed = <Type extends string>(type: Type) => fc.constant(type);

const pattern = fc.stringMatching(/^\d{1,14}$/);

/** What a search may be for, beside country and type. */
export const sought: fc.Arbitrary<Partial<SearchFilters>> = fc.record({
  areaCode: fc.constantFrom("415", "212"),
  locality: oddText,
  features: fc.subarray([...FEATURES]),
  contains: pattern,
  startsWith: pattern,
  endsWith: pattern,
}, { requiredKeys: [], noNullPrototype: true });
