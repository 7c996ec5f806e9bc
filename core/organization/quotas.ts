/**
 * What an organization may do how often, so that no tenant spends the operator's money or fills its
 * log: purchases within a day and within 30, and how much of the rest (contract, Terms of the plans).
 */
import type { Refused } from "../log/decision.ts";
import type { State, Subject } from "../log/state.ts";
import { DAY_MS, HOUR_MS, type Instant, isoTime, type Milliseconds } from "../values/calendar.ts";
import type { Money } from "../values/money.ts";
import { formatMoney } from "../values/money.ts";
import { failed } from "../values/result.ts";
import type { Plan } from "./plans.ts";
import { type Organization, SELF } from "./state.ts";

/** How many purchases were requested in an hour or a day, by its number since 1970. */
type Bucket = readonly [place: number, count: number];

/**
 * Purchases by UTC hour and by UTC day, as far back as a quota looks, and the purchases that came to
 * nothing and are still shown, the oldest first. Of one size however many there were.
 */
export type PurchaseTally = {
  readonly hours: readonly Bucket[];
  readonly days: readonly Bucket[];
  readonly failed: readonly string[];
};

/** How much of the past counts. A window of whole buckets covers a little more than it says. */
type Window = { readonly bucketMs: Milliseconds; readonly buckets: number };

const DAY: Window = { bucketMs: HOUR_MS, buckets: 24 };
const MONTH: Window = { bucketMs: DAY_MS, buckets: 30 };

const add = (
  buckets: readonly Bucket[],
  at: Instant,
  change: 1 | -1,
  { bucketMs, buckets: length }: Window,
): readonly Bucket[] => {
  const place = Math.floor(at / bucketMs);
  const newest = Math.max(place, ...buckets.map(([known]) => known));
  const counts = new Map(buckets);
  // What is given back was counted, unless it is out of sight by now.
  const count = (counts.get(place) ?? 0) + change;
  if (count >= 0) counts.set(place, count);
  return [...counts].filter(([known, sum]) => sum > 0 && known >= newest - length)
    .sort(([a], [b]) => a - b);
};

const NO_PURCHASES: PurchaseTally = { hours: [], days: [], failed: [] };

const counted = (row: PurchaseTally, at: Instant, change: 1 | -1): PurchaseTally => ({
  ...row,
  hours: add(row.hours, at, change, DAY),
  days: add(row.days, at, change, MONTH),
});

/** The tally of an organization's purchases. */
export const purchaseTallies: Subject<PurchaseTally> = {
  kind: "purchaseTally",
  keys: (event) => {
    switch (event.type) {
      case "PurchaseRequested":
      case "PurchaseFailed":
      case "PurchaseDismissed":
        return [SELF];
      default:
        return [];
    }
  },
  evolve: (row = NO_PURCHASES, event) => {
    switch (event.type) {
      case "PurchaseRequested":
        return counted(row, event.at, 1);
      case "PurchaseFailed": {
        const { requestedAt, holding } = event.data;
        const left = requestedAt === null ? row : counted(row, requestedAt, -1);
        return { ...left, failed: [...row.failed, holding] };
      }
      case "PurchaseDismissed":
        return { ...row, failed: row.failed.filter((id) => id !== event.data.holding) };
      default:
        return row;
    }
  },
};

/** The tally's row, for `needs`. */
export const TALLY_ROW = { kind: purchaseTallies.kind, key: SELF };

/** So many purchases that came to nothing are shown; an older one is dismissed by the next request. */
export const MAX_FAILED_SHOWN = 20;

/** Purchases that came to nothing, beyond those that are shown, with room for one more. */
export const tooManyFailed = (state: State): readonly string[] => {
  const shown = state.get(purchaseTallies, SELF)?.failed ?? [];
  return shown.slice(0, Math.max(0, shown.length - MAX_FAILED_SHOWN + 1));
};

/** When the window has room for one more purchase; null when it has now. */
const freeAt = (
  buckets: readonly Bucket[],
  now: Instant,
  quota: number,
  { bucketMs, buckets: length }: Window,
): Instant | null => {
  const inSight = buckets.filter(([place]) => place >= Math.floor(now / bucketMs) - length);
  let sum = inSight.reduce((all, [, count]) => all + count, 0);
  if (sum < quota) return null;
  for (const [place, count] of inSight) {
    sum -= count;
    if (sum < quota) return (place + length + 1) * bucketMs;
  }
  return Number.POSITIVE_INFINITY;
};

