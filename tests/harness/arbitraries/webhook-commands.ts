/** What is done to webhook endpoints, as commands with placeholders for their ids. */
import fc from "fast-check";
import { DISABLED_WHYS, SIGNATURE_SCHEMES } from "../../../core/events/webhook.ts";
import { fixed, NEW, type Of, ref } from "./command-parts.ts";
import { oddText, orNull } from "./contents.ts";

const webhook = ref("wh");

const TERMS = {
  url: fc.constantFrom("https://example.com/hook", "https://example.net:8443/"),
  types: fc.subarray(["number.purchased", "number.released"]),
  description: oddText,
  metadata: fc.dictionary(oddText, oddText, { maxKeys: 2, noNullPrototype: true }),
};

const weighted = <Given>(weight: number, arbitrary: fc.Arbitrary<Given>) => ({ weight, arbitrary });

/** Commands to endpoints, by their types. */
export const WEBHOOKS = {
  AddWebhook: weighted(
    2,
    fc.record({
      type: fixed("AddWebhook"),
      webhook: fc.constant(NEW),
      scheme: fc.constantFrom(...SIGNATURE_SCHEMES),
      world: fc.constantFrom("all" as const, "live" as const, "sandbox" as const),
      from: orNull(fc.nat(100)),
      ...TERMS,
    }),
  ),
  ChangeWebhook: weighted(
    1,
    fc.record({ type: fixed("ChangeWebhook"), webhook, ...TERMS }, {
      requiredKeys: ["type", "webhook"],
    }).map((command): Of<"ChangeWebhook"> => command),
  ),
  RotateWebhook: weighted(
    1,
    fc.record({
      type: fixed("RotateWebhook"),
      webhook,
      generation: fc.constantFrom(1, 2, 3),
      overlapMs: fc.constantFrom(0, 60_000),
    }),
  ),
  DisableWebhook: weighted(
    1,
    fc.record({
      type: fixed("DisableWebhook"),
      webhook,
      why: fc.constantFrom(...DISABLED_WHYS),
    }),
  ),
  EnableWebhook: weighted(1, fc.record({ type: fixed("EnableWebhook"), webhook })),
  RemoveWebhook: weighted(1, fc.record({ type: fixed("RemoveWebhook"), webhook })),
};
