/**
 * How often an organization may do what, so that no tenant spends the operator's money or fills its
 * log: purchases within a day and within 30 days, and other limits (core/README.md, Plans).
 */
import type { Refused } from "../log/decision.ts";
import { counted } from "../values/counted.ts";
import type { State, Subject } from "../log/state.ts";
import { DAY_MS, type Instant, isoTime, type Milliseconds, SECOND_MS } from "../values/calendar.ts";
import type { Money } from "../values/money.ts";
import { type Place, type PlaceData, placeOf } from "../values/claim-key.ts";
import { failed } from "../values/result.ts";
import { unreachable } from "../values/unreachable.ts";
import type { Plan } from "../values/plan.ts";
import { countsOf, type Organization, SELF } from "./state.ts";
import { added, countWithin, EMPTY_TALLY, freesAt, takenBack, type Tally } from "./tally.ts";

/**
 * Purchases that were requested lately, also of numbers that have been released since, and the
 * failed purchases that are still shown, the oldest first. Its size is bounded: where earlier
 * versions left very many of the latter, only the last are listed, and the others expire by time.
 */
export type PurchaseTally = Tally & { readonly failed: readonly string[] };

const NO_PURCHASES: PurchaseTally = { ...EMPTY_TALLY, failed: [] };

/** How many failed purchases are shown; with one more the oldest is dismissed. */
export const MAX_FAILED_SHOWN = 20;
/** How many of them are listed at most, so that no command ever dismisses very many. */
const MAX_LISTED = 2 * MAX_FAILED_SHOWN;

/**
 * A tally for each of the places that numbers take: the sandbox's, beside a live carrier, are
 * apart.
 */
const TALLIES: Readonly<Record<Place, string>> = { own: SELF, sandbox: "sandbox" };

const tallyOf = ({ data }: { readonly data: PlaceData }): readonly string[] => [
  TALLIES[placeOf(data)],
];

/** The tallies of an organization's purchases. */
export const purchaseTallies: Subject<
  PurchaseTally,
  "PurchaseRequested" | "PurchaseFailed" | "PurchaseDismissed"
> = {
  kind: "purchaseTally",
  keys: {
    PurchaseRequested: tallyOf,
    PurchaseFailed: tallyOf,
    // It is in one of them.
    PurchaseDismissed: () => Object.values(TALLIES),
  },
  evolve: (given, event) => {
    const row = given ?? NO_PURCHASES;
    switch (event.type) {
      case "PurchaseRequested":
        return { ...added(row, event.data.holding, event.at), failed: row.failed };
      case "PurchaseFailed": {
        const { requestedAt, holding } = event.data;
        return {
          ...takenBack(row, holding, requestedAt, event.at),
          failed: [...row.failed, holding].slice(-MAX_LISTED),
        };
      }
      case "PurchaseDismissed":
        return row.failed.includes(event.data.holding)
          ? { ...row, failed: row.failed.filter((id) => id !== event.data.holding) }
          : given;
      default:
        return unreachable(event);
    }
  },
};

/** The tallies' rows, for `needs`. */
export const TALLY_ROWS = Object.values(TALLIES)
  .map((key) => ({ kind: purchaseTallies.kind, key }));

/** Failed purchases to dismiss so that one more can be shown, by their holdings. */
export const tooManyFailed = (state: State, place: Place): readonly string[] => {
  const shown = state.get(purchaseTallies, TALLIES[place])?.failed ?? [];
  return shown.slice(0, Math.max(0, shown.length + 1 - MAX_FAILED_SHOWN));
};

/**
 * A limit is reached for now: when it frees again, and how long that is from now; null for never.
 */
export type Exhausted<Code extends string> = Refused<Code> & {
  readonly freeAt: Instant | null;
  readonly waitMs: Milliseconds | null;
};

/** The plan allows no further purchase for now. */
export type PurchaseQuotaReached = Exhausted<"PURCHASE_QUOTA_REACHED">;

