/**
 * What pays for a number, by the plan's billing, and what that means. A kind of billing or payment
 * that is missing here does not compile; the decisions ask here, and compare no kinds themselves.
 */
import type { PaidFrom, PaidMonthFrom } from "../events/number.ts";
import { type Money, money, NO_MONEY } from "../values/money.ts";
import type { Billing, Plan, PlanTerms } from "../values/plan.ts";

type Payment = Exclude<PaidMonthFrom, "nothing">;

const PAYMENTS: Readonly<Record<Billing, Payment | null>> = {
  trial: null,
  subscription: "subscription",
  credits: "credits",
};

/** What numbers are paid from under a plan; null where they are only lent, and nothing is paid. */
export const paymentOf = ({ billing }: Plan): Payment | null => PAYMENTS[billing];

const WAYS: Readonly<Record<PaidFrom, "charged" | "debited" | "free">> = {
  subscription: "charged",
  credits: "debited",
  trial: "free",
  nothing: "free",
};

/** Whether this is charged outside credits, by a key of its own. */
export const isCharged = (paidFrom: PaidFrom): boolean => WAYS[paidFrom] === "charged";

/** What of a price is taken from the organization's credits. */
export const debitOf = (price: Money, paidFrom: PaidFrom): Money =>
  WAYS[paidFrom] === "debited" ? price : NO_MONEY;

/** The amount of a period of this price. */
export const amountOf = (price: Money, paidFrom: PaidFrom): Money =>
  WAYS[paidFrom] === "free" ? NO_MONEY : price;

/** An amount with the markup of these terms, rounded up; exact for any amount. */
const raised = ({ micros }: Money, { markup = 0 }: PlanTerms): Money =>
  money(Number((BigInt(micros) * BigInt(10_000 + markup) + 9_999n) / 10_000n));

/** What a month costs under these terms for which the carrier asks this. */
export const monthlyOf = (asked: Money, terms: PlanTerms): Money =>
  terms.price ?? raised(asked, terms);

/** What costs this at the carrier, as it costs an organization (core/README.md, What it costs). */
export const priced = <Asked extends { readonly setup: Money; readonly monthly: Money }>(
  asked: Asked,
  terms: PlanTerms,
): Asked => ({
  ...asked,
  setup: raised(asked.setup, terms),
  monthly: monthlyOf(asked.monthly, terms),
});
