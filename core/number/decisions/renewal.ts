/** Decides what happens when a number's period or trial is over; `stage.ts` has the terms. */
import { type Context, type Decision, type Handler, NOTHING } from "../../log/decision.ts";
import type { DomainEvent } from "../../events/vocabulary.ts";
import type { State } from "../../log/state.ts";
import { mustRest } from "../../organization/eligibility.ts";
import type { WholePlan } from "../../values/plan.ts";
import { amountOf, paymentOf } from "../../organization/payment.ts";
import { planOf } from "../../organization/plans.ts";
import { self } from "../../organization/refusals.ts";
import type { Organization } from "../../organization/state.ts";
import { DAY_MS, type Instant, monthsAfter } from "../../values/calendar.ts";
import { placeIn } from "../../values/claim-key.ts";
import type { Money } from "../../values/money.ts";
import { ok } from "../../values/result.ts";
import type { PaidMonthFrom } from "../../events/number.ts";
import { chargeKey, charges, nextPeriodOf } from "../charges.ts";
import { notRented, type NumberNotRented, type NumberUnknown, unknownNumber } from "../refusals.ts";
import {
  isRunning,
  isUnpaid,
  renewalDueOf,
  type Running,
  type Stage,
  type Term,
} from "../stage.ts";
import { type Managed, numbers, seenNumber, worldOf } from "../state.ts";
import { needsCharge, needsNumber, pendingRequest } from "./needs.ts";
import { noticeBefore, noticeOf } from "./notices.ts";
import { beginRelease } from "./release.ts";
import { unreachable } from "../../values/unreachable.ts";

/** A number that is paid by the month, and is not being released. */
export type Rented = Managed & {
  readonly stage: Running & { readonly term: Term & { kind: "monthly" } };
};

/** Whether the number is paid by the month, and is not being released. */
export const isRented = (number: Managed): number is Rented =>
  isRunning(number.stage) && number.stage.term.kind === "monthly";

/** Whether a number is lent for some days. */
export const isOnTrial = (stage: Stage): stage is Running =>
  isRunning(stage) && stage.term.kind === "trial";

/** Whether the number costs nothing: it is of the sandbox, beside a live carrier. */
export const isFree = (number: Managed, { own }: Pick<Context, "own">): boolean =>
  placeIn(own, worldOf(number)) === "sandbox";

/**
 * The period that comes after the running one. Both ends are counted from the anchor, which is set
 * once, at the carrier's confirmation, and which `Renewed` keeps (`stage.ts`); so they never drift.
 */
const nextPeriod = (number: Rented) => {
  const { anchor } = number.stage.term;
  const period = nextPeriodOf(number);
  return {
    holding: number.id,
    period,
    from: monthsAfter(anchor, period - 1),
    to: monthsAfter(anchor, period),
    amount: number.monthly,
    chargeKey: chargeKey(number.id, period),
  };
};

/**
 * The events that open the next period, once paid: a number that rested for lack of money is
 * reinstated. It costs what was charged for it, where that was before its price changed.
 */
export const renewed = (
  number: Rented,
  organization: Organization,
  plan: WholePlan,
  now: Instant,
  paidFrom: PaidMonthFrom,
  paid: Money = number.monthly,
): readonly DomainEvent[] => {
  const holding = number.id;
  const period = nextPeriod(number);
  const notice = noticeBefore(period.to, plan.renewalNoticeDays, now);
  const events: DomainEvent[] = [{
    type: "Renewed",
    data: { ...period, amount: amountOf(paid, paidFrom), paidFrom, ...notice },
  }];
  if (isUnpaid(number.stage)) {
    events.push(
      mustRest(organization, plan)
        ? { type: "Suspended", data: { holding, why: "compliance" } }
        : { type: "Reinstated", data: { holding } },
    );
  }
  return events;
};

const unpaid = (
  number: Rented,
  { graceDays, graceNoticeDays }: WholePlan,
  now: Instant,
): readonly DomainEvent[] => {
  const { stage, id: holding } = number;
  const waiting = isUnpaid(stage);
  const graceEndsAt = waiting ? stage.graceEndsAt : now + graceDays * DAY_MS;
  const { period, amount, chargeKey: key } = nextPeriod(number);
  const retryAt = Math.min(now + DAY_MS, graceEndsAt);
  const missed: DomainEvent = {
    type: "RenewalFailed",
    data: {
      holding,
      period,
      amount,
      chargeKey: key,
      retryAt,
      graceEndsAt,
      ...(!waiting && noticeBefore(graceEndsAt, graceNoticeDays, now)),
    },
  };
  if (now >= graceEndsAt) return [missed, ...beginRelease(number, "notPaid")];
  // What is failed late may have passed its notice.
  if (waiting) return [missed, ...noticeOf(holding, { ...stage, retryAt }, now)];
  return [missed, { type: "Suspended", data: { holding, why: "unpaid" } }];
};

