/** Runs test files on Node, in a few processes that take the next file when they are done. */
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { setImmediate as nextTurn } from "node:timers/promises";
import { shortFlags } from "../support/v8.ts";
import { ROOT } from "../tidy/command.ts";
import { cpuSeconds } from "./cpu.ts";
import { leastOf } from "./ran.ts";

/** What ran in a file, as `reporter.js` sends it; `ran` counts what is in no suite. */
type Sent = {
  readonly ran: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly name: string; readonly why: string }[];
};

/** What ran in a file, what its process printed meanwhile, and how long it took. */
export type FileReport = Sent & {
  readonly file: string;
  readonly output: string;
  readonly seconds: number;
  /**
   * Processor time of its process, and of those that this one started and that ended; null where it
   * is not known.
   */
  readonly cpuSeconds: number | null;
};

export type PoolOptions = {
  /** How many processes run files concurrently. */
  readonly workers: number;
  /** Whether a file has a process for itself, which begins and ends with it. */
  readonly isAlone: (file: string) => boolean;
  /** Called once for each file, when it is done. */
  readonly onReport: (report: FileReport) => void;
  /** Asked before each file: whether it may still be started. */
  readonly mayStart?: () => boolean;
  /** A file that takes longer hangs: its process is ended. */
  readonly limit_ms?: number;
  /** A process that takes longer to end, after its files, has left something open. */
  readonly end_ms?: number;
};

/** Many times what the slowest file takes on a busy machine. */
const LIMIT_MS = 20 * 60_000;
/** What runs at the end of a process: databases and servers that it closes. */
const END_LIMIT_MS = 60_000;
/** A process that has more memory is replaced: databases that were closed are freed with it. */
const MOST_MEMORY = 1_200_000_000;

/** Sent in place of a path: there is no other file. */
export const END = "";

const NOTHING: Sent = { ran: 0, passed: 0, failed: 0, skipped: 0, failures: [] };

const failedWith = (why: string): Sent => ({
  ...NOTHING,
  failed: 1,
  failures: [{ name: "the file", why }],
});

/** The report; a failure more where fewer tests ran than are written in the file. */
const withShortfall = (file: string, sent: Sent): Sent => {
  const least = leastOf(readFileSync(`${ROOT}${file}`, "utf8"));
  if (sent.ran >= least || sent.failed > 0) return sent;
  const why = sent.ran === 0 ? "no test ran" : `only ${sent.ran} of at least ${least} tests ran`;
  return { ...sent, failed: 1, failures: [{ name: "the file", why }] };
};

const ARGUMENTS = ["--import=tsx", "--test-reporter=./tests/runner/reporter.js"];

/** The variables of this process as they are now. */
const environment = (): NodeJS.ProcessEnv => {
  // In a process of `node --test`, this one would have the worker report to it instead.
  const { NODE_TEST_CONTEXT: _, ...others } = process.env;
  return others;
};

/** What a process has printed may still be on its way for so long after it ended. */
const PRINTED_MS = 1_000;

/** What work gives that a process does, and how long that took. */
const measured = async (
  { pid }: ChildProcess,
  work: () => Promise<Sent>,
): Promise<readonly [Sent, Pick<FileReport, "seconds" | "cpuSeconds">]> => {
  const used = (): number | null => pid === undefined ? null : cpuSeconds(pid);
  const [begun_ms, before] = [performance.now(), used()];
  const sent = await work();
  // What it printed came before what it sent, and is read in the same turn.
  await nextTurn();
  const seconds = (performance.now() - begun_ms) / 1_000;
  const now = used();
  return [sent, { seconds, cpuSeconds: before === null || now === null ? null : now - before }];
};

type Worker = {
  readonly run: (file: string) => Promise<FileReport>;
  /** Whether it can run another file. */
  readonly isFit: () => boolean;
  /** Ends it; resolves to why it did not end well, or null. */
  readonly end: () => Promise<string | null>;
};

const startWorker = (limit_ms: number, end_ms: number): Worker => {
  const child: ChildProcess = fork(`${ROOT}tests/runner/worker.ts`, [], {
    cwd: ROOT,
    env: environment(),
    execArgv: [...shortFlags(), ...ARGUMENTS, "--test-reporter-destination=stdout"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  const keep = (part: string): void => {
    output += part;
  };
  child.stdout?.setEncoding("utf8").on("data", keep);
  child.stderr?.setEncoding("utf8").on("data", keep);
  let ended = false;
  const close = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(`${signal ?? code}`));
    child.on("exit", (code, signal) => {
      ended = true;
      // A process that it started and left behind may hold what it printed to.
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(`${signal ?? code}`);
      }, PRINTED_MS);
    });
  });
  let fit = true;
  let hasFailed = false;
  const sentOf = (file: string): Promise<Sent> =>
    new Promise((resolve) => {
      const hung = setTimeout(() => {
        fit = false;
        child.kill("SIGKILL");
        resolve(failedWith(`not done after ${limit_ms} ms`));
      }, limit_ms);
      child.once("message", ({ memory, ...sent }: Sent & { readonly memory: number }) => {
        fit = memory < MOST_MEMORY;
        resolve(withShortfall(file, sent));
      });
      void close.then((how) =>
        resolve(failedWith(`its process ended before its tests did (${how})`))
      );
      void close.finally(() => clearTimeout(hung));
      child.once("message", () => clearTimeout(hung));
      if (child.connected) child.send(file);
    });
  return {
    run: async (file) => {
      output = "";
      const [sent, took] = await measured(child, () => sentOf(file));
      hasFailed ||= sent.failed > 0;
      child.removeAllListeners("message");
      return { file, ...sent, output, ...took };
    },
    isFit: () => fit && !ended && child.connected,
    end: async () => {
      if (child.connected) child.send(END);
      const late = setTimeout(() => child.kill("SIGKILL"), end_ms);
      const how = await close;
      clearTimeout(late);
      if (hasFailed || how === "0") return null;
      if (how === "SIGKILL") return "its process did not end: something is left open";
      // Node ends so after what failed once its test was over, such as an unhandled rejection.
      return `something failed after its test had ended (${how})\n${output}`;
    },
  };
};

/** Runs the files; resolves to those that were not started, since `mayStart` said no. */
export const runFiles = async (
  files: readonly string[],
  { workers, isAlone, onReport, mayStart = () => true, limit_ms = LIMIT_MS, end_ms = END_LIMIT_MS }:
    PoolOptions,
): Promise<readonly string[]> => {
  const waiting = [...files];
  const endOf = async (worker: Worker, file: string): Promise<void> => {
    const why = await worker.end();
    if (why !== null) {
      onReport({ file, ...failedWith(why), output: "", seconds: 0, cpuSeconds: null });
    }
  };
  const work = async (): Promise<void> => {
    let worker: Worker | null = null;
    let last = "";
    while (waiting.length > 0 && mayStart()) {
      const file = waiting.shift() ?? "";
      const shared: Worker | null = isAlone(file) ? null : worker;
      const taken: Worker = shared ?? startWorker(limit_ms, end_ms);
      onReport(await taken.run(file));
      if (isAlone(file)) await endOf(taken, file);
      else if (taken.isFit()) [worker, last] = [taken, file];
      else {
        await endOf(taken, file);
        worker = null;
      }
    }
    if (worker !== null) await endOf(worker, last);
  };
  await Promise.all(Array.from({ length: workers }, work));
  return waiting;
};
