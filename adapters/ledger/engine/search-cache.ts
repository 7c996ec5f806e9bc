/** What carriers offered in the last seconds: many who look for the same ask a carrier once. */
import * as Deferred from "effect/Deferred";
import * as Effect from "effect/Effect";
import type { Clock, EventLog, Offer } from "../../../core/ports/mod.ts";
import {
  HOUR_MS,
  type Instant,
  type Milliseconds,
  MINUTE_MS,
} from "../../../core/values/calendar.ts";
import { openRecent } from "../../../core/values/recent.ts";
import { sha256 } from "../../hash/sha256.ts";
import { taking } from "./bracket.ts";

/** Offers, and what distinguishes them from others. */
export type Found = { readonly offers: readonly Offer[]; readonly digest: string };

/** A time by the ledger's clock, which may be set, and by one that only grows. */
type Moment = { readonly clock: Instant; readonly passed: Milliseconds };

/** As text, so that callers may change what they get. */
type Kept = { readonly text: string; readonly digest: string; readonly at: Moment };

const MAX_KEPT = 500;
const MAX_CHARACTERS = 4_000_000;
const MAX_NOTED = 5_000;

/**
 * An organization that finds the same again within this time has it in its log: a purchase takes
 * its price from there for half an hour, which so begins a minute earlier at most.
 */
const NOTED_MS: Milliseconds = MINUTE_MS;

/** What carriers offered lately, and to whom it was noted. */
export type SearchCache = {
  /**
   * What this search found within the last seconds, or finds now by `ask`, which is run once for
   * all who want it meanwhile. When `ask` fails, nothing is kept, and each caller asks separately.
   */
  readonly find: <E, R>(
    key: string,
    ask: Effect.Effect<readonly Offer[], E, R>,
  ) => Effect.Effect<Found, E, R>;
  /** Whether the same was noted in this organization's log within the last minutes. */
  readonly isNoted: (organization: string, key: string, found: Found) => boolean;
  readonly note: (organization: string, key: string, found: Found) => void;
  /** Keeps nothing from now on, and listens to the log no longer. */
  readonly close: () => void;
};

/** Texts by key, the oldest of which are dropped first. */
const openTexts = () =>
  openRecent<Kept>({
    limit: MAX_KEPT,
    space: { most: MAX_CHARACTERS, of: ({ text }) => text.length },
  });

type Flight = Deferred.Deferred<Kept | null>;

type Clocks = Required<Pick<SearchCacheOptions, "clock" | "passed">>;

/** Now, and whether a moment is less than so long ago, by both clocks. */
const openTimes = ({ clock, passed }: Clocks) => ({
  now: (): Moment => ({ clock: clock.now(), passed: passed() }),
  isWithin: (at: Moment, limit: Milliseconds): boolean => {
    const since = clock.now() - at.clock;
    return passed() - at.passed < limit && since >= 0 && since < limit;
  },
});

type Times = ReturnType<typeof openTimes>;

/** What was noted in which organization's log, and when; the oldest are dropped first. */
const openNoted = ({ now, isWithin }: Times): Pick<SearchCache, "isNoted" | "note"> => {
  const noted = openRecent<{ readonly digest: string; readonly at: Moment }>({ limit: MAX_NOTED });
  const name = (organization: string, key: string): string => JSON.stringify([organization, key]);
  return {
    isNoted: (organization, key, { digest }) => {
      const last = noted.get(name(organization, key));
      return last?.digest === digest && isWithin(last.at, NOTED_MS);
    },
    note: (organization, key, { digest }) =>
      noted.set(name(organization, key), { digest, at: now() }),
  };
};

const foundOf = ({ text, digest }: Kept): Found => ({ offers: JSON.parse(text), digest });

const keptOf = (offers: readonly Offer[], at: Moment): Kept => {
  const text = JSON.stringify(offers);
  return { text, digest: sha256(text), at };
};

export type SearchCacheOptions = {
  /** Notifies of purchases, here and by other servers: what was found before one is forgotten. */
  readonly log: Pick<EventLog, "watch">;
  readonly clock: Clock;
  /** How long what was found is kept; for 0, searches that are the same are still made once. */
  readonly keptMs: Milliseconds;
  /** Returns milliseconds that only grow. */
  readonly passed?: () => Milliseconds;
};

/** A cache of this process alone, which listens to the log from the first search on. */
export const openSearchCache = (
  { log, clock, keptMs, passed = () => performance.now() }: SearchCacheOptions,
): SearchCache => {
  const texts = openTexts();
  const flights = new Map<string, Flight>();
  let [cleared, lifetime] = [0, keptMs];
  let deafen: (() => void) | null = null;
  const times = openTimes({ clock, passed });

  const clear = (): void => {
    cleared += 1;
    texts.clear();
    flights.clear();
  };

  const listen = (): void => {
    if (deafen !== null || lifetime === 0) return;
    try {
      deafen = log.watch(({ due }) => {
        // What is ordered is due immediately; a search leads to no work.
        if (due !== null && due <= clock.now() + HOUR_MS) clear();
      });
    } catch {
      // The worker reports that the log cannot be watched.
      lifetime = 0;
    }
  };

  /** Searches on behalf of all callers that want it; they receive the outcome however it ends. */
  const fly = <E, R>(key: string, ask: Effect.Effect<readonly Offer[], E, R>) =>
    Effect.suspend(() => {
      listen();
      const [flight, before]: [Flight, number] = [Deferred.makeUnsafe(), cleared];
      const begin = (): void => void flights.set(key, flight);
      let kept: Kept | null = null;
      const landed = (): void => {
        if (flights.get(key) === flight) flights.delete(key);
        if (kept !== null && lifetime > 0 && cleared === before) texts.set(key, kept);
        Deferred.doneUnsafe(flight, Effect.succeed(kept));
      };
      const asked = Effect.map(ask, (offers): Found => {
        const { digest } = kept = keptOf(offers, times.now());
        return { offers, digest };
      });
      return taking(begin, () => asked, landed);
    });

  return {
    find: (key, ask) =>
      Effect.suspend(() => {
        const kept = texts.get(key);
        if (kept !== undefined && times.isWithin(kept.at, lifetime)) {
          // A caller that searches in a loop leaves timers and sockets their turn.
          return Effect.as(Effect.yieldNow, foundOf(kept));
        }
        const flight = flights.get(key);
        return flight === undefined ? fly(key, ask) : Effect.flatMap(
          Deferred.await(flight),
          (landed) => landed === null ? fly(key, ask) : Effect.succeed(foundOf(landed)),
        );
      }),
    ...openNoted(times),
    close: () => {
      lifetime = 0;
      clear();
      deafen?.();
    },
  };
};