/** The refusal with when it frees again, in the sentence too. */
export const exhausted = <Code extends string>(
  code: Code,
  sentence: string,
  freeAt: Instant | null,
  now: Instant,
) => {
  // Rounded up, so that a caller at the second in the sentence is not early.
  const second = freeAt === null ? null : Math.ceil(freeAt / SECOND_MS) * SECOND_MS;
  return failed<Exhausted<Code>>({
    code,
    message: `${sentence}${
      second === null ? "" : `; the next is possible from ${isoTime(second)} on`
    }.`,
    freeAt,
    waitMs: freeAt === null ? null : freeAt - now,
  });
};

const WINDOWS = [
  { limit: "purchasesPerDay", window: DAY_MS, name: "24 hours" },
  { limit: "purchasesPer30Days", window: 30 * DAY_MS, name: "30 days" },
] as const;

/**
 * The refusal of one more purchase, where as many were requested as the plan allows within the 24
 * hours, or the 30 × 24 hours, that end now; null where it may be. Both windows roll: a purchase
 * counts until just that long after it (see `added` for how exactly, where there are very many).
 * Where both are full, the one that frees later refuses.
 */
export const purchaseQuota = (
  state: State,
  { name, limits }: Plan,
  now: Instant,
  place: Place,
) => {
  const tally = state.get(purchaseTallies, TALLIES[place]) ?? NO_PURCHASES;
  const full = WINDOWS
    .map((window) => ({ ...window, most: limits[window.limit] }))
    .filter(({ window, most }) => countWithin(tally, now, window) >= most)
    .map((window) => ({ ...window, free: freesAt(tally, now, window.window, window.most) }))
    .toSorted((a, b) => (b.free ?? Infinity) - (a.free ?? Infinity));
  const [last] = full;
  if (last === undefined) return null;
  const { most, free } = last;
  const sentence =
    `The ${name} plan allows ${
      counted(most, "purchase")
    } within ${last.name}, including those of ` +
    `released numbers${free === null ? "; move to another plan" : ""}`;
  return exhausted("PURCHASE_QUOTA_REACHED", sentence, free, now);
};

/** The number costs more than the plan allows. */
export type PriceLimitExceeded = Refused<"PRICE_LIMIT_EXCEEDED">;

/**
 * The refusal of a number at this price, where it is above the plan's ceiling; null where it is
 * not.
 */
export const priceLimit = (
  { setup, monthly }: { readonly setup: Money; readonly monthly: Money },
  { name, limits: { highestSetup, highestMonthly } }: Plan,
) => {
  if (setup.micros <= highestSetup.micros && monthly.micros <= highestMonthly.micros) return null;
  return failed<PriceLimitExceeded>({
    code: "PRICE_LIMIT_EXCEEDED",
    // Without figures: what the carrier asks is not for the organization to know.
    message: `The number costs more than the ${name} plan allows; choose one that costs less, or ` +
      "move to another plan.",
  });
};

/** The plan's limit of imports is reached. */
export type ImportLimitReached = Refused<"IMPORT_LIMIT_REACHED">;

/** The refusal of one more import, where the plan allows none; null where it does. */
export const importLimit = (
  organization: Organization,
  { name, limits: { imports } }: Plan,
  place: Place,
) =>
  countsOf(organization, place).imported < imports ? null : failed<ImportLimitReached>({
    code: "IMPORT_LIMIT_REACHED",
    message:
      `The ${name} plan allows ${counted(imports, "imported number")}, and no more; release one, ` +
      "or move to another plan.",
  });

/** How many tokens of an organization are in use at most. */
export const MAX_TOKENS = 1_000;
/** How many different drafts of its verification an organization saves within 24 hours at most. */
export const MAX_DRAFTS_PER_DAY = 500;
/** How many releases an organization requests within 24 hours at most, cancelled ones included. */
export const MAX_RELEASE_REQUESTS_PER_DAY = 1_000;
