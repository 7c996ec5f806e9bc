/** Who holds a data folder, and whether that process still lives. */
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";

export type Holder = {
  readonly pid: number;
  readonly host: string;
  /** Tells apart boots of one machine, and containers that count their processes on their own. */
  readonly realm: string;
  /** When the process started, as the kernel counts; "" where there is no telling. */
  readonly started: string;
  /** Tells apart two holdings of one process. */
  readonly token: string;
};

const orEmpty = (read: () => string): string => {
  try {
    return read();
  } catch {
    return "";
  }
};

/**
 * The start time of a process in clock ticks since boot (proc(5), field 22 of stat); "" when there
 * is no such process, when it only waits to be buried by its parent, or when there is no /proc.
 */
const startOf = (pid: number): string =>
  orEmpty(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may itself hold spaces and brackets.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? "" : fields[18] ?? "";
  });

const realm = (): string =>
  [
    orEmpty(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    orEmpty(() => readlinkSync("/proc/self/ns/pid")),
  ].join(" ");

/** This process, as a new holder. */
export const thisProcess = (): Holder => ({
  pid: process.pid,
  host: hostname(),
  realm: realm(),
  started: startOf(process.pid),
  token: randomUUID(),
});

/** Reads a holder from a lock file's text; null when it is something else. */
export const parseHolder = (text: string): Holder | null => {
  try {
    const { pid, host, realm, started, token } = JSON.parse(text);
    const texts = [host, realm, started, token];
    return Number.isInteger(pid) && texts.every((part) => typeof part === "string")
      ? { pid, host, realm, started, token }
      : null;
  } catch {
    return null;
  }
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
};

/**
 * Whether the holder's process lives, as seen by this one. `unknown` when it ran on another machine,
 * in another container or before a reboot, or when the kernel tells no start times: a process with
 * that id may be another by now.
 */
export const stateOf = (holder: Holder): "alive" | "dead" | "unknown" => {
  const own = thisProcess();
  if (holder.host !== own.host || holder.realm !== own.realm) return "unknown";
  if (own.started !== "") return startOf(holder.pid) === holder.started ? "alive" : "dead";
  if (holder.pid === own.pid) return "alive";
  return isRunning(holder.pid) ? "unknown" : "dead";
};
