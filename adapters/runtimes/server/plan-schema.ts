/** The schema of a plan, for all who write plans: programs, and the setting `PLANS`. */
import * as v from "valibot";
import type { Plan, PlanCatalogue, PlanLimits } from "../../../core/values/plan.ts";
import { MAX_PRICE, type Money } from "../../../core/values/money.ts";
import { oneOf, only } from "../../../core/values/choice.ts";
import { isNewId, NEW_ID_RULE } from "../../../core/values/identity.ts";
import { exactly, whole } from "../../validation/shapes.ts";

/** The longest that a number is lent, or kept unpaid: a year. */
const MOST_DAYS = 365;

/** The longest before the end of a month that notice of it is given, in any month. */
const MOST_NOTICE_DAYS = 27;

/** The most that is charged above what the carrier asks: ten times that, in basis points. */
const MOST_MARKUP = 100_000;

/** What plans of ours are called, that are in no catalogue (`CLOSED_PLAN`). */
const OURS = "ledgerline:";

/** Whether a plan may be called so: as an id that is new, and not as those of ours. */
export const isPlanName = (name: string): boolean => isNewId(name) && !name.startsWith(OURS);

/** What is said of one that may not. */
export const PLAN_NAME_RULE = `a plan's name ${NEW_ID_RULE}, and must not begin with ${OURS}`;

const Count = whole(0, Number.MAX_SAFE_INTEGER);

/** A schema of a plan with these members besides, as its name, and prices as `price` reads them. */
export const planSchema = <Others extends v.ObjectEntries>(
  others: Others,
  price: v.GenericSchema<unknown, Money>,
) => {
  const limits: Readonly<Record<keyof PlanLimits, v.GenericSchema>> = {
    imports: Count,
    purchasesPerDay: Count,
    purchasesPer30Days: Count,
    highestSetup: price,
    highestMonthly: price,
    requestsPerMinute: whole(1, Number.MAX_SAFE_INTEGER),
    searchesPerMinute: Count,
  };
  const entries = {
    maxNumbers: Count,
    billing: oneOf(["trial", "subscription", "credits"]),
    verification: oneOf(["none", "submitted", "approved"]),
    trialDays: v.optional(whole(1, MOST_DAYS)),
    graceDays: v.optional(whole(0, MOST_DAYS)),
    trialNoticeDays: v.optional(whole(0, MOST_DAYS)),
    renewalNoticeDays: v.optional(whole(0, MOST_NOTICE_DAYS)),
    graceNoticeDays: v.optional(whole(0, MOST_DAYS)),
    price: v.optional(v.pipe(
      price,
      v.check(({ micros }) => micros <= MAX_PRICE, "must be at most 100,000,000 dollars"),
    )),
    markup: v.optional(whole(0, MOST_MARKUP)),
    limits: exactly(limits) as v.GenericSchema<unknown, PlanLimits>,
  } satisfies Readonly<Record<Exclude<keyof Plan, "name">, v.GenericSchema>>;
  return v.pipe(
    exactly({ ...others, ...entries }),
    v.check(
      (plan) => !("price" in plan && "markup" in plan),
      "has both a price and a markup",
    ),
  );
};

const Price = exactly({ micros: Count, currency: only("USD") });

/** What is said of a catalogue without plans, with which no organization could be opened. */
export const NO_PLANS = "must have at least one plan";

/** A schema for a plan catalogue, as a program writes it. */
export const PlansSchema = v.pipe(
  // A worker has `v.lazy` already, and would need `v.record` for this alone.
  v.lazy((given) => {
    const plan = planSchema({ name: v.string() }, Price);
    return v.object(Object.fromEntries(Object.keys(Object(given)).map((name) => [name, plan])));
  }),
  v.check((plans) => Object.keys(plans).length > 0, NO_PLANS),
  // An organization is on the plan of this name: by another one its plan would not be found.
  v.check(
    (plans) => Object.entries(plans).every(([key, { name }]) => name === key),
    "must have each plan under its name",
  ),
  v.check(
    (plans) => Object.keys(plans).every(isPlanName),
    PLAN_NAME_RULE,
  ),
) as v.GenericSchema<PlanCatalogue>;
