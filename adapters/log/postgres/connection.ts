import postgres from "postgres";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { CalledOff, type Database, type Transact } from "../sql/database.ts";
import { callOffAfter } from "./calling-off.ts";
import {
  ask,
  connect,
  DEFAULT_CONNECTIONS,
  endDrivers,
  isWorkerd,
  openDrivers,
  type PoolOptions,
  toText,
} from "./drivers.ts";
import { Silence, silence } from "./silence.ts";
import { type Asking, transact } from "./transaction.ts";

/** A pool of connections as one database; `Unavailable` where none of them comes to an answer. */
export type Pool = Database & {
  /** Whether its connections are sessions: behind a pooler in transaction mode they are not. */
  readonly hasSessions: boolean;
  /** Hears of notices on a channel, by a connection of its own, which is made again when it is lost. */
  listen(channel: string, hear: (text: string) => void): void;
  /** Lets go of all connections, after what is under way. */
  close(): Promise<void>;
};

/**
 * What a server says when it is not there for us (PostgreSQL's documentation, appendix A): shut
 * down, crashed or starting, no more room for connections, on the disk or in memory, a statement
 * called off or a session ended for its time, trouble of a pooler with its connection (58000 is
 * Hyperdrive's), a user or a password that is not (or no longer) right, no such database, a setting
 * in the URL that it does not know, and rights or tables that are not there, as while they are
 * restored. None of it is mended by another statement, and all of it by the operator.
 */
const AWAY = /^(?:57P0[1235]|57014|53...|08...|58...|28...|3D000|3F000|42704|42501|42P01)$/;
/** It has become a standby, and the connection with it. */
const READ_ONLY = "25006";

/** How long a statement may go without an answer, where nobody says. */
const ANSWER_MS = 60_000;

/** How long what is under way may take when the pool is closed. */
const CLOSE_MS = 5_000;

/** How long after a statement was called off it may be silent until the server is given up. */
const CALL_MS = 5_000;

const isAway = (error: unknown): boolean =>
  error instanceof postgres.PostgresError
    ? AWAY.test(error.code) || error.code === READ_ONLY
    // What the driver, the socket and its TLS say has a code, or on workerd is a plain Error; what
    // else has none was thrown by the work of a transaction, or is a mistake of ours.
    : error instanceof Error && ("code" in error || isWorkerd() && error.name === "Error");

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.message === "" && "code" in error ? String(error.code) : error.message;
};

const toUnavailable = (error: unknown): Unavailable =>
  error instanceof Unavailable
    ? error
    : new Unavailable(`the database cannot be reached: ${wordsOf(error)}`, error);

/** Whether the connections may never say anything again, or may not write any more. */
const mustBeLeft = (error: unknown): boolean =>
  error instanceof Silence || error instanceof postgres.PostgresError && error.code === READ_ONLY;

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

/** Tells somebody. What he throws must not become the answer to a statement. */
const tell = (told: () => void): void => {
  try {
    told();
  } catch {
    // Nobody is left to be told.
  }
};

/** Opens a pool; it connects when the first statement comes. */
export const openPool = (options: PoolOptions): Pool => {
  const { answerMs = ANSWER_MS, onUnavailable = () => {}, onAvailable = () => {} } = options;
  let drivers = openDrivers(options);
  // By itself, so that it goes on when the others are left behind.
  const ear = connect(options);
  const { connections = DEFAULT_CONNECTIONS } = options;
  const hasSessions = drivers.reading.options.prepare && !isWorkerd();
  let isThere = true;
  let isClosed = false;
  const underWay = new Set<Promise<unknown>>();

  /** Leaves connections behind. */
  const renew = (stale: postgres.Sql): void => {
    const left = drivers;
    if (isClosed || !Object.values(left).includes(stale)) return;
    drivers = openDrivers(options);
    void endDrivers(left);
  };

  const fail = (error: unknown, used: postgres.Sql): Error => {
    const unavailable = toUnavailable(error);
    if (mustBeLeft(error)) renew(used);
    if (isThere && !isClosed) tell(() => onUnavailable(unavailable.message));
    isThere = false;
    return unavailable;
  };

  const follow: Follow = async (used, asked) => {
    underWay.add(asked);
    try {
      const answer = await asked;
      if (!isThere) tell(onAvailable);
      isThere = true;
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

  return {
    hasSessions,
    listen: (channel, hear) => void ear.listen(channel, hear).catch(() => {}),
    query: async (text, parameters, isLong = false, callOff_ms = undefined) => {
      const { reading, appending, calling } = drivers;
      const isBounded = callOff_ms !== undefined && connections > 1;
      const used = isBounded ? appending : reading;
      const statement = isBounded
        ? callOffAfter(used, calling, [text, parameters.map(toText)], callOff_ms, !hasSessions)
        : ask(used, text, parameters);
      if (isLong) return await follow(used, statement);
      const { over, end } = silence(
        isBounded ? Math.min(answerMs, callOff_ms + CALL_MS) : answerMs,
      );
      return await follow(used, Promise.race([statement, over])).finally(end);
    },
    transaction: transactions.run,
    close: async () => {
      isClosed = true;
      // The driver would also wait for statements whose connections were lost.
      const { over, end } = silence(CLOSE_MS);
      await Promise.race([Promise.allSettled(underWay), over]).catch(() => {});
      end();
      await Promise.all([ear.end({ timeout: 0 }), endDrivers(drivers), transactions.end()]);
    },
  };
};
