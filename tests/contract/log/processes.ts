/** Starting other processes, under the runtime that the tests run under. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { bundleOf } from "../../support/bundle.ts";
import { shortFlags, shortFlagsOfDeno } from "../../support/v8.ts";

const isDeno = "deno" in process.versions;

const programOf = (file: string): readonly string[] => {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return isDeno
    ? ["run", ...shortFlagsOfDeno(), "-A", "--no-lock", "--no-check", path]
    : [...shortFlags(), bundleOf(path)];
};

const commandOf = (file: string, parameters: readonly string[]): readonly string[] => [
  process.execPath,
  ...programOf(file),
  ...parameters,
];

/** The command line that runs the holder on a folder; `more` are its further arguments. */
export const holderCommand = (folder: string, ...more: readonly string[]): readonly string[] =>
  commandOf("./holder.ts", [folder, ...more]);

export type Started = {
  readonly child: ChildProcess;
  /** The next line that it prints; "" when it has ended. */
  line(): Promise<string>;
  /** Sends it a signal; on Deno, the child's own call sends one only once. */
  signal(name: NodeJS.Signals): void;
  /** Sends it a line. */
  say(line: string): void;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
  /** Kills it as a power cut would, and waits for its end. */
  kill(): Promise<void>;
};

const running = new Set<ChildProcess>();

/**
 * Kills what was started and still runs: after a test that failed, stopped processes would stay.
 */
export const killAll = (): void => {
  for (const { pid } of running) if (pid !== undefined) process.kill(pid, "SIGKILL");
};

/** Starts a command and reads what it prints, line by line. */
export const start = (command: readonly string[]): Started => {
  const [program = "", ...parameters] = command;
  const child = spawn(program, parameters, { stdio: ["pipe", "pipe", "ignore"] });
  // Nobody reads it any more.
  child.stdin.on("error", () => {});
  const exited = once(child, "exit");
  running.add(child);
  child.once("exit", () => running.delete(child));
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined && running.has(child)) process.kill(child.pid, name);
  };
  const ready: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let rest = "";
  let ended = false;
  const give = (line: string): void => {
    const next = waiting.shift();
    if (next === undefined) ready.push(line);
    else next(line);
  };
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) give(line);
  });
  child.stdout.on("end", () => {
    ended = true;
    for (const next of waiting.splice(0)) next("");
  });
  return {
    child,
    say: (line) => void child.stdin.write(`${line}\n`),
    ended: exited,
    line: () => {
      const line = ready.shift();
      if (line !== undefined) return Promise.resolve(line);
      return ended ? Promise.resolve("") : new Promise((resolve) => waiting.push(resolve));
    },
    signal,
    kill: async () => {
      signal("SIGKILL");
      await exited;
    },
  };
};

/** Starts a holder on a folder and waits for its first line: `open`, or `refused` and why. */
export const startHolder = async (
  folder: string,
): Promise<Started & { readonly first: string }> => {
  const started = start(holderCommand(folder));
  return { ...started, first: await started.line() };
};

/** Starts a process that locks the folder, and waits until it holds it. */
export const startLocker = async (
  folder: string,
  how: "with" | "without" = "with",
): Promise<Started> => {
  const started = start(commandOf("./locker.ts", [folder, how]));
  assert.equal(await started.line(), "held");
  return started;
};

/** Starts a rebuild that stops there, and waits until it has. */
export const startRebuilder = async (place: string, where: "put" | "swap"): Promise<Started> => {
  const started = start(commandOf("./rebuilder.ts", [place, where]));
  assert.equal(await started.line(), where);
  return started;
};
