/** Which process holds a data folder, and whether it is still alive. */
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";

export type Holder = {
  readonly pid: number;
  readonly host: string;
  /** Distinguishes boots of one machine, and containers with their own process ids. */
  readonly realm: string;
  /** When the process started, as the kernel counts; "" where that is unknown. */
  readonly started: string;
  /** Distinguishes two holdings of one process. */
  readonly token: string;
  /**
   * Whether it listens in the folder (`liveness-socket.ts`); earlier versions did not know of that.
   */
  readonly socket?: boolean;
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
 * is no such process, when it is a zombie, or when there is no /proc.
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

/** This process, as a new holder that does not listen. */
export const thisProcess = (): Holder & { readonly socket: boolean } => ({
  pid: process.pid,
  host: hostname(),
  realm: realm(),
  started: startOf(process.pid),
  token: randomUUID(),
  socket: false,
});

/** The boot of the machine that the holder ran in; "" where that is unknown. */
export const bootOf = ({ realm }: Pick<Holder, "realm">): string => realm.split(" ")[0] ?? "";

/** Whether the holder runs, or ran, under the kernel of this process. */
export const isOfThisKernel = (holder: Holder): boolean => {
  const boot = bootOf(holder);
  return boot !== "" && boot === bootOf({ realm: realm() });
};

const MAX_LENGTH = 255;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PRINTABLE = /^[\x20-\x7e]*$/;

/** A text of the lock's that may be printed, or made part of a path. */
const isPlain = (value: unknown): value is string =>
  typeof value === "string" && value.length <= MAX_LENGTH && PRINTABLE.test(value);

/** Reads a holder from a lock file's text; null when it is something else. */
export const parseHolder = (text: string): Holder | null => {
  try {
    const { pid, host, realm, started, token, socket } = JSON.parse(text);
    const isHolder = Number.isSafeInteger(pid) && pid > 0 &&
      [host, realm, started, token].every(isPlain) && UUID.test(token) &&
      ["boolean", "undefined"].includes(typeof socket);
    if (!isHolder) return null;
    const holder = { pid, host, realm, started, token };
    return socket === undefined ? holder : { ...holder, socket };
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
 * Whether the holder's process is alive, as seen by this one. `unknown` when it ran on another
 * machine, in another container or before a reboot, or when the kernel gives no start times: a
 * process with that id may be another by now.
 */
export const stateOf = (holder: Holder): "alive" | "dead" | "unknown" => {
  const own = thisProcess();
  if (holder.realm !== own.realm) return "unknown";
  if (bootOf(own) === "" && holder.host !== own.host) return "unknown";
  if (own.started !== "") return startOf(holder.pid) === holder.started ? "alive" : "dead";
  if (holder.pid === own.pid) return "alive";
  return isRunning(holder.pid) ? "unknown" : "dead";
};
