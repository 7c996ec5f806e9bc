/** The schema of a plan, for all who write plans: programs, and the setting `PLANS`. */
import * as v from "valibot";
import {
  DEFAULT_TERMS,
  type Plan,
  type PlanCatalogue,
  type PlanLimits,
} from "../../../core/values/plan.ts";
import type { Money } from "../../../core/values/money.ts";
import { oneOf, only } from "../../../core/values/choice.ts";
import { exactly, whole } from "../../validation/shapes.ts";

/** The longest that a number is lent, or kept unpaid: a year. */
const MOST_DAYS = 365;

const Count = whole(0, Number.MAX_SAFE_INTEGER);

/** The members of a plan but its name, with prices as `price` reads them. */
export const planEntries = (price: v.GenericSchema<unknown, Money>) => {
  const limits: Readonly<Record<keyof PlanLimits, v.GenericSchema>> = {
    imports: Count,
    purchasesPerDay: Count,
    purchasesPer30Days: Count,
    highestSetup: price,
    highestMonthly: price,
    requestsPerMinute: whole(1, Number.MAX_SAFE_INTEGER),
    searchesPerMinute: Count,
  };
  return {
    maxNumbers: Count,
    billing: oneOf(["trial", "subscription", "credits"]),
    verification: oneOf(["none", "submitted", "approved"]),
    trialDays: v.optional(whole(1, MOST_DAYS), DEFAULT_TERMS.trialDays),
    graceDays: v.optional(whole(0, MOST_DAYS), DEFAULT_TERMS.graceDays),
    limits: exactly(limits) as v.GenericSchema<unknown, PlanLimits>,
  } satisfies Readonly<Record<Exclude<keyof Plan, "name">, v.GenericSchema>>;
};

const Price = exactly({ micros: Count, currency: only("USD") });

/** What is said of a catalogue without plans, with which no organization could be opened. */
export const NO_PLANS = "must have at least one plan";

/** A schema for a plan catalogue, as a program writes it. */
export const PlansSchema = v.pipe(
  v.record(v.string(), exactly({ name: v.string(), ...planEntries(Price) })),
  v.check((plans) => Object.keys(plans).length > 0, NO_PLANS),
  // An organization is on the plan of this name: by another one its plan would not be found.
  v.check(
    (plans) => Object.entries(plans).every(([key, { name }]) => name === key),
    "must have each plan under its name",
  ),
) as v.GenericSchema<PlanCatalogue>;
