/** Connections to a PostgreSQL, and what each is used for. */
import postgres from "postgres";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { Parameter, ResultRow } from "../sql/database.ts";
import { PLANNING } from "../sql/planning.ts";
import type { OnOtherRows } from "../sql/row-version.ts";
import type { Outage } from "./outage.ts";
import { openSockets } from "./socket.ts";

/** Where a PostgreSQL is, and how many connections to keep there. */
export type PostgresOptions = {
  /**
   * `postgres://user:password@host:port/database`; `sslmode` and others as libpq has them. Behind a
   * pooler nothing is prepared or listened for, since the next statement may meet another session;
   * with `?prepare=true` it is anyway, with `?prepare=false` nowhere.
   */
  readonly url: string;
  /**
   * How many connections at most; 10 by default. One or two append, or six in ten while some
   * appends are blocked; the others read. Besides there is one that listens, for a while one that
   * calls off what is blocked, and each transaction has its own: a rebuild takes two.
   */
  readonly connections?: number | undefined;
  /**
   * Whether the schema is known to exist and be up to date, for example because this program opened
   * the log before; opening it then asks the database for nothing, so the URL has to name a pooler.
   * False by default.
   */
  readonly isMigrated?: boolean | undefined;
  /** Whether a database without a ledger is refused; by default one is made there. */
  readonly mustExist?: boolean | undefined;
  /**
   * How long a statement may go without an answer until it is given up, since the server may have
   * disappeared without closing the connection; 60,000 ms by default.
   */
  readonly answerMs?: Milliseconds | undefined;
  /** Called with a sentence when the database cannot be reached, or a connection to it was lost. */
  readonly onUnavailable?: ((why: string) => void) | undefined;
  /** Called when it answers again. */
  readonly onAvailable?: (() => void) | undefined;
  /** Called with the number of appends in each statement, for measuring them; must not throw. */
  readonly onBatch?: ((size: number) => void) | undefined;
  /**
   * Handles rows that another version of the code made, before the log is returned: rebuilds them
   * (`rebuildAll`) or throws. By default opening rejects, with a sentence that says what to do. Is
   * not called where the database `isMigrated`.
   */
  readonly onOtherRows?: OnOtherRows | undefined;
};

/** The default maximum of connections. */
export const DEFAULT_CONNECTIONS = 10;

/** How long a new connection may take until it counts as failed. */
const CONNECT_SECONDS = 10;

/** After a connection failed, its place is tried again no sooner than this. */
const BACKOFF_SECONDS = 0.1;

/** The types that the driver would make values of: bool, bytea, numbers, json and times. */
const PARSED_TYPES = [16, 17, 21, 23, 26, 114, 700, 701, 1082, 1114, 1184, 3802];

/** Leaves every value as PostgreSQL writes it. */
const AS_TEXT = {
  to: 25,
  from: PARSED_TYPES,
  serialize: (value: string): string => value,
  parse: (text: string): string => text,
};

