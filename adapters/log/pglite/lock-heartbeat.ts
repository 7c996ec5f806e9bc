/**
 * The beat of a lock where the kernel alone cannot show whether its holder is alive: on a network
 * file system, or where no socket is available. It is the lock file's time, which alternates
 * between two stamps, and a separate thread keeps it up: neither a long statement nor a long
 * request delays it, only what stops the whole process.
 */
import { Worker } from "node:worker_threads";
import { uptime } from "node:os";

/** Two even seconds, which every file system can keep. */
export type Stamps = readonly [seconds: number, seconds: number];

/** Stamps for a lock that is made now. */
export const stampsFrom = (now_ms: number): Stamps => {
  const even = Math.floor(now_ms / 2_000) * 2;
  return [even, even + 2];
};

export const BEAT_MS = 500;

/** A beat that a thread keeps up. */
export type Beat = {
  /** Seconds since the last beat that reached the file, by the machine's time since its boot. */
  age(): number;
  /** Stops it. */
  end(): void;
};

// A program as text, because a bundle has no separate file that a thread could be started on. It
// opens the file itself: on Deno, a thread cannot use the descriptors of another.
const PROGRAM = `
import { constants, fstatSync, futimesSync, openSync } from "node:fs";
import { uptime } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
const { path, ino, stamps, every, shared } = workerData;
const last = new Float64Array(shared);
const file = openSync(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
if (fstatSync(file).ino !== ino) throw new Error("it is another file by now");
let count = 0;
const beat = () => {
  const now = uptime();
  futimesSync(file, stamps[count % 2], stamps[count % 2]);
  count += 1;
  last[0] = now;
};
beat();
setInterval(() => {
  try {
    beat();
  } catch {
    // The age of the last one is reported.
  }
}, every);
parentPort.postMessage("beating");
`;

/**
 * Starts the beat of the lock file at `path`, which has this inode. Rejects when it has no beat: no
 * thread is available, or the file system stores no times.
 */
export const startBeat = async (path: string, ino: number, stamps: Stamps): Promise<Beat> => {
  const shared = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const last = new Float64Array(shared);
  const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`), {
    workerData: { path, ino, stamps, every: BEAT_MS, shared },
    execArgv: [],
  });
  await new Promise((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
  });
  thread.on("error", () => {});
  thread.unref();
  return {
    // The clock goes on while the machine sleeps, as does the clock of a process that watches the
    // beat.
    age: () => uptime() - (last[0] ?? 0),
    end: () => void thread.terminate(),
  };
};
