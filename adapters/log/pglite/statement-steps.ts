import type { Database, Parameter, ResultRow, Transact } from "../sql/database.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { openTurns } from "../sql/event-loop.ts";

/** Sends one statement, and throws what the database says against it. */
type Run = (sql: string, parameters: readonly Parameter[]) => readonly ResultRow[];

/**
 * How long statements may follow one another, each within this process, before others have their
 * turn: who reads page after page does not keep them waiting.
 */
const HELD_MS: Milliseconds = 10;

/** Single statements, and transactions in steps, on the one connection of a PGlite. */
export type Steps = {
  /** Sends the statement, where others had their turn and no transaction is under way. */
  readonly query: Database["query"];
  readonly inSteps: Transact;
  /** Whether there is a transaction under way. */
  readonly isUnderWay: () => boolean;
};

/** Has `run` send statements, of which none comes between those of a transaction. */
export const openSteps = (
  run: Run,
  isBroken: () => boolean,
  stop: (error: unknown) => void,
): Steps => {
  let underWay: Promise<void> | null = null;
  const { turn, isHeldFor } = openTurns();

  const query: Database["query"] = (sql, parameters) => {
    if (underWay !== null) return underWay.then(() => query(sql, parameters));
    if (isHeldFor(HELD_MS)) return turn().then(() => query(sql, parameters));
    try {
      return Promise.resolve(run(sql, parameters));
    } catch (error) {
      return Promise.reject(error);
    }
  };

  const step: Database["query"] = async (sql, parameters) => {
    await turn();
    return run(sql, parameters);
  };

  const undo = (): void => {
    try {
      if (!isBroken()) run("rollback", []);
    } catch (error) {
      // Whatever came next would be a part of what was to be undone.
      stop(error);
    }
  };

  const inSteps: Transact = async (work) => {
    while (underWay !== null) await underWay;
    let end = (): void => {};
    underWay = new Promise((resolve) => end = resolve);
    const failures: unknown[] = [];
    const noted: Database["query"] = async (sql, parameters) => {
      try {
        return await step(sql, parameters);
      } catch (error) {
        failures.push(error);
        throw error;
      }
    };
    try {
      await step("begin", []);
      const value = await work({ query: noted });
      // PostgreSQL would take `commit` for `rollback`, and say nothing.
      if (failures.length > 0) throw failures[0];
      await step("commit", []);
      return value;
    } catch (error) {
      undo();
      throw error;
    } finally {
      underWay = null;
      end();
    }
  };

  return { query, inSteps, isUnderWay: () => underWay !== null };
};
