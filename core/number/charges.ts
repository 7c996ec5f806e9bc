/** The state of charges outside credits; `decisions/` (charges, renewal) decides them. */
import type { AutomationWork, State, Subject } from "../log/state.ts";
import type { Charge } from "../ports/mod.ts";
import type { Instant } from "../values/calendar.ts";
import type { E164 } from "../values/e164.ts";
import type { Money } from "../values/money.ts";
import { unreachable } from "../values/unreachable.ts";
import { isCharged } from "../organization/payment.ts";
import { RECOVERY_BUDGET_MS } from "./stage.ts";
import type { Managed } from "./state.ts";

/**
 * A charge outside credits that has not ended: it may be taken, or was, and opened no period yet.
 */
export type PendingCharge = {
  readonly key: string;
  readonly holding: string;
  readonly e164: E164;
  /** The period of the holding that it pays for. */
  readonly period: number;
  readonly amount: Money;
  /**
   * `started`: it may have been taken, so it is asked for until that is known. `paid`: it was
   * taken, and waits for its period. `refunding`: it was taken, opens no period, and is given back.
   */
  readonly status: "started" | "paid" | "refunding";
  /** Since when it is in this status. */
  readonly since: Instant;
};

/** The permanent key of the charge for one period of one holding. */
export const chargeKey = (holding: string, period: number): string => `${holding}:${period}`;

/** The charge's row, for `needs`. */
export const chargeRow = (holding: string, period: number) => ({
  kind: charges.kind,
  key: chargeKey(holding, period),
});

/**
 * The period that a number would be charged for next: the first, or the one after the running one.
 */
export const nextPeriodOf = ({ stage }: Managed): number =>
  "term" in stage && stage.term.kind === "monthly" ? stage.term.period + 1 : 1;

/** The charge as the payments port is asked for it. */
export const chargeOf = (
  organization: string,
  { key, amount, e164 }: PendingCharge,
): Charge => ({ key, organization, amount, e164 });

type ChargeEventType =
  | "ChargeStarted"
  | "Charged"
  | "ChargeDeclined"
  | "RefundStarted"
  | "Refunded"
  | "Renewed"
  | "NumberPurchased";

const byKey = ({ data }: { readonly data: { readonly chargeKey: string } }): readonly string[] => [
  data.chargeKey,
];

/**
 * The work that an open charge itself waits for: at first it is left to the purchase, renewal or
 * release that it belongs to, and one that is paid waits for the order of its number.
 */
const workOf = ({ status, since }: PendingCharge): AutomationWork | null => {
  switch (status) {
    case "started":
      return { automation: "charges", due: since + RECOVERY_BUDGET_MS };
    case "paid":
      return null;
    case "refunding":
      return { automation: "refunds", due: since };
    default:
      return unreachable(status);
  }
};

/**
 * Open charges by their keys. A row goes when the charge has opened its period, was declined, or
 * was given back; it outlives its holding, so that a release never loses a payment.
 */
export const charges: Subject<PendingCharge, ChargeEventType> = {
  kind: "charge",
  keys: {
    ChargeStarted: byKey,
    Charged: byKey,
    ChargeDeclined: byKey,
    RefundStarted: byKey,
    Refunded: byKey,
    Renewed: ({ data }) => isCharged(data.paidFrom) ? [data.chargeKey] : [],
    NumberPurchased: ({ data: { term } }) =>
      term.kind === "monthly" && isCharged(term.paidFrom) ? [term.chargeKey] : [],
  },
  evolve: (row, event) => {
    switch (event.type) {
      case "ChargeStarted": {
        const { chargeKey: key, ...charge } = event.data;
        return { key, ...charge, status: "started", since: event.at };
      }
      case "Charged":
        return row && { ...row, status: "paid", since: event.at };
      case "RefundStarted":
        return row && { ...row, status: "refunding", since: event.at };
      case "ChargeDeclined":
      case "Refunded":
      case "Renewed":
      case "NumberPurchased":
        return undefined;
      default:
        return unreachable(event);
    }
  },
  work: workOf,
};

/**
 * The charge for a number's next period, if one is open; `nextCharge` in `needs.ts` asks for it.
 */
export const nextChargeOf = (state: State, number: Managed): PendingCharge | undefined =>
  state.get(charges, chargeKey(number.id, nextPeriodOf(number)));
