/**
 * The stages of a bought number, and how its events lead from one to the next (an adopted number's
 * first is in `state.ts`).
 */
import type { OrderWait } from "../ports/carrier.ts";
import type { FactOf } from "../events/vocabulary.ts";
import { HOUR_MS, type Instant, MINUTE_MS } from "../values/calendar.ts";
import type { World } from "../values/claim-key.ts";
import type { Money } from "../values/money.ts";
import type { FailureReason, PaidFrom, ReleaseReason } from "../events/number.ts";
import { unreachable } from "../values/unreachable.ts";

/**
 * How long after its request a purchase is settled at the latest, if the carrier answers look-ups
 * and its order does not stay pending there, which is waited for; and how long a charge is left to
 * the purchase, renewal or release that it belongs to.
 */
export const RECOVERY_BUDGET_MS = 10 * MINUTE_MS;

/**
 * The term of a number, from `anchor` on: lent until `endsAt`, or by the month. At `noticeAt` the
 * notice of its end is given, or, where it is unpaid, of the grace's; null where it was given, or
 * there is to be none.
 */
export type Term =
  & { readonly anchor: Instant; readonly endsAt: Instant; readonly noticeAt: Instant | null }
  & (
    | { readonly kind: "trial" }
    | {
      readonly kind: "monthly";
      /** The running period; period n lasts from n - 1 to n months after the anchor. */
      readonly period: number;
      readonly lastChargedAt: Instant | null;
      readonly autoRenewal: boolean;
    }
  );

/** The stage of a bought number, each with the data that it requires. */
export type Stage =
  | {
    readonly status: "purchasing";
    readonly orderKey: string;
    readonly paidFrom: PaidFrom;
    /** What was taken from credits with the request. */
    readonly debited: Money;
    /** Since when an order may be under way: the request, its payment, or the last repetition. */
    readonly orderedAt: Instant;
    /** Whether the carrier answered that it has the order. */
    readonly taken: boolean;
    /** Whether the buyer has cancelled it: it ends, whatever the carrier answers. */
    readonly cancelling?: true | undefined;
    /** The other world in which an import had the number at the request, if one did. */
    readonly importedIn?: World | undefined;
    /** The requirement group that is sent with the order, if one is. */
    readonly requirementGroup?: string | undefined;
    /** What the order waits for at the carrier, as it was last noted; left out for nothing. */
    readonly waitsFor?: OrderWait | undefined;
  }
  | { readonly status: "active"; readonly carrierId: string; readonly term: Term }
  | {
    readonly status: "suspended";
    readonly carrierId: string;
    readonly term: Term;
    readonly since: Instant;
    readonly why: "unpaid";
    readonly retryAt: Instant;
    readonly graceEndsAt: Instant;
  }
  | {
    readonly status: "suspended";
    readonly carrierId: string;
    readonly term: Term;
    readonly since: Instant;
    readonly why: "compliance";
  }
  | {
    readonly status: "releasing";
    readonly carrierId: string;
    readonly term: Term;
    readonly since: Instant;
    readonly why: ReleaseReason;
  }
  | { readonly status: "failed"; readonly reason: FailureReason; readonly message: string };

/** Whether a number rests because a charge failed. */
export const isUnpaid = (
  stage: Stage,
): stage is Extract<Stage, { status: "suspended"; why: "unpaid" }> =>
  stage.status === "suspended" && stage.why === "unpaid";

/** Why a purchase fails whose order was never taken and never permanently refused. */
const PASSING: readonly FailureReason[] = ["paymentDeclined", "paymentUnknown", "unreachable"];

/**
 * Whether a purchase failed in a way that lets its repeated request be tried again
 * (http/README.md).
 */
export const mayBeTriedAgain = (stage: Stage): boolean =>
  stage.status === "failed" && PASSING.includes(stage.reason);

/** A number that is held by its term, in service or not. */
export type Running = Extract<Stage, { status: "active" | "suspended" }>;

/** Whether a number is held by its term. */
export const isRunning = (stage: Stage): stage is Running =>
  stage.status === "active" || stage.status === "suspended";

/**
 * When the next month is to be paid: at the end of the running one, or when a charge is retried.
 */
export const renewalDueOf = (stage: Running): Instant =>
  isUnpaid(stage) ? stage.retryAt : stage.term.endsAt;

/**
 * When it next needs anything: its notice, or what that precedes. A charge that is tried again
 * within the hour goes first: where it is taken, there is nothing to give notice of.
 */
export const nextDueOf = (stage: Running): Instant => {
  const due = renewalDueOf(stage);
  const noticeAt = stage.term.noticeAt ?? due;
  return noticeAt + HOUR_MS < due ? noticeAt : due;
};

const purchased = (event: FactOf<"NumberPurchased">): Stage => {
  const { carrierId, term } = event.data;
  const { kind, noticeAt = null } = term;
  return {
    status: "active",
    carrierId,
    term: kind === "trial" ? { kind, anchor: event.at, endsAt: term.endsAt, noticeAt } : {
      kind,
      anchor: term.from,
      period: term.period,
      endsAt: term.to,
      noticeAt,
      lastChargedAt: event.at,
      autoRenewal: true,
    },
  };
};

