import { type Money, money } from "./money.ts";

/** What an organization may spend and ask for under its plan, so that no tenant costs another. */
export type PlanLimits = {
  /** How many imported numbers may be held at the same time. */
  readonly imports: number;
  /** How many purchases may be requested within 24 hours, also of numbers that are given back. */
  readonly purchasesPerDay: number;
  /** The same within 30 days. */
  readonly purchasesPer30Days: number;
  /** The highest setup price of a number that may be bought, as the carrier asks it. */
  readonly highestSetup: Money;
  /** The highest monthly price of a number that may be bought, as the carrier asks it. */
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

/** What a plan allows and how it is billed (core/README.md, Plans). */
export type PlanTerms = {
  /** How many bought numbers may be held at the same time; under `trial`, how many ever. */
  readonly maxNumbers: number;
  /**
   * `trial`: one number ever, lent for `trialDays`, nothing charged. `subscription`: charged
   * through the payments port. `credits`: setup and months are taken from the organization's
   * credits.
   */
  readonly billing: "trial" | "subscription" | "credits";
  /** How far business verification must have come before a number can be bought. */
  readonly verification: "none" | "submitted" | "approved";
  /** For how many times 24 hours a number is lent under `trial`; 5 where it is left out. */
  readonly trialDays?: number | undefined;
  /**
   * For how many times 24 hours a number is kept whose renewal could not be charged, and the charge
   * tried again; 7 where it is left out.
   */
  readonly graceDays?: number | undefined;
  /** How many times 24 hours before its end a trial's notice is given; 1 by default, 0 for none. */
  readonly trialNoticeDays?: number | undefined;
  /** The same before the end of each month; 3 by default. */
  readonly renewalNoticeDays?: number | undefined;
  /** The same before the end of the grace; 1 by default. */
  readonly graceNoticeDays?: number | undefined;
  /** What a month of a number costs, whatever the carrier asks; its setup costs what that asks. */
  readonly price?: Money | undefined;
  /**
   * What setup and months cost above what the carrier asks, in basis points: 1,500 are 15 percent.
   * A plan has a price or this; with neither a number costs what the carrier asks.
   */
  readonly markup?: number | undefined;
  readonly limits: PlanLimits;
};

/** An organization's plan: its name, and what it allows and how it is billed. */
export type Plan = PlanTerms & { readonly name: string };

/** The terms of days that a plan may leave out. */
type Days =
  | "trialDays"
  | "graceDays"
  | "trialNoticeDays"
  | "renewalNoticeDays"
  | "graceNoticeDays";

/** A plan with every term that it may leave out. */
export type WholePlan = Plan & Readonly<Record<Days, number>>;

/** How a plan is billed. */
export type Billing = PlanTerms["billing"];

/** The plans on offer, by name. */
export type PlanCatalogue = Readonly<Record<string, Plan>>;

/**
 * The name of the plan of closed organizations: numbers that rest when one is closed do so until
 * they are released.
 */
export const CLOSED_PLAN = "ledgerline:closed";
