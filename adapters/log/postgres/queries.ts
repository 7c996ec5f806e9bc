/** Queries on a pool's connections, and what their answers show of the database. */
import type postgres from "postgres";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { CalledOff, type Database, isRefused } from "../sql/database.ts";
import { ask, connect, type openRenewed, type PoolOptions } from "./drivers.ts";
import { isAway, isOfStandby, mustBeLeft } from "./failures.ts";
import type { Outage } from "./outage.ts";
import { silence } from "./silent-database.ts";
import { openHealth } from "./health.ts";
import { type Asking, transact } from "./transaction.ts";
import { tryWriting } from "./write-probe.ts";

/** How long a check of whether the database writes may take, including its connection. */
const TRIAL_MS: Milliseconds = 15_000;

/** Follows something that is asked, until it is answered; `Unavailable` where it is not. */
export type Follow = <Value>(
  used: postgres.Sql,
  asked: Promise<Value>,
  isWrite?: boolean,
) => Promise<Value>;

type Work<Value> = (transaction: Database) => Promise<Value>;

const endless = () => ({ over: new Promise<never>(() => {}), end: (): void => {} });

/**
 * Runs transactions, each on a separate connection: those of the pool may all wait for what it
 * locks, and it for one of them. None begins after the `end`, which breaks off the others. Past its
 * limit, it fails like a database that does not answer.
 */
const openTransactions = (options: PoolOptions, follow: Follow) => {
  const connections = new Set<postgres.Sql>();
  let isOver = false;
  const run = async <Value>(work: Work<Value>, limit_ms?: Milliseconds): Promise<Value> => {
    if (isOver) throw new Unavailable("the connections to the database were let go of");
    // Its statements are planned each for what there is: a rebuild reads whole tables.
    const own = connect({ ...options, connections: 1, isDirect: false });
    connections.add(own);
    const query: Asking = (connection, ...statement) => follow(own, ask(connection, ...statement));
    const { over, end } = limit_ms === undefined ? endless() : silence(limit_ms);
    try {
      const ended = await follow(own, Promise.race([transact(own, query, work), over]));
      if ("thrown" in ended) throw ended.thrown;
      return ended.value;
    } finally {
      end();
      connections.delete(own);
      void own.end({ timeout: 0 });
    }
  };
  const end = async (): Promise<void> => {
    isOver = true;
    await Promise.all([...connections].map((each) => each.end({ timeout: 0 })));
  };
  return { run, end };
};

/** Follows what is asked, and records what that shows of the database. */
export const openAsking = (
  options: PoolOptions,
  drivers: ReturnType<typeof openRenewed>,
  outage: Outage,
) => {
  /** Whether there may be sessions that do not write, though the database does. */
  let isReadOnly = false;
  const underWay = new Set<Promise<unknown>>();

  /** Notes why a statement failed that was begun then, and returns the error for its caller. */
  const fail = (error: unknown, used: postgres.Sql, begun: number): Error => {
    isReadOnly ||= isOfStandby(error);
    if (mustBeLeft(error)) drivers.leave(used);
    return health.failed(error, begun);
  };

  const follow: Follow = async (used, asked, isWrite = false) => {
    const begun = performance.now();
    underWay.add(asked);
    try {
      const answer = await asked;
      health.answered(isWrite);
      return answer;
    } catch (error) {
      // It answered, and is there.
      if (error instanceof CalledOff) throw error;
      if (error instanceof Unavailable || isAway(error)) throw fail(error, used, begun);
      if (isRefused(error)) outage.answered();
      throw error;
    } finally {
      underWay.delete(asked);
    }
  };

  const transactions = openTransactions(options, follow);
  const health = openHealth(options, async () => {
    await transactions.run(tryWriting, TRIAL_MS);
    if (isReadOnly) drivers.renew();
    isReadOnly = false;
  }, outage);
  return { follow, fail, transactions, health, underWay };
};
