/** Answers that are kept in the log's database, which other servers may share. */
import type { KeptAnswer, KeptAnswers, KeyedRequest } from "../../core/ports/mod.ts";
import { type Milliseconds, MINUTE_MS } from "../../core/values/calendar.ts";
import { openRecent } from "../../core/values/recent.ts";
import { beginIn, freeIn, keepIn, renewIn, tidyIn, trimIn } from "../log/sql/answers.ts";
import { type Database, isRace } from "../log/sql/database.ts";
import { type AnswerBounds, BOUNDS, KEPT_MS, LEASE_MS, ROW_BYTES } from "./bounds.ts";

/** How often a request is begun anew where others keep taking its key and leaving it. */
const TRIES = 3;

/** One answer in so many may find its caller beyond the bounds, and each of so many bytes. */
const TRIMS = 32;
const TRIMS_OF_BYTES = 16;

/** For how long, and how many, a process that is alone caches: repeats come soon, or late. */
const CACHED_MS: Milliseconds = 10 * MINUTE_MS;
const CACHED = { answers: 1_000, bytes: 4 * 1024 * 1024, each: 64 * 1024 };

/** What was answered lately: no answer changes while it is kept. */
const openCache = (now: () => Milliseconds) => {
  type Cached = { readonly fingerprint: string; readonly answer: KeptAnswer; readonly at: number };
  const cached = openRecent<Cached>({
    limit: CACHED.answers,
    space: {
      most: CACHED.bytes,
      each: CACHED.each,
      of: ({ answer }) => (answer.body?.length ?? 0) + ROW_BYTES,
    },
  });
  // No key has a line break.
  const idOf = ({ caller, key }: KeyedRequest): string => `${caller}\n${key}`;
  const isOver = ({ at }: Cached): boolean => now() - at >= CACHED_MS;
  return {
    get: (request: KeyedRequest): Cached | undefined => {
      cached.forget(isOver);
      const found = cached.get(idOf(request));
      return found === undefined || isOver(found) ? undefined : found;
    },
    set: (request: KeyedRequest, answer: KeptAnswer): void => {
      cached.set(idOf(request), { fingerprint: request.fingerprint, answer, at: now() });
    },
  };
};

/** A number below 1 that is drawn by the lease, so that no caller knows which answer trims. */
const drawOf = (lease: string): number => Number.parseInt(lease.slice(0, 8), 16) / 2 ** 32;

/**
 * Answers kept in the database of a log, by all servers that use it. Of each caller the latest
 * 10,000 are kept, in 16 MiB: as many more may be there as come between two of the checks, which
 * are drawn by lot. Each answer that is kept deletes some that expired.
 *
 * @example
 * ```ts
 * import { createApp } from "ledgerline/http";
 * import { openDatabaseAnswers, openPostgresLog } from "ledgerline/postgres";
 *
 * const log = await openPostgresLog({ url: "postgres://db.example/ledgerline" });
 * const answers = openDatabaseAnswers({ database: log.database });
 * const app = createApp({ ledger, adminToken: null, answers });
 * ```
 */
export const openDatabaseAnswers = (
  { database, bounds = BOUNDS, isAlone = false, now = () => performance.now() }: {
    readonly database: Pick<Database, "query">;
    /** Whether no other process uses the database: then the latest answers are cached. */
    readonly isAlone?: boolean | undefined;
    /** Returns milliseconds that only grow. */
    readonly now?: (() => Milliseconds) | undefined;
    /** What is kept of one caller. */
    readonly bounds?: AnswerBounds | undefined;
  },
): KeptAnswers => {
  const cache = isAlone ? openCache(now) : null;
  /** Only where a statement is refused for a race, of which nothing was written then. */
  const settled = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    for (let tried = 1;; tried++) {
      try {
        return await work();
      } catch (error) {
        if (tried === TRIES || !isRace(error)) throw error;
      }
    }
  };
  return {
    begin: async (request) => {
      const known = cache?.get(request);
      if (known !== undefined) {
        return known.fingerprint === request.fingerprint
          ? { state: "answered", answer: known.answer }
          : { state: "other" };
      }
      const beginning = {
        lease: crypto.randomUUID(),
        lease_ms: LEASE_MS,
        kept_ms: KEPT_MS,
      };
      for (let tried = 0; tried < TRIES; tried++) {
        const state = await settled(() => beginIn(database, request, beginning));
        if (state?.state === "answered") cache?.set(request, state.answer);
        if (state !== null) return state;
      }
      return { state: "underway" };
    },
    renew: (request, lease) => renewIn(database, request, { lease, lease_ms: LEASE_MS }),
    keep: async (request, lease, answer) => {
      await settled(() => keepIn(database, request, lease, answer));
      const size = (answer?.body?.length ?? 0) + ROW_BYTES;
      const share = Math.max(TRIMS / bounds.rows, TRIMS_OF_BYTES * size / bounds.bytes);
      if (drawOf(lease) >= share) return;
      await settled(() => trimIn(database, request.caller, { ...bounds, each: ROW_BYTES }));
    },
    free: (request, lease) => settled(() => freeIn(database, request, lease)),
  };
};

/**
 * What a server does at its start: deletes answers that are kept no longer, and where no other
 * process uses the database ends what was under way when the last one stopped.
 */
export const tidyAnswers = (
  database: Pick<Database, "query">,
  { isAlone }: { readonly isAlone: boolean },
): Promise<void> => tidyIn(database, KEPT_MS, isAlone);
