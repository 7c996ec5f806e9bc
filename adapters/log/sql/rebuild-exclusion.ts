/**
 * How a rebuild excludes what must not happen meanwhile: another rebuild, and at its end appends.
 */
import { ANOTHER_REBUILD, type Gate } from "../gate.ts";
import { type Database, isLockFailure, type Transact } from "./database.ts";
import { WITHOUT_LIMITS } from "./limits.ts";
import { REBUILD_LOCK } from "./rebuild-remains.ts";
import { KEEP_NEXT } from "./rebuild-schema.ts";
import { pause } from "./event-loop.ts";

/** Runs `work` while nothing is appended, with the database to use meanwhile. */
export type Quietly = (work: (quiet: Database) => Promise<void>) => Promise<void>;

/**
 * Runs a rebuild as the only one, with the database to use, which refuses once another may be under
 * way; rejects when there is one already.
 */
export type Exclusively = <Value>(
  rebuild: (database: Database, quietly: Quietly) => Promise<Value>,
) => Promise<Value>;

/**
 * For a database that only this process uses: the gate keeps out what it appends. `drained`
 * resolves when no append is under way.
 */
export const withinProcess =
  (database: Database, gate: Gate, drained: () => Promise<void>): Exclusively => (rebuild) =>
    gate.rebuild(() =>
      rebuild(database, (work) =>
        gate.shut(async () => {
          await drained();
          await work(database);
        }))
    );

const ONLY_ONE = `select pg_try_advisory_xact_lock(${REBUILD_LOCK}) as mine`;

/** Keeps appends out, and lets reads go on. */
const KEEP_APPENDS_OUT =
  "lock table ledgerline.claim, ledgerline.event, ledgerline.state in share row exclusive mode";

/**
 * How long appends may be waited for, while new ones wait: longer than PostgreSQL takes to cancel a
 * vacuum that is in the way (its `deadlock_timeout`, 1 s). Then how long reads may be waited for,
 * while all others wait.
 */
const WAIT_FOR_APPENDS = "set local lock_timeout = '1500ms'";
const WAIT_FOR_READS = "set local lock_timeout = '250ms'";

const MAX_ATTEMPTS = 30;
const PAUSE_MS = 2_000;

/**
 * For a database that several servers use: its own locks keep their appends out. Where they are not
 * granted in time, appends go on for a while, and the work is tried again. `check` may refuse to go
 * on once nothing is appended any more.
 */
export const quietAmongProcesses =
  (transaction: Transact, check: (quiet: Database) => Promise<void> = async () => {}): Quietly =>
  async (work) => {
    for (let tried = 1;; tried++) {
      try {
        return await transaction(async (quiet) => {
          await quiet.query(WITHOUT_LIMITS, []);
          await quiet.query(WAIT_FOR_APPENDS, []);
          await quiet.query(KEEP_APPENDS_OUT, []);
          await check(quiet);
          await quiet.query(WAIT_FOR_READS, []);
          await work(quiet);
        });
      } catch (error) {
        if (!isLockFailure(error) || tried === MAX_ATTEMPTS) throw error;
        await pause(PAUSE_MS);
      }
    }
  };

/**
 * For a database that several servers use: a lock in it, for as long as its holder is connected.
 * Where the holder's connection was lost, the lock was lost with it, and another may rebuild by
 * now: so the lock is checked before each statement, and before the swap, after which no other can
 * begin. What such a rebuild leaves, the next one drops, or the next start.
 */
export const amongProcesses =
  ({ query }: Database, transaction: Transact): Exclusively => (rebuild) =>
    transaction(async (holder) => {
      await holder.query(WITHOUT_LIMITS, []);
      const [row] = await holder.query(ONLY_ONE, []);
      if (row?.["mine"] !== "t") throw new Error(ANOTHER_REBUILD);
      const assertHeld = () => holder.query("select 1", []);
      const held: Database = {
        query: async (...statement) => {
          await assertHeld();
          return await query(...statement);
        },
      };
      const quietly = quietAmongProcesses(transaction, async (quiet) => {
        await quiet.query(KEEP_NEXT, []);
        await assertHeld();
      });
      return await rebuild(held, quietly);
    });
