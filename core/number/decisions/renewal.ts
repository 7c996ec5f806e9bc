import { type Context, type Decision, type Handler, NOTHING } from "../../log/decision.ts";
import type { DomainEvent } from "../../log/events.ts";
import type { State } from "../../log/state.ts";
import { mustRest } from "../../organization/eligibility.ts";
import { type Plan, planOf } from "../../organization/plans.ts";
import { self } from "../../organization/refusals.ts";
import type { Organization } from "../../organization/state.ts";
import type { Charge } from "../../ports.ts";
import { DAY_MS, type Instant, monthsAfter } from "../../values/calendar.ts";
import { failed, ok } from "../../values/result.ts";
import { type NumberUnknown, unknownNumber } from "../refusals.ts";
import { type Managed, numbers, type Stage, type Term } from "../state.ts";
import { needsNumber, pendingRequest } from "./needs.ts";
import { chargeKey } from "./purchase.ts";
import { sendAway } from "./release.ts";

/** How long a number whose renewal could not be charged is kept (domain: Renewal). */
const GRACE_MS = 7 * DAY_MS;

type Rented = Managed & {
  readonly stage: Extract<Stage, { status: "active" | "suspended" }> & {
    readonly term: Term & { kind: "monthly" };
  };
};

/** A number that is ours by the month, and not on its way out. */
export const isRented = (number: Managed): number is Rented =>
  (number.stage.status === "active" || number.stage.status === "suspended") &&
  number.stage.term.kind === "monthly";

/** Whether the number rests because a charge failed. */
export const isUnpaid = (number: Managed): boolean =>
  number.stage.status === "suspended" && number.stage.why === "unpaid";

/** The period that comes after the running one. Counted from the anchor, so it never drifts. */
const nextPeriod = (number: Rented) => {
  const { term: { anchor, period } } = number.stage;
  return {
    holding: number.id,
    period: period + 1,
    from: monthsAfter(anchor, period),
    to: monthsAfter(anchor, period + 1),
    amount: number.monthly,
    chargeKey: chargeKey(number.id, period + 1),
  };
};

/** The events that open the next period, paid for: a number that rested for money is back. */
export const renewed = (
  number: Rented,
  organization: Organization,
  plan: Plan,
  paidFrom: "credits" | "subscription",
): readonly DomainEvent[] => {
  const holding = number.id;
  const events: DomainEvent[] = [{ type: "Renewed", data: { ...nextPeriod(number), paidFrom } }];
  if (isUnpaid(number)) {
    events.push(
      mustRest(organization, plan)
        ? { type: "Suspended", data: { holding, why: "compliance" } }
        : { type: "Reinstated", data: { holding } },
    );
  }
  return events;
};

const unpaid = (number: Rented, now: Instant): readonly DomainEvent[] => {
  const { stage, id: holding } = number;
  const waiting = stage.status === "suspended" && stage.why === "unpaid";
  const graceEndsAt = waiting ? stage.graceEndsAt : now + GRACE_MS;
  const { period, amount, chargeKey: key } = nextPeriod(number);
  const retryAt = Math.min(now + DAY_MS, graceEndsAt);
  const missed: DomainEvent = {
    type: "RenewalFailed",
    data: { holding, period, amount, chargeKey: key, retryAt, graceEndsAt },
  };
  if (!waiting) return [missed, { type: "Suspended", data: { holding, why: "unpaid" } }];
  return now < graceEndsAt ? [missed] : [missed, ...sendAway(number, "notPaid")];
};

/** Charges the next period of a number whose running one is over, or tries a failed charge again. */
export type RenewNumber = {
  readonly type: "RenewNumber";
  readonly holding: string;
  /** The period to open: what was paid for one period never opens another. */
  readonly period: number;
  /** What the payments port said of that period's charge; null until it was asked. */
  readonly payment: "paid" | "declined" | null;
};

/** The plan is billed through the payments port: charge there, and give the command again. */
export type PaymentNeeded = {
  readonly code: "PAYMENT_NEEDED";
  readonly message: string;
  readonly charge: Charge;
};

const decideRenewal = (
  state: State,
  { holding, period, payment }: RenewNumber,
  context: Context,
): Decision<NumberUnknown | PaymentNeeded> => {
  const number = state.get(numbers, holding);
  const organization = self(state);
  if (number?.source !== "managed" || organization === undefined) return unknownNumber;
  if (!isRented(number)) return ok(NOTHING);
  const { stage } = number;
  const { now } = context;
  if (period !== stage.term.period + 1) return ok(NOTHING);
  const due = stage.status === "suspended" && stage.why === "unpaid"
    ? stage.retryAt
    : stage.term.endsAt;
  if (now < due) return ok(NOTHING);
  const plan = planOf(context.plans, organization.plan);
  // The money is taken, whatever the plan or the wish for renewal became meanwhile.
  if (payment === "paid") return ok(renewed(number, organization, plan, "subscription"));
  if (!stage.term.autoRenewal) return ok(sendAway(number, "notRenewed"));
  // A trial plan pays for nothing: a number bought before the move to it is not paid for.
  if (plan.billing === "trial") return ok(unpaid(number, now));
  if (plan.billing === "credits") {
    return ok(
      organization.credits.micros >= number.monthly.micros
        ? renewed(number, organization, plan, "credits")
        : unpaid(number, now),
    );
  }
  return payment === null ? paymentNeeded(number, context.organization) : ok(unpaid(number, now));
};

const paymentNeeded = (number: Rented, organization: string) => {
  const { chargeKey: key, amount } = nextPeriod(number);
  return failed<PaymentNeeded>({
    code: "PAYMENT_NEEDED",
    message: "The renewal is charged through the payments port.",
    charge: { key, organization, amount, e164: number.e164 },
  });
};

/** Renews one number by the period named; before its time, or after, it changes nothing. */
export const renewNumber: Handler<RenewNumber, NumberUnknown | PaymentNeeded> = {
  needs: needsNumber,
  more: pendingRequest,
  decide: decideRenewal,
};

/** Sets whether a number is renewed at its period's end, or released then. */
export type SetAutoRenewal = {
  readonly type: "SetAutoRenewal";
  readonly holding: string;
  readonly on: boolean;
};

/** Refused for a number that is not ours by the month. */
export const setAutoRenewal: Handler<SetAutoRenewal, NumberUnknown> = {
  needs: needsNumber,
  decide: (state, { holding, on }) => {
    const number = state.get(numbers, holding);
    if (number?.source !== "managed" || !isRented(number)) return unknownNumber;
    const same = number.stage.term.autoRenewal === on;
    return ok(same ? NOTHING : [{ type: "AutoRenewalChanged", data: { holding, on } }]);
  },
};

/** Ends a trial whose five days are over. */
export type ExpireTrial = { readonly type: "ExpireTrial"; readonly holding: string };

/** Expires a trial and starts its release; before its time it changes nothing. */
export const expireTrial: Handler<ExpireTrial, NumberUnknown> = {
  needs: needsNumber,
  more: pendingRequest,
  decide: (state, { holding }, { now }) => {
    const number = state.get(numbers, holding);
    if (number?.source !== "managed") return unknownNumber;
    const { stage } = number;
    if (stage.status !== "active" && stage.status !== "suspended") return ok(NOTHING);
    if (stage.term.kind !== "trial" || now < stage.term.endsAt) return ok(NOTHING);
    const expired: DomainEvent = { type: "TrialExpired", data: { holding } };
    return ok([expired, ...sendAway(number, "trialOver")]);
  },
};
