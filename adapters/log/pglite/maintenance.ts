import { setImmediate } from "node:timers";
import type { SteppingDatabase } from "../sql/database.ts";
import { SWAP_NEXT } from "../sql/rebuild-schema.ts";
import type { Connection } from "./connection.ts";

/**
 * After this much was sent to the database, it is maintained: at most so much has to be read again
 * after a crash.
 */
const EVERY_BYTES = 8 * 1_048_576;

/**
 * What PostgreSQL's background processes would do, which PGlite does not have: without checkpoints
 * its write-ahead log grows until the database is closed, and without vacuum so do the tables whose
 * rows are rewritten. (Events never are.)
 */
const CHORES = ["vacuum ledgerline.claim, ledgerline.state, ledgerline.listed", "checkpoint"];

/** The connection's database, which maintains itself between statements. */
export const keepUp = (connection: Connection): SteppingDatabase => {
  let done = 0;
  const chores = async (): Promise<void> => {
    for (const chore of CHORES) await connection.query(chore, []);
  };
  /** Of tables that are new, nothing is known yet about which rows all see. */
  const lookAfter = (areNew: boolean): void => {
    if (!areNew && connection.sent() - done <= EVERY_BYTES) return;
    done = connection.sent();
    // An error here stops the connection, so that the next statement reports it.
    setImmediate(() => chores().catch(() => {}));
  };
  return {
    query: (sql, parameters) => {
      const rows = connection.query(sql, parameters);
      // It may be sent later, and is then what has been sent.
      void rows.then(() => lookAfter(sql === SWAP_NEXT), () => {});
      return rows;
    },
    inSteps: async (work) => {
      const value = await connection.inSteps(work);
      lookAfter(false);
      return value;
    },
  };
};