/**
 * What happens to a number whose period is over, except by a charge outside credits: paid from
 * credits if the plan is prepaid, suspended or released if the credits do not suffice, released
 * where auto-renewal is off.
 */
export const unrenewed = (
  number: Rented,
  organization: Organization,
  plan: WholePlan,
  now: Instant,
): readonly DomainEvent[] => {
  if (!number.stage.term.autoRenewal) return beginRelease(number, "notRenewed");
  // A trial plan pays for nothing: a number bought before the move to it is not paid for.
  return paymentOf(plan) === "credits" && organization.credits.micros >= number.monthly.micros
    ? renewed(number, organization, plan, now, "credits")
    : unpaid(number, plan, now);
};

/**
 * Renews a number whose running period is over, tries a failed charge again, or gives notice before
 * the period or the grace is over. Given by the automation `renewals`
 * (`adapters/ledger/automations/table.ts`); what its charge gives is decided in `charges.ts` beside
 * this.
 */
export type RenewNumber = {
  readonly type: "RenewNumber";
  readonly holding: string;
  /** The period to open: what is paid for one period never opens another. */
  readonly period: number;
};

const decideRenewal = (
  state: State,
  { holding, period }: RenewNumber,
  context: Context,
): Decision<NumberUnknown> => {
  const number = state.get(numbers, holding);
  const organization = self(state);
  if (number?.source !== "managed" || organization === undefined) return unknownNumber;
  if (!isRented(number)) return ok(NOTHING);
  const { stage } = number;
  const { now } = context;
  if (period !== nextPeriodOf(number)) return ok(NOTHING);
  if (now < renewalDueOf(stage)) return ok(noticeOf(holding, stage, now));
  const { chargeKey: key, amount } = nextPeriod(number);
  if (state.get(charges, key) !== undefined) return ok(NOTHING);
  const plan = planOf(context.plans, organization);
  const payment = isFree(number, context) ? "nothing" : paymentOf(plan);
  if (!stage.term.autoRenewal || payment === null) {
    return ok(unrenewed(number, organization, plan, now));
  }
  switch (payment) {
    case "nothing":
      return ok(renewed(number, organization, plan, now, payment));
    case "credits":
      return ok(unrenewed(number, organization, plan, now));
    case "subscription": {
      const { e164 } = number;
      const data = { holding, e164, period, amount, chargeKey: key };
      const started: DomainEvent = { type: "ChargeStarted", data };
      if (!context.isIncluded) return ok([started]);
      const charged: DomainEvent = { type: "Charged", data: { holding, chargeKey: key } };
      return ok([started, charged, ...renewed(number, organization, plan, now, payment)]);
    }
    default:
      return unreachable(payment);
  }
};

/**
 * Renews one number by the period named, or starts the charge for it where the plan is charged
 * outside credits; before its time it gives the notice that is due, and without one, after it, or
 * while that charge is open, it changes nothing.
 * While it is not known whether the charge was taken the number stays in service, however long that
 * is: a customer who may have paid is not cut off, and the charge is repeated until its result is
 * known.
 */
export const renewNumber: Handler<RenewNumber, NumberUnknown> = {
  needs: needsCharge,
  more: pendingRequest,
  decide: decideRenewal,
};

/** Sets whether a number is renewed at its period's end, or released then. */
export type SetAutoRenewal = {
  readonly type: "SetAutoRenewal";
  readonly holding: string;
  readonly on: boolean;
};

/** Refused for a number that is not paid by the month. */
export const setAutoRenewal: Handler<SetAutoRenewal, NumberUnknown | NumberNotRented> = {
  needs: needsNumber,
  decide: (state, { holding, on }, context) => {
    const number = seenNumber(state, holding, context);
    if (number === undefined) return unknownNumber;
    if (number.source !== "managed" || !isRented(number)) return notRented(number);
    const same = number.stage.term.autoRenewal === on;
    return ok(same ? NOTHING : [{ type: "AutoRenewalChanged", data: { holding, on } }]);
  },
};

/** Ends a trial whose days are over, or gives notice before. */
export type ExpireTrial = { readonly type: "ExpireTrial"; readonly holding: string };

/** Expires a trial and starts its release; before its time it gives the notice that is due. */
export const expireTrial: Handler<ExpireTrial, NumberUnknown> = {
  needs: needsNumber,
  more: pendingRequest,
  decide: (state, { holding }, { now }) => {
    const number = state.get(numbers, holding);
    if (number?.source !== "managed") return unknownNumber;
    const { stage } = number;
    if (!isOnTrial(stage)) return ok(NOTHING);
    if (now < stage.term.endsAt) return ok(noticeOf(holding, stage, now));
    const expired: DomainEvent = { type: "TrialExpired", data: { holding } };
    return ok([expired, ...beginRelease(number, "trialOver")]);
  },
};
