/** Retrying where the database was away for a moment. */
import { type Database, isLost } from "./database.ts";
import { pause } from "./event-loop.ts";

/** How long a database that is away is waited for. Later calls fail immediately. */
const PATIENCE_MS = 5_000;

/**
 * The most tries of a statement, even while others are answered: it may be what breaks connections.
 */
const MAX_ATTEMPTS = 10;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** How long the database has been away, as all its users find out together. */
export type Patience = {
  /** It answered. */
  answered(): void;
  /**
   * It did not, on this attempt (counted from 1): waits a little, and returns whether to try again.
   */
  wait(attempt: number): Promise<boolean>;
};

/** Begins with a database that answers. */
export const openPatience = (): Patience => {
  let since: number | null = null;
  return {
    answered: () => {
      since = null;
    },
    wait: async (attempt) => {
      const now = performance.now();
      since ??= now;
      if (attempt >= MAX_ATTEMPTS || now - since > PATIENCE_MS) return false;
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS));
      return true;
    },
  };
};

/**
 * The database with statements that are run again when their answers were lost: only for those that
 * may be run twice.
 */
export const patient = (database: Database, patience: Patience): Database => {
  const query: Database["query"] = async (...statement) => {
    for (let attempt = 1;; attempt += 1) {
      try {
        const rows = await database.query(...statement);
        patience.answered();
        return rows;
      } catch (error) {
        if (!isLost(error) || !await patience.wait(attempt)) throw error;
      }
    }
  };
  return { query };
};
