/** What carriers require before they sell a number, asked once for many purchases. */
import * as Effect from "effect/Effect";
import type { CarrierName, Market } from "../../../core/ports/carrier.ts";
import type { KnownRequirements } from "../../../core/number/requirements.ts";
import { ok } from "../../../core/values/result.ts";
import { callCarrier, carrierRefusal } from "../engine/carrier-calls.ts";
import { refuse } from "../engine/refusals.ts";
import { Ports } from "../engine/services.ts";

/**
 * What is known of what a carrier requires, for a purchase; null where the carrier does not say.
 */
export const knownRequirements = Effect.fnUntraced(function* (name: CarrierName) {
  const { carriers, requirements } = yield* Ports;
  return carriers.get(name)?.requirements === undefined ? null : requirements.known(name);
});

/**
 * Asks a carrier what it requires for a market. Where it cannot be asked, a recent "nothing is
 * required" still holds; otherwise the purchase is refused because the carrier cannot be reached:
 * it must neither be refused for documents that may not be needed, nor ordered without documents
 * that may be. A carrier that refuses to answer counts as one without requirements: it can still
 * refuse the order.
 */
export const askRequirements = Effect.fnUntraced(function* (
  name: CarrierName,
  party: string,
  { country, type }: Market,
) {
  const { requirements: cache } = yield* Ports;
  const asking = callCarrier(
    name,
    party,
    "requirements",
    (carrier) => carrier.requirements?.({ country, type }) ?? Promise.resolve(ok([])),
  );
  const note = (requirements: KnownRequirements["requirements"]): KnownRequirements => {
    const known = { country, type, requirements };
    cache.note(name, known);
    return known;
  };
  return yield* Effect.matchEffect(asking, {
    onSuccess: (requirements) => Effect.succeed(note(requirements)),
    onFailure: ({ kind }) => {
      if (kind === "refused") return Effect.succeed(note([]));
      const last = cache.last(name, { country, type });
      return last?.requirements.length === 0
        ? Effect.succeed(last)
        : refuse(carrierRefusal({ kind: "unreachable" }));
    },
  });
});
