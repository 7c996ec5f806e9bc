/** The state of a reconciliation: when it is due; `decisions.ts` decides it. */
import type { FactOf } from "../events/vocabulary.ts";
import type { Subject } from "../log/state.ts";
import type { CarrierName } from "../ports/carrier.ts";
import { DAY_MS, HOUR_MS, type Instant, type Milliseconds } from "../values/calendar.ts";
import { unreachable } from "../values/unreachable.ts";

/**
 * The log in which reconciliations are kept has this instead of an organization's id. It is not an
 * organization: none can be opened under it, and it holds no numbers, users or money.
 */
export const RECONCILIATIONS = "ledgerline:reconciliations";

/**
 * How long after one reconciliation the next is automatically due, and after one that broke off.
 */
export const EVERY_MS: Milliseconds = DAY_MS;
const AGAIN_MS: Milliseconds = HOUR_MS;

/** So many drifts are listed in a report; all of them are counted, and worked at. */
export const MAX_LISTED = 500;

/** When a carrier's inventory was last compared with ours, and when it will be next. */
export type Reconciliation = {
  readonly carrier: CarrierName;
  readonly due: Instant;
  readonly last: string | null;
};

type ReconciliationType = "ReconciliationScheduled" | "InventoryReconciled";

const carrierOf = ({ data }: FactOf<ReconciliationType>): readonly string[] => [data.carrier];

/** Reconciliations by carrier: the list of the automation `reconciling`. */
export const reconciliations: Subject<Reconciliation, ReconciliationType> = {
  kind: "reconciliation",
  keys: { ReconciliationScheduled: carrierOf, InventoryReconciled: carrierOf },
  evolve: (_row, event) => {
    switch (event.type) {
      case "ReconciliationScheduled":
        return { ...event.data, last: null };
      case "InventoryReconciled": {
        const { carrier, reconciliation: last, broken } = event.data;
        return { carrier, due: event.at + (broken === null ? EVERY_MS : AGAIN_MS), last };
      }
      default:
        return unreachable(event);
    }
  },
  work: ({ due }) => ({ automation: "reconciling", due }),
};
