/** What the carrier asks for a number that is adopted, and what that can do. */
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

/** The types of events that are read. */
const READ: readonly string[] = ["PurchaseRequested", "NumberPriced"];

/**
 * What the carrier asked of the organization that ordered the number. Where that was to pay
 * something else, the event after its request says what the carrier asks.
 */
const asOrdered = async (
  log: EventLog,
  { organization, holding }: OrderOrigin,
  orderKey: string,
): Promise<Terms | null> => {
  const events: EventLog["events"] = (of, after, limit) =>
    log.eventsAbout(of, holding, after, limit);
  let ordered: Terms | null = null;
  for await (const page of eventsOf({ events }, organization)) {
    for (const event of page) {
      // Others may be of a later version.
      const fact = READ.includes(event.type) ? toFact(event) : null;
      if (ordered !== null) {
        return fact?.type === "NumberPriced"
          ? { ...ordered, monthly: fact.data.carrierMonthly }
          : ordered;
      }
      if (fact?.type === "PurchaseRequested" && fact.data.orderKey === orderKey) {
        ordered = fact.data;
      }
    }
  }
  return ordered;
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
