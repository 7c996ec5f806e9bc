/** The PostgreSQL that all sides of a comparison use, each with its own database. */
import postgres from "postgres";
import { openPostgresLog, type PostgresLog } from "../../adapters/log/postgres/mod.ts";
import { type PostgresServer, startPostgres, SYNCED } from "../support/postgres.ts";
import { type Caller, calling, DATA } from "./appending.ts";
import { type Bare, BARE_INSERT, BARE_READ, BARE_TABLE } from "./engine.ts";

/** What makes a commit wait until it is on the disk: on by default, and demanded here. */
const DURABLE = `select string_agg(name || '=' || setting, ' ' order by name) as settings
from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')`;
const DURABLE_SETTINGS = "fsync=on full_page_writes=on synchronous_commit=on";

/** Runs `work` with a PostgreSQL that syncs every commit to disk; it is removed afterwards. */
export const withPostgres = async <Value>(
  work: (server: PostgresServer) => Promise<Value>,
): Promise<Value> => {
  const server = await startPostgres(SYNCED);
  try {
    const [row] = await server.run(await server.database(), DURABLE);
    if (row?.["settings"] !== DURABLE_SETTINGS) {
      throw new Error(`the server must sync: ${row?.["settings"]}`);
    }
    return await work(server);
  } finally {
    await server.stop();
  }
};

/** Runs `work` with a new log on the server. */
export const withPostgresLog = async <Value>(
  server: PostgresServer,
  work: (log: PostgresLog, url: string) => Promise<Value>,
): Promise<Value> => {
  const url = await server.database();
  const log = await openPostgresLog({ url });
  try {
    return await work(log, url);
  } finally {
    await log.close();
  }
};

/** How many connections insert concurrently where there is more than one caller. */
const CONNECTIONS = 16;

/**
 * The bare statements on a bare table: each one prepared statement of the driver, one round trip,
 * one row; all share the connections, which the driver pipelines.
 */
export const openBarePostgres = async (
  url: string,
): Promise<{ readonly bare: Bare; readonly close: () => Promise<void> }> => {
  const sql = postgres(url, { max: CONNECTIONS, onnotice: () => {} });
  await sql.unsafe(BARE_TABLE);
  let id = 0;
  const run = (text: string, values: (string | number)[]) =>
    sql.unsafe(text, values, { prepare: true });
  return {
    bare: {
      insert: (data) => run(BARE_INSERT, [id += 1, "acme", data]),
      read: async () => (await run(BARE_READ, [1]))[0] ?? {},
    },
    close: () => sql.end(),
  };
};

/** Runs `work` with what makes callers that insert into a bare table. */
export const withBareInserts = async <Value>(
  server: PostgresServer,
  work: (open: () => Caller) => Promise<Value>,
): Promise<Value> => {
  const { bare, close } = await openBarePostgres(await server.database());
  try {
    return await work(() => calling(() => bare.insert(DATA)));
  } finally {
    await close();
  }
};