/** Most strings have nothing to escape, and looking for it is quicker than replacing it. */
const quoted = (value: string): string =>
  /["\\]/.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : `"${value}"`;

/** A parameter as the text that PostgreSQL reads. */
export const toText = (parameter: Parameter): string | null => {
  if (parameter === null || typeof parameter === "string") return parameter;
  if (typeof parameter === "number") return String(parameter);
  return `{${parameter.map((value) => value === null ? "NULL" : quoted(value)).join(",")}}`;
};

/** Whether this is workerd, where no socket of `node:net` can become a secure one afterwards. */
export const isWorkerd = (): boolean => globalThis.navigator?.userAgent === "Cloudflare-Workers";

export type PoolOptions = PostgresOptions & {
  /** Whether each statement may meet another session, whatever the URL says; false by default. */
  readonly isPooled?: boolean;
  /**
   * Whether each connection is known to be a session of the database itself, which takes settings
   * (`PLANNING`); false by default.
   */
  readonly isDirect?: boolean;
  /** What is known of the database being away, where that outlives the pool. */
  readonly outage?: Outage;
};

/** Opens connections, as they are needed: as many as the options say. */
export const connect = (
  { url, connections = DEFAULT_CONNECTIONS, isPooled = false, isDirect = false }: PoolOptions,
  idleSeconds?: number,
): postgres.Sql => {
  // On workerd the driver comes with its own sockets.
  const sockets = isWorkerd() ? {} : { socket: openSockets() };
  return postgres(url, {
    max: connections,
    connect_timeout: CONNECT_SECONDS,
    backoff: () => BACKOFF_SECONDS,
    fetch_types: false,
    types: { text: AS_TEXT },
    onnotice: () => {},
    connection: { application_name: "ledgerline", ...(isDirect && PLANNING) },
    ...sockets,
    ...(isPooled && { prepare: false }),
    ...(idleSeconds !== undefined && { idle_timeout: idleSeconds }),
  });
};

/**
 * The rows of a result. After one that was cut off in its middle, by an error or the end of the
 * connection, the driver goes on counting its rows in the next one, whose first places are empty
 * then.
 */
export const rowsOf = (result: readonly postgres.Row[]): readonly ResultRow[] =>
  result.length > 0 && !(0 in result) ? result.filter(() => true) : result;

/** Asks for the rows of one statement. */
export const ask = async (
  sql: postgres.Sql | postgres.TransactionSql,
  text: string,
  parameters: readonly Parameter[],
): Promise<readonly ResultRow[]> =>
  rowsOf(await sql.unsafe(text, parameters.map(toText), { prepare: true }));

/** With fewer connections than these, all do everything. */
const FEW = 4;

/** More concurrent statements than these append no more. */
const MOST_STATEMENTS = 8;

/** The cancelling connection is closed after it was idle for so long. */
const IDLE_SECONDS = 20;

/** How many statements append concurrently, at most, with so many connections. */
export const statementsOf = (connections: number): number =>
  connections < FEW
    ? Math.max(1, connections - 1)
    : Math.min(MOST_STATEMENTS, Math.floor(connections * 0.6));

/** The connections of a pool by what they are for; with few of them, the same for all. */
export type Drivers = {
  readonly reading: postgres.Sql;
  /**
   * For the appends, whose commits may hang: where all connections are taken, the driver sends the
   * next statement behind one that is under way, and a read would wait for the hanging commit.
   */
  readonly appending: postgres.Sql;
  /** Calls off statements. */
  readonly calling: postgres.Sql;
};

/** Opens the connections of a pool. */
const openDrivers = (options: PoolOptions): Drivers => {
  const { connections = DEFAULT_CONNECTIONS } = options;
  if (connections < FEW) {
    const all = connect(options);
    return { reading: all, appending: all, calling: all };
  }
  const statements = statementsOf(connections);
  return {
    reading: connect({ ...options, connections: connections - statements }),
    appending: connect({ ...options, connections: statements }),
    calling: connect({ ...options, connections: 1 }, IDLE_SECONDS),
  };
};

/** Closes the connections, whatever is under way on them. */
const endDrivers = async (drivers: Drivers): Promise<void> => {
  await Promise.all([...new Set(Object.values(drivers))].map((each) => each.end({ timeout: 0 })));
};

/** The connections of a pool, which are replaced when they are no longer usable. */
export const openRenewed = (options: PoolOptions) => {
  let drivers = openDrivers(options);
  let isClosed = false;
  const renew = (): void => {
    const left = drivers;
    if (isClosed) return;
    drivers = openDrivers(options);
    void endDrivers(left);
  };
  return {
    current: (): Drivers => drivers,
    renew,
    /** Replaces them, unless that was done since `stale` was one of them. */
    leave: (stale: postgres.Sql): void => {
      if (Object.values(drivers).includes(stale)) renew();
    },
    end: (): Promise<void> => {
      isClosed = true;
      return endDrivers(drivers);
    },
  };
};
