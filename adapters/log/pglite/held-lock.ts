/** A held lock, and how its holder knows that it still holds. */
import { messageOf } from "../../../core/values/error-message.ts";
import {
  closeSync,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  rmSync,
  statfsSync,
  type Stats,
  statSync,
} from "node:fs";
import process from "node:process";
import { clearInterval, setImmediate, setInterval } from "node:timers";
import { type Alive, socketPath } from "./liveness-socket.ts";
import { type Beat, BEAT_MS, type Stamps, stampsFrom, type startBeat } from "./lock-heartbeat.ts";
import { bootOf, type Holder } from "./holder.ts";
import {
  highestLock,
  lockNumbers,
  lockPath,
  markReleased,
  openLock,
  readLock,
} from "./lock-files.ts";
import { FolderLost } from "./folder-lost.ts";

/**
 * How long a starter watches a beat that does not advance before it takes over. A file's time that
 * was read over a network may be three seconds old.
 */
export const WATCH_MS = 6_000;

/** A holder whose last beat is older cannot be sure of its lock: half of what a starter watches. */
const MAX_AGE_S = WATCH_MS / 2 / 1_000;

/**
 * How long after a change the folder is read, since its time may be as coarse as this: the kernel's
 * tick, or a second or two on some file systems, and always a second on Deno.
 */
const coarseOf = (ctimeMs: number): number => ctimeMs % 1_000 === 0 ? 2_050 : 50;

/** Lock files that are kept below the highest, for starters that listed the folder long ago. */
const KEPT = 16;

/** A held lock. */
export type FolderLock = {
  /**
   * Throws `FolderLost` when the lock is lost, or is not certain to be held: another has a higher
   * number, its file or socket no longer exists or is another's, or its beat stopped where only the
   * beat protects it. Costs two short system calls; to be called before anything that writes.
   */
  assertHeld(): void;
  /** Whether time alone protects it: on a network file system, or without a socket. */
  readonly isTimed: boolean;
  /** The loss, once it was noticed. */
  lost(): FolderLost | null;
  /** Releases the folder; calling it again does nothing. A lost one stays as it is. */
  release(): void;
};

// File systems of this machine alone, by the magic numbers of statfs(2): ext, xfs, btrfs, tmpfs,
// overlayfs, zfs, f2fs, bcachefs, ramfs, jfs, nilfs. No other machine has them open.
const LOCAL = [
  0xef53,
  0x58465342,
  0x9123683e,
  0x01021994,
  0x794c7630,
  0x2fc12fc1,
  0xf2f52010,
  0xca451a4e,
  0x858458f6,
  0x3153464a,
  0x3434,
];

const isLocal = (folder: string): boolean => {
  try {
    return process.platform === "linux" && LOCAL.includes(Number(statfsSync(folder).type) >>> 0);
  } catch {
    return false;
  }
};

const isSame = (a: Stats | undefined, b: Stats): boolean => a?.ino === b.ino && a.dev === b.dev;

const why = (folder: string, what: string): FolderLost =>
  new FolderLost(
    `the data folder ${folder} is no longer this process's: ${what}; nothing more is acknowledged`,
  );

type Held = {
  readonly folder: string;
  readonly number: number;
  readonly holder: Holder;
  readonly alive: Alive | null;
  /** Starts a beat, where one is needed. */
  readonly start: typeof startBeat;
};

/** What of the lock has changed since it was made; null when nothing has. Reads everything. */
const inspection = ({ folder, number, holder, alive }: Held, descriptors: Descriptors) => {
  const text = JSON.stringify(holder);
  const path = lockPath(folder, number);
  return (): string | null => {
    const own = fstatSync(descriptors.lock);
    if (!isSame(statSync(folder, { throwIfNoEntry: false }), fstatSync(descriptors.folder))) {
      return "it was removed or replaced";
    }
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return `lock.${number} no longer exists`;
    if (!isSame(found, own) || readLock(folder, number)?.text !== text) {
      return `lock.${number} is another's`;
    }
    if (highestLock(folder) > number) return `lock.${highestLock(folder)} was made by another`;
    const socket = lstatSync(socketPath(folder, holder.token), { throwIfNoEntry: false });
    if (alive !== null && socket?.ino !== alive.ino) return "its socket no longer exists";
    return null;
  };
};

type Descriptors = { readonly folder: number; readonly lock: number };

/** Removes what is left of earlier holders; what cannot be removed stays. */
const clear = (folder: string, number: number, before: Holder | null): void => {
  const old = lockNumbers(folder).filter((each) => each < number - KEPT)
    .map((each) => lockPath(folder, each));
  if (before !== null) old.push(socketPath(folder, before.token));
  for (const path of old) {
    try {
      rmSync(path);
    } catch {
      // A folder by that name, or one that no longer exists.
    }
  }
};

