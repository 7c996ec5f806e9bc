import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { Database, Parameter } from "../sql/database.ts";
import { WITHOUT_LIMITS } from "../sql/limits.ts";
import { openAsking } from "./queries.ts";
import { callOffAfter } from "./statement-timeout.ts";
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
import { codeOf, isAway, toRefusedLock, toUnavailable } from "./failures.ts";
import { openOutage } from "./outage.ts";
import { silence } from "./silent-database.ts";
import { type Asking, transact } from "./transaction.ts";
import { assertRights } from "./write-probe.ts";

/** A pool of connections as one database; `Unavailable` where none of them gets an answer. */
export type Pool = Database & {
  /** Whether its connections are sessions: behind a pooler in transaction mode they are not. */
  readonly hasSessions: boolean;
  /**
   * Receives notices on a channel, on a separate connection, which is opened again when it is lost.
   */
  listen(channel: string, receive: (text: string) => void): void;
  /** Resolves while the database accepts writes, as far as can be known without writing. */
  writable(): Promise<void>;
  /** Closes all connections, after what is under way. */
  close(): Promise<void>;
};

/** How long a statement may go without an answer, by default. */
const ANSWER_MS = 60_000;

/** How long what is under way may take when the pool is closed. */
const CLOSE_MS = 5_000;

/** How long after a statement was called off it may be silent until the server is given up. */
const CALL_MS = 5_000;

/** What a URL says by which it is known what its connections are. */
const SAYS_PREPARE = /[?&]prepare=/;

/** Whether connections are the database's own sessions, or a pooler's. */
type Sessions = Required<Pick<PoolOptions, "isPooled" | "isDirect">>;

/** PostgreSQL's code of a connection whose settings the pooler does not know. */
const SETTING_REFUSED = "08P01";

/** Whether a connection that is opened so is a session of the database itself. */
const isSession = async (options: PoolOptions): Promise<boolean> => {
  const sql = connect({ ...options, connections: 1, isPooled: true });
  const { over, end } = silence(options.answerMs ?? ANSWER_MS);
  try {
    const asked = sql.unsafe<{ id: string }[]>("select pg_backend_pid() as id");
    const { state, 0: row } = await Promise.race([asked, over]);
    return row?.id === String(state.pid);
  } finally {
    end();
    void sql.end({ timeout: 0 });
  }
};

/**
 * Whether there is a pooler before the database that may give each transaction to another session,
 * as far as the URL does not say. It gives its clients other ids than their sessions have, since no
 * client keeps a session; and it refuses settings that it does not know. Rejects as the calls of a
 * pool do.
 */
export const findSessions = async (options: PoolOptions): Promise<Sessions> => {
  // The platform that runs workers pools connections, and prepares statements for each session
  // itself.
  if (SAYS_PREPARE.test(options.url) || isWorkerd()) return { isPooled: false, isDirect: false };
  const asDirect = { ...options, isDirect: true };
  try {
    const isDirect = await isSession(asDirect).catch(async (error) => {
      if (codeOf(error) !== SETTING_REFUSED) throw error;
      return await isSession(options) ? null : false;
    });
    return { isPooled: isDirect === false, isDirect: isDirect === true };
  } catch (error) {
    throw isAway(error) ? toUnavailable(error) : error;
  }
};

/**
 * Sends a statement on the connections that it is for, and calls it off after so long, if at all.
 */
const send = (
  { reading, appending, calling }: Drivers,
  [text, parameters]: readonly [string, (string | null)[]],
  callOff_ms: Milliseconds | null,
) => {
  if (callOff_ms === null) {
    const statement = ask(reading, text, parameters);
    return { used: reading, statement };
  }
  const isPooled = !appending.options.prepare || isWorkerd();
  const statement = callOffAfter(appending, calling, [text, parameters], callOff_ms, isPooled);
  return { used: appending, statement };
};

/** Opens a pool; it connects when the first statement comes. */
export const openPool = (options: PoolOptions): Pool => {
  const { answerMs = ANSWER_MS, connections = DEFAULT_CONNECTIONS } = options;
  const { outage = openOutage() } = options;
  const drivers = openRenewed(options);
  // Separate, so that it continues when the others are left behind.
  const listening = connect(options);
  const hasSessions = drivers.current().reading.options.prepare && !isWorkerd();
  const { follow, fail, transactions, health, underWay } = openAsking(options, drivers, outage);

  /** As a transaction, since that is what limits can be lifted for, also behind a pooler. */
  const queryLong = async (text: string, parameters: readonly Parameter[]) => {
    const { reading } = drivers.current();
    const asking: Asking = (connection, ...asked) => follow(reading, ask(connection, ...asked));
    const work = async (within: Database) => {
      await within.query(WITHOUT_LIMITS, []);
      return await within.query(text, parameters);
    };
    const ended = await follow(reading, transact(reading, asking, work));
    if ("thrown" in ended) throw ended.thrown;
    return ended.value;
  };

  const querySent: Pool["query"] = async (text, parameters, _ = false, callOff_ms = undefined) => {
    const isBounded = callOff_ms !== undefined && connections > 1;
    const asked = [text, parameters.map(toText)] as const;
    const { used, statement } = send(drivers.current(), asked, isBounded ? callOff_ms : null);
    const limit_ms = isBounded ? Math.min(answerMs, callOff_ms + CALL_MS) : answerMs;
    const { over, end } = silence(limit_ms);
    // What is called off when it takes too long is an append.
    const isWrite = callOff_ms !== undefined;
    return await follow(used, Promise.race([statement, over]), isWrite).finally(end);
  };

  const query: Pool["query"] = async (text, parameters, isLong = false, callOff_ms = undefined) => {
    const known = outage.refusal();
    if (known !== null) throw known;
    try {
      return isLong
        ? await queryLong(text, parameters)
        : await querySent(text, parameters, isLong, callOff_ms);
    } catch (error) {
      throw toRefusedLock(error);
    }
  };

  return {
    hasSessions,
    listen: (channel, receive) => void listening.listen(channel, receive).catch(() => {}),
    query,
    writable: async () => {
      health.assertWritten();
      const { reading } = drivers.current();
      // Sent even if the database is known to be away: this detects when it is back.
      const begun = performance.now();
      await assertRights({ query: querySent }).catch((error: unknown) => {
        throw error instanceof Unavailable || !isAway(error) ? error : fail(error, reading, begun);
      });
    },
    transaction: transactions.run,
    close: async () => {
      health.close();
      // The driver would also wait for statements whose connections were lost.
      const { over, end } = silence(CLOSE_MS);
      await Promise.race([Promise.allSettled(underWay), over]).catch(() => {});
      end();
      await Promise.all([listening.end({ timeout: 0 }), drivers.end(), transactions.end()]);
    },
  };
};
