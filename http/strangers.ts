/** Bounds what tokens that stand for no one cost, so that they never keep out those that do. */
import type { Caller } from "../adapters/ledger/api.ts";
import { Busy } from "../adapters/ledger/errors.ts";
import { type Milliseconds, SECOND_MS } from "../core/values/calendar.ts";
import { openFairTurns } from "./turns.ts";

type Answer = Caller | null;

/** Has a token of a client looked up, in its turn; null where it stands for no one. */
export type Guard = (
  token: string,
  lookUp: () => Promise<Answer>,
  client?: string,
) => Promise<Answer>;

/** Refused tokens that are remembered, and for how long. No token of this text can be issued later. */
const MAX_REFUSED = 2_000;
const REFUSED_MS: Milliseconds = 10 * SECOND_MS;

/** Tokens that stood for a caller before; what is kept of each is a number. */
const MAX_KNOWN = 20_000;

/** Look-ups of other tokens under way at once, as many as wait of one client, and of all. */
const PLACES = 4;
const MAX_WAITING = 1_000;
const MAX_WAITING_OF_ALL = 10_000;

/**
 * FNV-1a, twice, in 52 bits, from a start that is drawn: what is kept gives no token away, and nobody
 * can make one with the number of another. Two with one number would only mean that a stranger's
 * look-up waits for no turn.
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

const forgetOldest = (kept: { delete(key: never): unknown; keys(): Iterator<unknown> }): void => {
  kept.delete(kept.keys().next().value as never);
};

/**
 * The look-up of tokens, bounded for tokens that were not seen to stand for a caller: one that was
 * refused is refused again for ten seconds without a look, and four look-ups at most are under way
 * at once. A token that stood for a caller in this process is looked up immediately, however many
 * strangers come, and every time, so that a revoked one is refused from the next request on. Clients
 * take turns, so that a token's first use, as each is after a restart, waits for one look-up of each
 * other client, and not for all of theirs. Throws `Busy` where a thousand others of the client came
 * after it while it waited.
 */
export const openGuard = (now: () => Milliseconds = () => performance.now()): Guard => {
  const refused = new Map<string, Milliseconds>();
  const known = new Set<number>();
  const start = crypto.getRandomValues(new Uint32Array(2));
  const turns = openFairTurns({
    places: PLACES,
    waiting: MAX_WAITING,
    total: MAX_WAITING_OF_ALL,
  });

  const inTurn = async (client: string, lookUp: () => Promise<Answer>): Promise<Answer> => {
    const looked = await turns.run(client, lookUp);
    if (looked === null) throw new Busy("The look-up of tokens");
    return looked.value;
  };

  const note = (token: string, number: number, caller: Answer): void => {
    if (caller === null) {
      known.delete(number);
      refused.set(token, now());
      if (refused.size > MAX_REFUSED) forgetOldest(refused);
    } else if (!known.has(number)) {
      known.add(number);
      if (known.size > MAX_KNOWN) forgetOldest(known);
    }
  };

  return async (token, lookUp, client = "") => {
    const refusedAt = refused.get(token);
    if (refusedAt !== undefined) {
      if (now() - refusedAt < REFUSED_MS) return null;
      refused.delete(token);
    }
    const number = numberOf(token, start);
    const caller = known.has(number) ? await lookUp() : await inTurn(client, lookUp);
    note(token, number, caller);
    return caller;
  };
};
