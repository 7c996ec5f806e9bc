/** Workers on workerd itself, as wrangler bundles them. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { Miniflare, type MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions as readConfiguration } from "wrangler";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const EXAMPLE = join(ROOT, "tests/runtimes/workerd");
const CONFIGURATION = "wrangler.jsonc";

/** A worker that runs. */
export type TestWorker = {
  readonly url: string;
  /** All that it logged so far. */
  logged(): string;
  /** Triggers its cron now; rejects when that failed. */
  tick(): Promise<void>;
  stop(): Promise<void>;
};

const bundled = new Map<string, Promise<string>>();

const bundle = async (project: string, main: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerline-worker-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const flags = ["--dry-run", "--minify", "--outdir", folder, "--config", CONFIGURATION];
  await promisify(execFile)(join(ROOT, "node_modules/.bin/wrangler"), ["deploy", main, ...flags], {
    cwd: project,
    env: { PATH: process.env["PATH"], HOME: folder, WRANGLER_SEND_METRICS: "false", CI: "1" },
  });
  return readFileSync(join(folder, main.replace(/\.ts$/, ".js")), "utf8");
};

/** The text of the module that wrangler makes of this one, once for this process. */
const bundleOf = (project: string, main: string): Promise<string> => {
  const path = join(project, main);
  const text = bundled.get(path) ?? bundle(project, main);
  bundled.set(path, text);
  return text;
};

/**
 * A worker's environment; variables are secrets too, and Hyperdrive leads to a database by its URL.
 */
export type WorkerInput = {
  readonly variables: Readonly<Record<string, string>>;
  readonly hyperdrive?: string;
  /** A folder with a `wrangler.jsonc`; the example's when left out. */
  readonly project?: string;
  /** A module in it; `worker.ts` when left out. */
  readonly main?: string;
};

/** Starts the worker. */
export const startWorker = async (
  { variables, hyperdrive, project = EXAMPLE, main = "worker.ts" }: WorkerInput,
): Promise<TestWorker> => {
  const script = await bundleOf(project, main);
  const { workerOptions } = readConfiguration(join(project, CONFIGURATION));
  let logged = "";
  const log = (part: string): void => {
    logged += part;
  };
  const options: MiniflareOptions = {
    ...workerOptions,
    modules: true,
    script,
    // Tests of other subjects are not limited.
    bindings: { ...workerOptions.bindings, RATE_LIMITS: "off", ...variables },
    ...(hyperdrive !== undefined && { hyperdrives: { HYPERDRIVE: hyperdrive } }),
    cf: false,
    unsafeTriggerHandlers: true,
    handleRuntimeStdio: (out: Readable, err: Readable) => {
      for (const stream of [out, err]) stream.setEncoding("utf8").on("data", log);
    },
  };
  const miniflare = new Miniflare(options);
  const url = await miniflare.ready.then(({ href }) => href, async (error) => {
    await miniflare.dispose();
    throw error;
  });
  return {
    url,
    logged: () => logged,
    tick: async () => {
      const answer = await fetch(new URL("/cdn-cgi/handler/scheduled", url));
      const text = await answer.text();
      if (text !== "ok") throw new Error(`the cron trigger came to ${text}`);
    },
    stop: () => miniflare.dispose(),
  };
};