/** The plan allows no further purchase for now; null `freeAt`: it never allows one. */
export type PurchaseQuotaReached = Refused<"PURCHASE_QUOTA_REACHED"> & {
  readonly freeAt: Instant | null;
};

const quotaReached = (plan: Plan, within: string, quota: number, at: Instant) =>
  failed<PurchaseQuotaReached>({
    code: "PURCHASE_QUOTA_REACHED",
    message:
      `The ${plan.name} plan allows ${quota} purchases within ${within}, also of numbers that ` +
      `were given back${
        Number.isFinite(at) ? `; the next one is possible at ${isoTime(at)}` : ""
      }.`,
    freeAt: Number.isFinite(at) ? at : null,
  });

/**
 * The refusal of one more purchase, where the plan allows none now; null where it does. In no 24
 * hours, and in no 30 × 24 hours, are more purchases requested than the plan says, whichever moment
 * they begin at; since whole hours and days are counted, a place is free up to an hour or a day late.
 */
export const purchaseQuota = (state: State, plan: Plan, now: Instant) => {
  const tally = state.get(purchaseTallies, SELF) ?? NO_PURCHASES;
  const { purchasesPerDay, purchasesPer30Days } = plan.limits;
  const day = freeAt(tally.hours, now, purchasesPerDay, DAY);
  if (day !== null) return quotaReached(plan, "24 hours", purchasesPerDay, day);
  const month = freeAt(tally.days, now, purchasesPer30Days, MONTH);
  return month === null ? null : quotaReached(plan, "30 days", purchasesPer30Days, month);
};

/** The number costs more than the plan allows. */
export type PriceLimitExceeded = Refused<"PRICE_LIMIT_EXCEEDED">;

/** The refusal of a number at this price, where it is above the plan's ceiling; null where it is not. */
export const priceLimit = (
  { setup, monthly }: { readonly setup: Money; readonly monthly: Money },
  { name, limits: { highestSetup, highestMonthly } }: Plan,
) => {
  if (setup.micros <= highestSetup.micros && monthly.micros <= highestMonthly.micros) return null;
  return failed<PriceLimitExceeded>({
    code: "PRICE_LIMIT_EXCEEDED",
    message:
      `The number costs ${formatMoney(setup)} USD to set up and ${formatMoney(monthly)} USD ` +
      `a month; the ${name} plan allows ${formatMoney(highestSetup)} and ` +
      `${formatMoney(highestMonthly)}.`,
  });
};

/** As many numbers are imported as the plan allows. */
export type ImportLimitReached = Refused<"IMPORT_LIMIT_REACHED">;

/** The refusal of one more import, where the plan allows none; null where it does. */
export const importLimit = ({ imported }: Organization, { name, limits: { imports } }: Plan) =>
  imported < imports ? null : failed<ImportLimitReached>({
    code: "IMPORT_LIMIT_REACHED",
    message: `The ${name} plan allows ${imports} imported numbers, and all are in use.`,
  });

/** An organization has at most so many tokens in use. */
export const MAX_TOKENS = 1_000;
/** An organization saves at most so many different drafts of its verification on a UTC day. */
export const MAX_DRAFTS_PER_DAY = 500;
/** An organization asks for at most so many releases on a UTC day, also ones that it takes back. */
export const MAX_RELEASE_REQUESTS_PER_DAY = 1_000;

/** Something was done as often on this day as it may be. */
export type DailyLimitReached = Refused<"DAILY_LIMIT_REACHED">;

/** The refusal of one more of `what` today, where there were `most` already; null where not. */
export const dailyLimit = (
  { daily }: Organization,
  what: "drafts" | "releaseRequests",
  most: number,
  now: Instant,
) => {
  if (daily.day !== Math.floor(now / DAY_MS) || daily[what] < most) return null;
  const words = what === "drafts" ? "drafts of a verification" : "release requests";
  return failed<DailyLimitReached>({
    code: "DAILY_LIMIT_REACHED",
    message: `There were ${most} ${words} today already; try again tomorrow (UTC).`,
  });
};
