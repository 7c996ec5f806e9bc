/** The default catalogue of plans, and the plan of an organization; `payment.ts` says what pays. */
import { money } from "../values/money.ts";
import type { AgreedPlan } from "../events/organization.ts";
import {
  type Plan,
  type PlanCatalogue,
  type PlanLimits,
  type PlanTerms,
  type WholePlan,
} from "../values/plan.ts";

const DOLLAR_MICROS = 1_000_000;

/** The limits of a default plan, in the order of core/README.md's table; prices in dollars. */
const limits = (
  imports: number,
  [purchasesPerDay, purchasesPer30Days]: readonly [number, number],
  highestPrice: number,
  [requestsPerMinute, searchesPerMinute]: readonly [number, number],
): PlanLimits => ({
  imports,
  purchasesPerDay,
  purchasesPer30Days,
  highestSetup: money(highestPrice * DOLLAR_MICROS),
  highestMonthly: money(highestPrice * DOLLAR_MICROS),
  requestsPerMinute,
  searchesPerMinute,
});

/** The highest price, and the requests and searches, of the smallest plan. */
const SMALLEST = [5, [120, 20]] as const;

/** The default catalogue (core/README.md, Plans). */
export const DEFAULT_PLANS: PlanCatalogue = {
  Free: {
    name: "Free",
    maxNumbers: 1,
    billing: "trial",
    verification: "none",
    limits: limits(2, [2, 2], ...SMALLEST),
  },
  Growth: {
    name: "Growth",
    maxNumbers: 10,
    billing: "subscription",
    verification: "none",
    limits: limits(100, [20, 60], 25, [1_000, 100]),
  },
  Scale: {
    name: "Scale",
    maxNumbers: 100,
    billing: "subscription",
    verification: "none",
    limits: limits(1_000, [200, 600], 100, [6_000, 600]),
  },
  Prepaid: {
    name: "Prepaid",
    maxNumbers: 1_000,
    billing: "credits",
    verification: "approved",
    limits: limits(100_000, [1_000, 5_000], 500, [12_000, 1_200]),
  },
};

/** The plan of this name; undefined when it is not in the catalogue. */
export const findPlan = (catalogue: PlanCatalogue, name: string): Plan | undefined =>
  Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;

/** The same with every term that may be left out. */
export const wholeTerms = <Terms extends PlanTerms>({
  trialDays = 5,
  graceDays = 7,
  trialNoticeDays = 1,
  renewalNoticeDays = 3,
  graceNoticeDays = 1,
  ...terms
}: Terms) => ({
  ...terms,
  trialDays,
  graceDays,
  trialNoticeDays,
  renewalNoticeDays,
  graceNoticeDays,
});

/** What is agreed when an organization is put on a plan: all of it, defaults too. */
export const termsOf = ({ name: _name, ...terms }: Plan): PlanTerms => wholeTerms(terms);

/**
 * The plan of an organization: what was agreed. Where an old event gave only its name, it is the
 * catalogue's of that name. On one that is no longer there an organization keeps its numbers, buys
 * and imports nothing more, and has the request limits of the default catalogue's smallest plan.
 */
export const planOf = (
  catalogue: PlanCatalogue,
  { plan: name, terms }: AgreedPlan = { plan: "" },
): WholePlan =>
  wholeTerms({
    ...(terms ?? findPlan(catalogue, name) ?? {
      maxNumbers: 0,
      billing: "subscription",
      verification: "none",
      limits: limits(0, [0, 0], ...SMALLEST),
    }),
    name,
  });