type Ordered = Extract<Stage, { status: "purchasing" }>;
/** What may happen to an order that is not confirmed. */
type OrderType =
  | "OrderTaken"
  | "OrderWaits"
  | "CancellationRequested"
  | "Charged"
  | "OrderRepeated";

type Owned = Exclude<Stage, { status: "purchasing" | "failed" }>;
/** What may happen to a number that the carrier keeps for us. */
type OwnedType =
  | "TrialConverted"
  | "Renewed"
  | "RenewalFailed"
  | "Suspended"
  | "Reinstated"
  | "NoticeGiven"
  | "AutoRenewalChanged"
  | "ReleaseStarted";

const evolveOrder = (stage: Ordered, event: FactOf<OrderType>): Stage => {
  switch (event.type) {
    case "OrderTaken":
      return { ...stage, taken: true };
    case "OrderWaits": {
      const { waitsFor: _before, ...rest } = stage;
      const { waitsFor } = event.data;
      return { ...rest, taken: true, ...(waitsFor !== null && { waitsFor }) };
    }
    case "CancellationRequested":
      return { ...stage, cancelling: true };
    case "Charged":
    case "OrderRepeated":
      return { ...stage, orderedAt: event.at };
    default:
      return unreachable(event);
  }
};

const evolveOwned = (stage: Owned, event: FactOf<OwnedType>): Stage => {
  const { carrierId, term } = stage;
  switch (event.type) {
    case "TrialConverted":
      return {
        ...stage,
        term: {
          kind: "monthly",
          anchor: event.at,
          period: 0,
          endsAt: event.at,
          noticeAt: null,
          lastChargedAt: null,
          autoRenewal: true,
        },
      };
    case "Renewed": {
      if (term.kind !== "monthly") return stage;
      const { period, to: endsAt, noticeAt = null } = event.data;
      const { kind, anchor, autoRenewal } = term;
      const lastChargedAt = event.at;
      // Spelt out, since most events of a long log are of this type.
      const renewed = { kind, anchor, period, endsAt, noticeAt, lastChargedAt, autoRenewal };
      return { ...stage, term: renewed };
    }
    case "RenewalFailed": {
      const since = stage.status === "suspended" ? stage.since : event.at;
      const { retryAt, graceEndsAt, noticeAt = null } = event.data;
      return {
        status: "suspended",
        carrierId,
        // One notice for the whole grace: the first failure says when.
        term: isUnpaid(stage) ? term : { ...term, noticeAt },
        since,
        why: "unpaid",
        retryAt,
        graceEndsAt,
      };
    }
    case "Suspended":
      return event.data.why === "compliance"
        ? { status: "suspended", carrierId, term, since: event.at, why: "compliance" }
        : stage;
    case "Reinstated":
      return { status: "active", carrierId, term };
    case "NoticeGiven":
      return { ...stage, term: { ...term, noticeAt: null } };
    case "AutoRenewalChanged":
      return term.kind === "monthly"
        ? { ...stage, term: { ...term, autoRenewal: event.data.on } }
        : stage;
    case "ReleaseStarted":
      return { status: "releasing", carrierId, term, since: event.at, why: event.data.why };
    default:
      return unreachable(event);
  }
};

/** The events that `evolveStage` folds. */
export const STAGE = [
  "NumberPurchased",
  "PurchaseFailed",
  "OrderRepeated",
  "OrderTaken",
  "OrderWaits",
  "CancellationRequested",
  "ChargeStarted",
  "Charged",
  "ChargeDeclined",
  "RefundStarted",
  "Refunded",
  "TrialExpired",
  "TrialConverted",
  "Renewed",
  "RenewalFailed",
  "Suspended",
  "Reinstated",
  "NoticeGiven",
  "AutoRenewalChanged",
  "ReleaseStarted",
] as const;
/** What is a matter of the stage of a bought number. */
export type StageType = typeof STAGE[number];

/** The stage of a bought number after an event. */
export const evolveStage = (stage: Stage, event: FactOf<StageType>): Stage => {
  switch (event.type) {
    case "NumberPurchased":
      return purchased(event);
    case "PurchaseFailed":
      return { status: "failed", reason: event.data.reason, message: event.data.message };
    case "OrderTaken":
    case "OrderWaits":
    case "CancellationRequested":
    case "Charged":
    case "OrderRepeated":
      return stage.status === "purchasing" ? evolveOrder(stage, event) : stage;
    case "TrialConverted":
    case "Renewed":
    case "RenewalFailed":
    case "Suspended":
    case "Reinstated":
    case "NoticeGiven":
    case "AutoRenewalChanged":
    case "ReleaseStarted":
      return stage.status === "purchasing" || stage.status === "failed"
        ? stage
        : evolveOwned(stage, event);
    // The charge has its own row, and a trial's end is followed by a release.
    case "ChargeStarted":
    case "ChargeDeclined":
    case "RefundStarted":
    case "Refunded":
    case "TrialExpired":
      return stage;
    default:
      return unreachable(event);
  }
};
