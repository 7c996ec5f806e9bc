import postgres from "postgres";
import type { Database, Parameter, ResultRow } from "../sql/database.ts";

/** Where a PostgreSQL is, and how many connections to keep there. */
export type PostgresOptions = {
  /**
   * `postgres://user:password@host:port/database`; with `?prepare=false` for a pooler in transaction
   * mode, which hands each statement to another session. `sslmode` and others as in libpq.
   */
  readonly url: string;
  /** How many connections at most; 10 by default. One writes, the others read meanwhile. */
  readonly connections?: number;
};

/** A pool of connections as one database. */
export type Pool = Database & {
  /** Lets go of all connections, after what is under way. */
  close(): Promise<void>;
};

/** How long a new connection may take until it is taken to have failed. */
const CONNECT_SECONDS = 10;

/** After a connection failed, another one is tried no sooner than this. */
const BACKOFF_SECONDS = 0.1;

/** The types that the driver would make values of: bool, bytea, numbers, json and times. */
const PARSED_TYPES = [16, 17, 21, 23, 26, 114, 700, 701, 1082, 1114, 1184, 3802];
const TEXT = 25;

/** Leaves every value as PostgreSQL writes it. */
const AS_TEXT = {
  to: TEXT,
  from: PARSED_TYPES,
  serialize: (value: string): string => value,
  parse: (text: string): string => text,
};

const quoted = (value: string): string => `"${value.replace(/["\\]/g, "\\$&")}"`;

const toText = (parameter: Parameter): string | null => {
  if (parameter === null || typeof parameter === "string") return parameter;
  if (typeof parameter === "number") return String(parameter);
  return `{${parameter.map((value) => value === null ? "NULL" : quoted(value)).join(",")}}`;
};

/** Opens a pool; it connects when the first statement comes. */
export const openPool = ({ url, connections = 10 }: PostgresOptions): Pool => {
  const sql = postgres(url, {
    max: connections,
    connect_timeout: CONNECT_SECONDS,
    backoff: () => BACKOFF_SECONDS,
    fetch_types: false,
    types: { text: AS_TEXT },
    onnotice: () => {},
    connection: { application_name: "ledgerline" },
  });
  return {
    query: async (text, parameters): Promise<readonly ResultRow[]> =>
      await sql.unsafe(text, parameters.map(toText), { prepare: true }),
    close: () => sql.end(),
  };
};
