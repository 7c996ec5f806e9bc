/** Servers in separate processes, as in production: built, and over real sockets. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { ADMIN_TOKEN, operatorOf, requesterTo, type TestApp } from "./app.ts";
import { serverProgram } from "./bundle.ts";
import { shortFlags, shortFlagsOfDeno } from "./v8.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Many times the duration of a start: the machine may be busy with other tests. */
const START_LIMIT_MS = 180_000;

/** How a process ended. */
export type End = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A process that was started on the server's program, whether or not it listens. */
export type ServerProcess = {
  readonly pid: number;
  /** Resolves when it has ended and all that it printed was read. */
  readonly ended: Promise<End>;
  /** All that it printed so far. */
  readonly printed: () => { readonly out: string; readonly err: string };
  /** The first line on standard output; "" when it ended without one. */
  readonly firstLine: () => Promise<string>;
  /** Sends a signal and waits for the end. */
  readonly kill: (signal: NodeJS.Signals) => Promise<End>;
};

/** A server that listens. */
export type TestServer =
  & ServerProcess
  & Pick<TestApp, "request" | "admin" | "organization" | "advance">
  & {
    readonly folder: string;
    readonly url: string;
    readonly port: number;
  };

export type ServerOptions = {
  /** Where its data is; a new folder when left out. */
  readonly folder?: string;
  /** Node runs the server built by `npm run build`, Deno a module. */
  readonly runtime?: "node" | "deno";
  /** What Deno runs; the package's entry point when left out. */
  readonly module?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A program that watches it, with arguments that the server's command can follow. */
  readonly under?: readonly string[];
};

const folders: string[] = [];
const children = new Set<ChildProcess>();

/** What no server prints, whatever its test does: tokens, who people are, and their numbers. */
const PRIVATE = /\btk_\w+\.\w+|[\w.+-]+@(?:\w+\.)*example\b|\+1\d{10}\b/;

/** No token of the operator is shorter. */
const ADMIN_TOKEN_LENGTH = 16;

/** What servers printed of that all the same. */
const leaks: string[] = [];

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });

const removeAll = (): void => {
  for (const child of children) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) remove(folder);
};
process.on("exit", removeAll);

/**
 * Ends all servers and removes their folders, at the end of a test suite. Throws where one of them
 * printed what is secret or personal.
 */
export const removeServers = async (): Promise<void> => {
  const ends = [...children].map((child) => once(child, "close"));
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(ends);
  removeAll();
  assert.deepEqual(leaks.splice(0), [], "servers print nothing that is secret or personal");
};

/** A folder for data that is removed after the tests. */
export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerline-server-"));
  folders.push(folder);
  return folder;
};

/** Deno with what a server may do, and a cron. */
const DENO = [`${ROOT}node_modules/.bin/deno`, "run", "-A", "--no-lock", "--unstable-cron"];

/**
 * Variables of the machine that the programs need; the server's settings must not leak into a test.
 */
export const inherited = (): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    ["PATH", "HOME", "TMPDIR", "DENO_DIR"].map((name) => [name, process.env[name]]),
  );

/** A started process, whose output is collected from now on. */
export const follow = (child: ChildProcess): ServerProcess => {
  children.add(child);
  let [out, err] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (part: string) => out += part);
  child.stderr?.setEncoding("utf8").on("data", (part: string) => err += part);
  const ended = once(child, "close").then(([code, signal]): End => {
    children.delete(child);
    return { code, signal };
  });
  const lineOf = (): string => /^(.*)\n/.exec(out)?.[1] ?? "";
  return {
    pid: child.pid ?? 0,
    ended,
    printed: () => ({ out, err }),
    firstLine: () =>
      new Promise((resolve) => {
        const look = (): void => {
          if (lineOf() !== "") resolve(lineOf());
        };
        child.stdout?.on("data", look);
        void ended.then(() => resolve(lineOf()));
        look();
      }),
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
};

/** Starts a process on the server's program, with a free port and an admin token by default. */
export const startProcess = (
  folder: string,
  { runtime = "node", module = "adapters/package/deno.ts", environment = {}, under = [] }:
    ServerOptions = {},
): ServerProcess => {
  const command = runtime === "node"
    ? ["node", ...shortFlags(), serverProgram()]
    : [...DENO, ...shortFlagsOfDeno(), module];
  const [program = "", ...parameters] = [...under, ...command];
  const child = spawn(program, parameters, {
    cwd: ROOT,
    env: {
      ...inherited(),
      DENO_NO_UPDATE_CHECK: "1",
      PORT: "0",
      DATA_DIR: folder,
      ADMIN_TOKEN,
      // Tests of other subjects are not limited.
      RATE_LIMITS: "off",
      // The machine may be busy with other tests, and a purchase is to be answered with its end.
      PURCHASE_WAIT_MS: "60000",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const server = follow(child);
  const operators = environment["ADMIN_TOKEN"] ?? ADMIN_TOKEN;
  child.once("close", () => {
    const { out, err } = server.printed();
    // One without an operator shows a token to try it with.
    const text = operators === "" ? err : out + err;
    // What is too short to be a token is in any text.
    const isToken = operators.length >= ADMIN_TOKEN_LENGTH;
    leaks.push(
      ...text.split("\n").filter((line) =>
        PRIVATE.test(line) || (isToken && line.includes(operators))
      ),
    );
  });
  return server;
};

/** As text, or in a line of JSON. */
const READY = /^(?:\{.*")?ledgerline listening on (http:\/\/localhost:(\d+))(?:"\})?$/;

/** Starts a server and waits until it says that it listens; throws with what it printed if not. */
export const startServer = async (options: ServerOptions = {}): Promise<TestServer> => {
  const folder = options.folder ?? newFolder();
  const started = startProcess(folder, options);
  const late = setTimeout(() => void started.kill("SIGKILL"), START_LIMIT_MS);
  const [, url, port] = READY.exec(await started.firstLine()) ?? [];
  clearTimeout(late);
  if (url === undefined) {
    const { code, signal } = await started.kill("SIGKILL");
    const { out, err } = started.printed();
    throw new Error(`the server did not start (${signal ?? code}): ${out}${err}`);
  }
  const request = requesterTo(url);
  return {
    ...started,
    folder,
    url,
    port: Number(port),
    request,
    ...operatorOf(request),
  };
};
