import { type Money, money } from "../values/money.ts";

/** What an organization may spend and ask for under its plan, so that no tenant costs another. */
export type PlanLimits = {
  /** How many imported numbers may be held at once. */
  readonly imports: number;
  /** How many purchases may be requested within 24 hours, also of numbers that are given back. */
  readonly purchasesPerDay: number;
  /** The same within 30 days. */
  readonly purchasesPer30Days: number;
  /** The highest setup price of a number that may be bought. */
  readonly highestSetup: Money;
  /** The highest monthly price of a number that may be bought. */
  readonly highestMonthly: Money;
  /** API requests a minute, searches included. */
  readonly requestsPerMinute: number;
  /** Searches of a carrier's inventory a minute. */
  readonly searchesPerMinute: number;
};

/** Limits that nothing reaches. */
export const NO_LIMITS: PlanLimits = {
  imports: Number.MAX_SAFE_INTEGER,
  purchasesPerDay: Number.MAX_SAFE_INTEGER,
  purchasesPer30Days: Number.MAX_SAFE_INTEGER,
  highestSetup: money(Number.MAX_SAFE_INTEGER),
  highestMonthly: money(Number.MAX_SAFE_INTEGER),
  requestsPerMinute: Number.MAX_SAFE_INTEGER,
  searchesPerMinute: Number.MAX_SAFE_INTEGER,
};

/** What an organization's plan allows and how it is billed (the contract's plan catalogue). */
export type Plan = {
  readonly name: string;
  /** How many bought numbers may be held at once; under `trial`, how many ever. */
  readonly maxNumbers: number;
  /**
   * `trial`: one number ever, lent for five days, nothing charged. `subscription`: charged through
   * the payments port. `credits`: setup and months are taken from the organization's credits.
   */
  readonly billing: "trial" | "subscription" | "credits";
  /** How far business verification must have come before a number can be bought. */
  readonly verification: "none" | "submitted" | "approved";
  readonly limits: PlanLimits;
};

/** The plans on offer, by name. */
export type PlanCatalogue = Readonly<Record<string, Plan>>;

const DOLLAR_MICROS = 1_000_000;

/** The limits of a default plan, in the order of the contract's table; prices in dollars. */
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

const FREE_LIMITS = limits(2, [2, 2], 5, [120, 20]);

/** The catalogue that the contract names as the default. */
export const DEFAULT_PLANS: PlanCatalogue = {
  Free: {
    name: "Free",
    maxNumbers: 1,
    billing: "trial",
    verification: "none",
    limits: FREE_LIMITS,
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

/** The plan of this name; undefined when the catalogue has none. */
export const findPlan = (catalogue: PlanCatalogue, name: string): Plan | undefined =>
  Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;

/**
 * The plan an organization is on. One that has since left the catalogue keeps what it has, buys and
 * imports nothing more, and may ask as often as the default catalogue's smallest plan.
 */
export const planOf = (catalogue: PlanCatalogue, name: string): Plan =>
  findPlan(catalogue, name) ?? {
    name,
    maxNumbers: 0,
    billing: "subscription",
    verification: "none",
    limits: { ...FREE_LIMITS, imports: 0, purchasesPerDay: 0, purchasesPer30Days: 0 },
  };
