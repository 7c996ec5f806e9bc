/**
 * What moves an organization's prepaid credits: the one rule for the balance and for its entries.
 */
import type { Fact, FactOf, TypeWith } from "../events/vocabulary.ts";
import type { Instant } from "../values/calendar.ts";
import { type Money, money, NO_MONEY } from "../values/money.ts";
import { debitOf } from "./payment.ts";

/**
 * Why credits moved. `added`: the operator added them. `purchase`, `renewal`: setup and first
 * month, or a further month of a number. `refund`: a failed purchase gave back what it took.
 */
export type CreditReason = "added" | "purchase" | "renewal" | "refund";

/** One movement of credits. The sum of all entries of an organization is its balance. */
export type CreditEntry = {
  /** Unique over time and over all organizations: the hash of the event. */
  readonly id: string;
  /** The event's position in its organization's log: later movements have higher ones. */
  readonly position: number;
  readonly at: Instant;
  readonly reason: CreditReason;
  /** What the balance grew by; negative for what was taken, never nothing. */
  readonly amount: Money;
  /** The number that it was for; null for credits that were added, and where it is not shown. */
  readonly holding: string | null;
};

/** What an event does to the balance; undefined where it does nothing to it. */
export type Movement = Pick<CreditEntry, "reason" | "amount" | "holding">;

const taken = ({ micros }: Money): Money => money(-micros);

/**
 * The events that say an amount, but of a charge outside credits and of one that was not taken. One
 * more of them does not compile before it is decided here.
 */
type MovingType = Exclude<
  TypeWith<{ readonly amount: Money } | { readonly debited: Money } | { readonly refunded: Money }>,
  "ChargeStarted" | "RenewalFailed"
>;

const MOVEMENTS: { readonly [Type in MovingType]: (fact: FactOf<Type>) => Movement } = {
  CreditsAdded: ({ data: { amount } }) => ({ reason: "added", amount, holding: null }),
  PurchaseRequested: ({ data: { debited, holding } }) => ({
    reason: "purchase",
    amount: taken(debited),
    holding,
  }),
  PurchaseFailed: ({ data: { refunded, holding } }) => ({
    reason: "refund",
    amount: refunded,
    holding,
  }),
  Renewed: ({ data: { amount, holding, paidFrom } }) => ({
    reason: "renewal",
    amount: taken(debitOf(amount, paidFrom)),
    holding,
  }),
};

/** Whether an event of this type can move credits; what cannot need not be decoded to know it. */
export const canMoveCredits = (type: string): boolean => Object.hasOwn(MOVEMENTS, type);

/** The movement of credits that an event is, if any; an event without an amount is not one. */
export const movementOf = (fact: Fact): Movement | undefined => {
  // Each type is paired with a function of just that event.
  const movements = MOVEMENTS as Readonly<Record<string, (fact: Fact) => Movement>>;
  const movement = movements[fact.type]?.(fact);
  return movement?.amount.micros === 0 ? undefined : movement;
};

/** By how much an event changes the balance. */
export const creditedBy = (fact: Fact): Money => movementOf(fact)?.amount ?? NO_MONEY;
