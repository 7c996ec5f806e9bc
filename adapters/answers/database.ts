/** Answers that are kept in the log's database, which other servers may share. */
import type { KeptAnswers } from "../../core/ports/mod.ts";
import { beginIn, freeIn, keepIn, renewIn, tidyIn, trimIn } from "../log/sql/answers.ts";
import { type Database, isRace } from "../log/sql/database.ts";
import { type AnswerBounds, BOUNDS, KEPT_MS, LEASE_MS, ROW_BYTES } from "./bounds.ts";

/** How often a request is begun anew where others keep taking its key and leaving it. */
const TRIES = 3;

/** One answer in so many may find its caller beyond the bounds, and each of so many bytes. */
const TRIMS = 32;
const TRIMS_OF_BYTES = 16;

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
  { database, bounds = BOUNDS }: {
    readonly database: Pick<Database, "query">;
    /** What is kept of one caller. */
    readonly bounds?: AnswerBounds | undefined;
  },
): KeptAnswers => {
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
      const beginning = {
        lease: crypto.randomUUID(),
        lease_ms: LEASE_MS,
        kept_ms: KEPT_MS,
      };
      for (let tried = 0; tried < TRIES; tried++) {
        const state = await settled(() => beginIn(database, request, beginning));
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
