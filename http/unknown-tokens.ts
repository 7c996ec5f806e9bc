/** Bounds what tokens that stand for no one cost, so that they never keep out those that do. */
import type { Caller } from "../adapters/ledger/api/mod.ts";
import { Busy } from "../adapters/ledger/engine/errors.ts";
import { type Milliseconds, SECOND_MS } from "../core/values/calendar.ts";
import { openRecent } from "../core/values/recent.ts";
import { type Attendance, byPromises } from "./wait-strategy.ts";
import { type FairBounds, openFairTurns } from "./fair-queue.ts";

type Answer = Caller | null;

/**
 * Has a token of a client looked up, in its turn; null where it stands for no one. The look-up is
 * given the organization that the token stood for before; null for a stranger's.
 */
export type Guard = (
  token: string,
  lookUp: (organization: string | null) => Promise<Answer>,
  client?: string,
) => Promise<Answer>;

/**
 * Refused tokens that are remembered, and for how long. No token of this text can be issued later.
 */
const MAX_REFUSED = 2_000;
const REFUSED_MS: Milliseconds = 10 * SECOND_MS;

/**
 * Tokens that stood for a caller before; what is kept of each is a number, and its organization.
 */
const MAX_KNOWN = 20_000;

/** Look-ups of other tokens under way at once, as many as wait of one client, and of all. */
const BOUNDS: FairBounds = { places: 4, waiting: 1_000, total: 10_000 };

/**
 * FNV-1a, twice, in 52 bits, from a start that is drawn: what is kept gives no token away, and
 * nobody can make one with the number of another. Two with one number would only mean that a
 * stranger's look-up waits for no turn.
 */
const numberOf = (token: string, start: Uint32Array): number => {
  let [low = 0, high = 0] = start;
  for (let place = 0; place < token.length; place++) {
    const unit = token.charCodeAt(place);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x01000193) + place | 0;
  }
  return (high >>> 12) * 2 ** 32 + (low >>> 0);
};

/** Other bounds than a process has that serves all its requests with one ledger. */
export type GuardOptions = {
  readonly bounds?: FairBounds;
  /** How strangers wait. */
  readonly attendance?: Attendance;
};

/**
 * The look-up of tokens, bounded for tokens that were not seen to stand for a caller: one that was
 * refused is refused again for ten seconds without a look, and four look-ups at most are under way
 * at once. A token that stood for a caller in this process is looked up immediately, however many
 * strangers come, and every time, so that a revoked one is refused from the next request on.
 * Clients take turns, so that a token's first use, as each is after a restart, waits for one
 * look-up of each other client, and not for all of theirs. Throws `Busy` where a thousand others of
 * the client came after it while it waited, or where `attendance` lets it wait no longer.
 */
export const openGuard = (
  now: () => Milliseconds = () => performance.now(),
  { bounds = BOUNDS, attendance = byPromises }: GuardOptions = {},
): Guard => {
  const refused = openRecent<Milliseconds>({ limit: MAX_REFUSED });
  const known = openRecent<string, number>({ limit: MAX_KNOWN });
  const start = crypto.getRandomValues(new Uint32Array(2));
  const turns = openFairTurns(bounds, attendance);

  const isRefused = (token: string): boolean => {
    const refusedAt = refused.get(token);
    if (refusedAt === undefined) return false;
    // Either way: where there is no monotonic clock, this one may have been set back.
    if (Math.abs(now() - refusedAt) < REFUSED_MS) return true;
    refused.delete(token);
    return false;
  };

  const note = (token: string, number: number, caller: Answer): void => {
    if (caller === null) {
      known.delete(number);
      refused.set(token, now());
    } else known.set(number, caller.organization);
  };

  return async (token, lookUp, client = "") => {
    if (isRefused(token)) return null;
    const number = numberOf(token, start);
    const look = async (organization: string | null): Promise<Answer> => {
      const caller = await lookUp(organization);
      note(token, number, caller);
      return caller;
    };
    const before = known.get(number);
    if (before !== undefined) return await look(before);
    const looked = await turns.run(client, async () => {
      // It may have been looked up while it waited.
      if (isRefused(token)) return null;
      return known.get(number) ?? await look(null);
    });
    if (looked === null) throw new Busy("The look-up of tokens");
    return typeof looked.value === "string" ? await look(looked.value) : looked.value;
  };
};
