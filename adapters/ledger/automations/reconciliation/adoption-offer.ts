/** What a number that is adopted costs, and what it can do. */
import * as Effect from "effect/Effect";
import { toFact } from "../../../../core/events/vocabulary.ts";
import { eventsOf } from "../../../../core/log/pages.ts";
import type { AdoptNumber } from "../../../../core/number/decisions/adoption.ts";
import type { CarrierName } from "../../../../core/ports/carrier.ts";
import type { CarrierNumber, EventLog } from "../../../../core/ports/mod.ts";
import type { OrderOrigin } from "../../../../core/reconciliation/compare.ts";
import { callCarrier, OPERATOR_PARTY } from "../../engine/carrier-calls.ts";
import { ask, Ports } from "../../engine/services.ts";

type Terms = AdoptNumber["terms"];

/** As the organization that ordered the number was to pay for it. */
const asOrdered = async (
  log: EventLog,
  { organization, holding }: OrderOrigin,
  orderKey: string,
): Promise<Terms | null> => {
  const events: EventLog["events"] = (of, after, limit) =>
    log.eventsAbout(of, holding, after, limit);
  for await (const page of eventsOf({ events }, organization)) {
    for (const event of page) {
      if (event.type !== "PurchaseRequested") continue;
      const fact = toFact(event);
      if (fact.type === "PurchaseRequested" && fact.data.orderKey === orderKey) return fact.data;
    }
  }
  return null;
};

/**
 * The terms on which a number that the carrier keeps is adopted: those on which we ordered it, or,
 * where it was ordered without a key, those of a number of its kind that the carrier sells now.
 * Null when the carrier names no kind, or sells none of that kind.
 */
export const termsOf = Effect.fnUntraced(function* (
  carrier: CarrierName,
  { orderKey, country, type }: CarrierNumber,
  origin: OrderOrigin | null,
) {
  const { log } = yield* Ports;
  if (orderKey !== null && origin !== null) {
    return yield* ask(() => asOrdered(log, origin, orderKey));
  }
  if (country === undefined || type === undefined) return null;
  const [like] = yield* callCarrier(
    carrier,
    OPERATOR_PARTY,
    "search",
    (port) => port.search({ country, type, limit: 1 }),
  );
  const terms: Terms | null = like === undefined ? null : { ...like, country, type };
  return terms;
});
