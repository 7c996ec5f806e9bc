/** Bounds the cost of invalid tokens, so that they never keep out valid ones. */
import type { Caller } from "../adapters/ledger/api/mod.ts";
import { Busy } from "../adapters/ledger/engine/errors.ts";
import { type Milliseconds, SECOND_MS } from "../core/values/calendar.ts";
import { openRecent } from "../core/values/recent.ts";
import { type Attendance, byPromises } from "./wait-strategy.ts";
import { type FairBounds, openFairTurns } from "./fair-queue.ts";

type Answer = Caller | null;

/**
 * Looks a client's token up, in its turn; null where it is not valid. `lookUp` is given the
 * organization that the token belonged to before; null for an unknown token.
 */
export type Guard = (
  token: string,
  lookUp: (organization: string | null) => Promise<Answer>,
  client?: string,
) => Promise<Answer>;

/**
 * How many refused tokens are remembered, and for how long. A refused token can never be issued
 * later.
 */
const MAX_REFUSED = 2_000;
const REFUSED_MS: Milliseconds = 10 * SECOND_MS;

/** Tokens that were valid before; a number and the organization are kept of each. */
const MAX_KNOWN = 20_000;

/**
 * How many look-ups of other tokens run at the same time, and how many wait, of one client and of
 * all.
 */
const BOUNDS: FairBounds = { places: 4, waiting: 1_000, total: 10_000 };

/**
 * FNV-1a, twice, in 52 bits, from a random seed: what is kept reveals no token, and a client cannot
 * construct a collision. A collision would only let an unknown token's look-up skip the queue.
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

/** Bounds other than those of a process that serves all requests with one ledger. */
export type GuardOptions = {
  readonly bounds?: FairBounds;
  /** How look-ups of unknown tokens wait. */
  readonly attendance?: Attendance;
};

/**
 * The look-up of tokens, bounded for tokens that were not valid before: a refused one is refused
 * again for ten seconds without a look-up, and at most four look-ups run at the same time. A token
 * that was valid in this process is looked up immediately, however many unknown ones come, and
 * every time, so that a revoked one is refused from the next request on. Clients take turns, so
 * that a token's first use (after a restart, every token's) waits for one look-up of each other
 * client, and not for all of theirs. Throws `Busy` where a thousand others of the client came after
 * it while it waited, or where `attendance` lets it wait no longer.
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
    // In either direction: without a monotonic clock, this one may have been set back.
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
