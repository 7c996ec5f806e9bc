import type postgres from "postgres";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { CalledOff, type Database, type Transact } from "../sql/database.ts";
import { callOffAfter } from "./calling-off.ts";
import {
  ask,
  connect,
  DEFAULT_CONNECTIONS,
  type Drivers,
  isWorkerd,
  openRenewed,
  type PoolOptions,
  toText,
} from "./drivers.ts";
import { silence } from "./silence.ts";
import { isAway, isOfStandby, mustBeLeft, openStanding, toUnavailable } from "./standing.ts";
import { type Asking, transact } from "./transaction.ts";
import { assertRights, tryWriting } from "./writing.ts";

/** A pool of connections as one database; `Unavailable` where none of them comes to an answer. */
export type Pool = Database & {
  /** Whether its connections are sessions: behind a pooler in transaction mode they are not. */
  readonly hasSessions: boolean;
  /** Hears of notices on a channel, by a connection of its own, which is made again when it is lost. */
  listen(channel: string, hear: (text: string) => void): void;
  /** Resolves while the database takes what is written, as far as can be told without writing. */
  writable(): Promise<void>;
  /** Lets go of all connections, after what is under way. */
  close(): Promise<void>;
};

/** How long a statement may go without an answer, where nobody says. */
const ANSWER_MS = 60_000;

/** How long what is under way may take when the pool is closed. */
const CLOSE_MS = 5_000;

/** How long after a statement was called off it may be silent until the server is given up. */
const CALL_MS = 5_000;

/** Follows something that is asked, until it is answered; `Unavailable` where it is not. */
type Follow = <Value>(used: postgres.Sql, asked: Promise<Value>) => Promise<Value>;

/**
 * Runs transactions, each on a connection of its own: those of the pool may all wait for what it
 * locks, and it for one of them. None begins after the `end`, which breaks off the others.
 */
const openTransactions = (options: PoolOptions, follow: Follow) => {
  const connections = new Set<postgres.Sql>();
  let isOver = false;
  const run: Transact = async (work) => {
    if (isOver) throw new Unavailable("the connections to the database were let go of");
    const own = connect({ ...options, connections: 1 });
    connections.add(own);
    const query: Asking = (connection, ...statement) => follow(own, ask(connection, ...statement));
    try {
      const ended = await follow(own, transact(own, query, work));
      if ("thrown" in ended) throw ended.thrown;
      return ended.value;
    } finally {
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

/** What a URL says by which it is known what its connections are. */
const SAYS_PREPARE = /[?&]prepare=/;

/**
 * Whether a pooler stands before the database that may give each transaction to another session, as
 * far as the URL does not say. It tells its clients other ids than their sessions have, since they
 * have no session of their own. Rejects as the calls of a pool do.
 */
export const findPooler = async (options: PoolOptions): Promise<boolean> => {
  // What runs workers pools by itself, and prepares for each of its own sessions.
  if (SAYS_PREPARE.test(options.url) || isWorkerd()) return false;
  const sql = connect({ ...options, connections: 1, isPooled: true });
  const { over, end } = silence(options.answerMs ?? ANSWER_MS);
  try {
    const asked = sql.unsafe<{ id: string }[]>("select pg_backend_pid() as id");
    const { state, 0: row } = await Promise.race([asked, over]);
    return row?.id !== String(state.pid);
  } catch (error) {
    throw isAway(error) ? toUnavailable(error) : error;
  } finally {
    end();
    void sql.end({ timeout: 0 });
  }
};

/** Sends a statement on the connections that it is for, and calls it off after so long, if at all. */
const send = (
  { reading, appending, calling }: Drivers,
  [text, parameters]: readonly [string, (string | null)[]],
  callOff_ms: Milliseconds | null,
) => {
  if (callOff_ms === null) {
    const statement = reading.unsafe(text, parameters, { prepare: true });
    return { used: reading, statement };
  }
  const isPooled = !appending.options.prepare || isWorkerd();
  const statement = callOffAfter(appending, calling, [text, parameters], callOff_ms, isPooled);
  return { used: appending, statement };
};

/** Opens a pool; it connects when the first statement comes. */
export const openPool = (options: PoolOptions): Pool => {
  const { answerMs = ANSWER_MS, connections = DEFAULT_CONNECTIONS } = options;
  const drivers = openRenewed(options);
  // By itself, so that it goes on when the others are left behind.
  const ear = connect(options);
  const hasSessions = drivers.current().reading.options.prepare && !isWorkerd();
  /** Whether there may be sessions that do not write, though the database does. */
  let isReadOnly = false;
  const underWay = new Set<Promise<unknown>>();

  const fail = (error: unknown, used: postgres.Sql): Error => {
    isReadOnly ||= isOfStandby(error);
    if (mustBeLeft(error)) drivers.leave(used);
    return standing.failed(error);
  };

  const follow: Follow = async (used, asked) => {
    underWay.add(asked);
    try {
      const answer = await asked;
      standing.answered();
      return answer;
    } catch (error) {
      // It answered, and is there.
      if (error instanceof CalledOff) throw error;
      throw error instanceof Unavailable || isAway(error) ? fail(error, used) : error;
    } finally {
      underWay.delete(asked);
    }
  };

  const transactions = openTransactions(options, follow);
  const standing = openStanding(options, async () => {
    await transactions.run(tryWriting);
    if (isReadOnly) drivers.renew();
    isReadOnly = false;
  });

  const query: Pool["query"] = async (text, parameters, isLong = false, callOff_ms = undefined) => {
    const isBounded = callOff_ms !== undefined && connections > 1;
    const asked = [text, parameters.map(toText)] as const;
    const { used, statement } = send(drivers.current(), asked, isBounded ? callOff_ms : null);
    if (isLong) return await follow(used, statement);
    const limit_ms = isBounded ? Math.min(answerMs, callOff_ms + CALL_MS) : answerMs;
    const { over, end } = silence(limit_ms);
    return await follow(used, Promise.race([statement, over])).finally(end);
  };

  return {
    hasSessions,
    listen: (channel, hear) => void ear.listen(channel, hear).catch(() => {}),
    query,
    writable: async () => {
      standing.assertWritten();
      const { reading } = drivers.current();
      await assertRights({ query }).catch((error: unknown) => {
        throw error instanceof Unavailable || !isAway(error) ? error : fail(error, reading);
      });
    },
    transaction: transactions.run,
    close: async () => {
      standing.close();
      // The driver would also wait for statements whose connections were lost.
      const { over, end } = silence(CLOSE_MS);
      await Promise.race([Promise.allSettled(underWay), over]).catch(() => {});
      end();
      await Promise.all([ear.end({ timeout: 0 }), drivers.end(), transactions.end()]);
    },
  };
};