/** A quick look whether something changed since the lock was inspected. */
const openChecks = (held: Held, descriptors: Descriptors, stamps: Stamps, beat: Beat | null) => {
  const inspect = inspection(held, descriptors);
  const { size, mtimeMs } = fstatSync(descriptors.lock);
  const times = stamps.map((stamp) => stamp * 1_000);
  const keepsStamps = times.includes(mtimeMs);
  let seen = 0;
  let seenAt = 0;
  let isStable = false;

  const inspected = (): string | null => {
    try {
      return inspect();
    } catch (error) {
      return messageOf(error);
    }
  };
  /** Whether neither the lock file nor the names in its folder changed since an inspection. */
  const isQuiet = (): boolean => {
    const { ctimeMs } = fstatSync(descriptors.folder);
    const own = fstatSync(descriptors.lock);
    if (own.nlink !== 1 || own.size !== size) return false;
    if (keepsStamps && !times.includes(own.mtimeMs)) return false;
    if (isStable && ctimeMs === seen) return true;
    const now = performance.now();
    // A second change may have the same time as the first: only an inspection well after it counts.
    isStable = ctimeMs === seen && now - seenAt > coarseOf(ctimeMs);
    if (ctimeMs !== seen) [seen, seenAt] = [ctimeMs, now];
    return false;
  };
  const isOld = (): boolean => beat !== null && beat.age() > MAX_AGE_S;
  const STALLED = `its process stood still for more than ${MAX_AGE_S} seconds`;
  return {
    /** What is wrong; null when nothing is. */
    quick: (): string | null => {
      if (isOld()) return STALLED;
      return isQuiet() ? null : inspected();
    },
    thorough: (): string | null => isOld() ? STALLED : inspected(),
  };
};

/** Gives the lock file the next of its stamps; a file system that takes none has no beat. */
const stampFile = (descriptor: number, stamps: Stamps, count: number): void => {
  try {
    const stamp = stamps[count % 2] ?? stamps[0];
    futimesSync(descriptor, stamp, stamp);
  } catch {
    // The kernel shows that this process is alive.
  }
};

const close = (descriptors: Descriptors): void => {
  closeSync(descriptors.lock);
  closeSync(descriptors.folder);
};

/**
 * Starts the beat of the lock file; where there is none, lets go of the descriptors and rejects.
 */
const beginBeat = async (
  { folder, number, start }: Held,
  descriptors: Descriptors,
  stamps: Stamps,
): Promise<Beat> => {
  try {
    return await start(lockPath(folder, number), fstatSync(descriptors.lock).ino, stamps);
  } catch (error) {
    close(descriptors);
    const why = messageOf(error);
    throw new Error(`the data folder ${folder} cannot be locked: its lock has no beat (${why})`, {
      cause: error,
    });
  }
};

/**
 * Holds the lock whose file was just made. `before` was its last holder; `onLost` is called once
 * when the lock is lost, also while nothing is written. Where the kernel cannot show starters
 * whether this process is alive (no socket, or a file system that other machines may share), a
 * thread keeps up a beat, and the lock counts as lost when the beat stopped.
 */
export const hold = async (
  held: Held,
  before: Holder | null,
  onLost: (lost: FolderLost) => void,
): Promise<FolderLock> => {
  const { folder, number, holder, alive } = held;
  const descriptors = { folder: openSync(folder, "r"), lock: openLock(folder, number) };
  const stamps = stampsFrom(Date.now());
  const isShown = alive !== null && bootOf(holder) !== "" && isLocal(folder);
  const beat = isShown ? null : await beginBeat(held, descriptors, stamps);
  if (beat === null) stampFile(descriptors.lock, stamps, 0);
  const checks = openChecks(held, descriptors, stamps, beat);
  let lost: FolderLost | null = null;
  let isOver = false;

  const lose = (what: string | null): void => {
    if (what === null || lost !== null) return;
    lost = why(folder, what);
    const reason = lost;
    setImmediate(() => onLost(reason));
  };
  let beats = 0;
  const look = (): void => {
    lose(checks.thorough());
    if (lost !== null) clearInterval(watch);
    // Starters of earlier versions go by it.
    else if (beat === null) stampFile(descriptors.lock, stamps, beats += 1);
  };
  const watch = setInterval(look, BEAT_MS);
  watch.unref();
  lose(checks.thorough());
  if (lost === null) clear(folder, number, before);
  return {
    isTimed: beat !== null,
    assertHeld: () => {
      if (lost === null && !isOver) lose(checks.quick());
      if (lost !== null) throw lost;
    },
    lost: () => lost,
    release: () => {
      if (isOver) return;
      isOver = true;
      lose(checks.thorough());
      clearInterval(watch);
      beat?.end();
      if (lost === null) markReleased(folder, number, holder);
      alive?.end();
      close(descriptors);
    },
  };
};
