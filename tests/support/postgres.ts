/** A real PostgreSQL for tests: one that is started here, or the one in `TEST_DATABASE_URL`. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import postgres from "postgres";
import { freePort } from "./port.ts";
import { findPrograms, openFolder, type User } from "./postgres-programs.ts";

/** A PostgreSQL server that runs. */
export type PostgresServer = {
  /** Creates an empty database and returns its URL; it is removed when the server is stopped. */
  database(): Promise<string>;
  /** Runs one statement as the superuser, in a database of its URL. */
  run(url: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Drops what was made, and ends the server if it was started here. */
  stop(): Promise<void>;
  /** The URL of the server's own database, for its superuser. */
  readonly url: string;
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

// The programs run in the root folder: another user may not enter the one that the tests run in.

/** Runs a program to its end; rejects with what it printed when it fails or cannot be started. */
const runProgram = (program: string, args: readonly string[], user: User | null): Promise<void> =>
  new Promise((resolve, reject) => {
    const printed: string[] = [];
    const child = spawn(program, args, { ...user, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => printed.push(text));
    }
    child.on("error", reject);
    child.on("close", (code) => code === 0 ? resolve() : reject(new Error(printed.join(""))));
  });

/** Starts the server, and waits until it takes connections. */
const startServer = (program: string, args: readonly string[], user: User | null) =>
  new Promise<ChildProcess>((resolve, reject) => {
    const child = spawn(program, args, { ...user, cwd: "/", stdio: ["ignore", "ignore", "pipe"] });
    let printed = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (printed.length < MAX_PRINTED) printed += text;
      if (printed.includes("database system is ready to accept connections")) resolve(child);
    });
    child.on("error", reject);
    child.on("exit", () => reject(new Error(printed)));
  });

/** How much of a server's output is kept, to explain a failed start. */
const MAX_PRINTED = 100_000;

/** Has the server end when this process does, unless it has ended before. */
const endWithThisProcess = (server: ChildProcess): void => {
  const end = (): void => void server.kill("SIGQUIT");
  const signalled = (): void => {
    end();
    process.exit(1);
  };
  process.once("exit", end);
  process.once("SIGTERM", signalled);
  process.once("SIGINT", signalled);
  server.once("exit", () => {
    process.off("exit", end);
    process.off("SIGTERM", signalled);
    process.off("SIGINT", signalled);
  });
};

const startEmbedded = async (flags: readonly string[]) => {
  const { initdb, postgres: program, user } = await findPrograms();
  const folder = user === null
    ? mkdtempSync(join(tmpdir(), "ledgerline-postgres-"))
    : openFolder("ledgerline-postgres-");
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const port = await freePort();
  try {
    const password = join(folder, "password");
    writeFileSync(password, "postgres\n");
    const options = [
      "--username=postgres",
      "--auth=password",
      `--pwfile=${password}`,
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
    ];
    await runProgram(initdb, [`--pgdata=${data}`, ...options], user);
    const settings = [
      "listen_addresses=127.0.0.1",
      `unix_socket_directories=${folder}`,
      "fsync=off",
    ];
    const server = await startServer(
      program,
      ["-D", data, "-p", String(port), ...settings.flatMap((set) => ["-c", set]), ...flags],
      user,
    );
    endWithThisProcess(server);
    return {
      url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
      stop: async (): Promise<void> => {
        const ended = once(server, "exit");
        server.kill("SIGINT");
        await ended;
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`PostgreSQL did not start: ${why}`, { cause: error });
  }
};

/**
 * Starts a PostgreSQL 18 in a new folder, or takes the server that `TEST_DATABASE_URL` names, whose
 * user must be allowed to create databases, or the one that all files of a run share, which
 * `tests/run.ts` names in `TESTS_POSTGRES` and which has no flags of its own. `flags` go to the
 * program that is started here. It survives crashes of processes, but no power cut, unless `flags`
 * are `SYNCED`.
 */
export const startPostgres = async (flags: readonly string[] = []): Promise<PostgresServer> => {
  const given = process.env["TEST_DATABASE_URL"] ??
    (flags.length === 0 ? process.env["TESTS_POSTGRES"] : undefined);
  const server = given === undefined
    ? await startEmbedded(flags)
    : { url: given, stop: () => Promise.resolve() };
  const databases = databasesOf(server.url);
  return {
    url: server.url,
    database: databases.make,
    run: runOn,
    stop: async () => {
      await databases.drop();
      await server.stop();
    },
  };
};
