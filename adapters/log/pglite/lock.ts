/**
 * The lock on a data folder. Two processes on one database would corrupt it silently, and neither
 * PGlite nor Node has a lock that the kernel releases automatically, so this one consists of files:
 *
 * - A lock file `lock.<n>` names its holder. It appears whole and at most once, and the one with
 *   the highest number counts. A process that finds its holder dead, or marked as released, makes
 *   the next number, and of several that try, one succeeds. The highest one is never removed, so
 *   two starters cannot each clear away the other's lock, as they could if there were a single
 *   name.
 * - The holder listens on a Unix socket in the folder (`liveness-socket.ts`), so that the kernel
 *   shows whether it is alive: one that is stopped, in whatever container of the machine, keeps its
 *   folder; one that was killed has lost it immediately.
 * - Where the kernel cannot show it (another machine, a reboot, no socket) the holder counts as
 *   dead when its beat, the file's time, does not advance while this process watches it. No two
 *   machines' clocks are compared.
 * - The holder looks back before it writes (`held-lock.ts`), and never writes again once it lost.
 *
 * Locks of earlier versions have no socket, and their holders do not look back. In the same
 * container their process is looked up; after a reboot and on another machine their beat counts; in
 * another container of this machine they are left alone, since a stopped holder would go on
 * writing.
 */
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Alive, knock, showAlive } from "./liveness-socket.ts";
import { startBeat } from "./lock-heartbeat.ts";
import { prepareFolder } from "./folder.ts";
import { type Holder, isOfThisKernel, stateOf, thisProcess } from "./holder.ts";
import { type FolderLock, hold, WATCH_MS } from "./held-lock.ts";
import {
  highestLock,
  holderIn,
  lockPath,
  type LockText,
  makeLock,
  markReleased,
  readLock,
  refusal,
} from "./lock-files.ts";
import type { FolderLost } from "./folder-lost.ts";

const LOOK_MS = 250;

/** With this many attempts, each of that many simultaneous starters gets its turn. */
const MAX_ATTEMPTS = 32;

/** Options and callbacks of locking a folder. */
export type LockOptions = {
  /** Is called once when the lock is lost. */
  readonly onLost?: ((lost: FolderLost) => void) | undefined;
  /** Called with a sentence on what the operator should change. */
  readonly onNote?: ((sentence: string) => void) | undefined;
  /** Whether to listen in the folder; true by default. */
  readonly socket?: boolean;
  /** Starts the beat where there is no socket; a thread by default. */
  readonly start?: typeof startBeat;
};

const beats = async (folder: string, number: number, first: LockText): Promise<boolean> => {
  for (let waited = 0; waited < WATCH_MS; waited += LOOK_MS) {
    await sleep(LOOK_MS);
    const now = readLock(folder, number);
    if (now === null || now.mtimeMs !== first.mtimeMs || now.text !== first.text) return true;
  }
  return false;
};

const inUse = (folder: string, { pid, host, realm }: Holder, what: string): Error => {
  const elsewhere = realm === thisProcess().realm ? "" : " (in another container or machine)";
  const says =
    `the data folder ${folder} is in use by process ${pid} on host ${host}${elsewhere}; ${what}`;
  // By its name the command line knows that a server may be asked instead.
  return Object.assign(new Error(says), { name: "FolderInUse" });
};

const STOP_IT =
  "stop that process, with kill -9 if it does not end, or wait until it has: then start again";

/** Throws the sentence that says what to do when the holder is alive, or may be. */
const assertDead = async (
  folder: string,
  number: number,
  found: LockText,
  holder: Holder,
): Promise<void> => {
  const knocked = holder.socket === true ? await knock(folder, holder.token) : "missing";
  if (knocked === "alive") throw inUse(folder, holder, STOP_IT);
  if (knocked === "denied") {
    throw inUse(
      folder,
      holder,
      "this user may not ask whether it is alive: start as the same user",
    );
  }
  const isNear = isOfThisKernel(holder);
  if (knocked === "dead" && isNear) return;
  const state = stateOf(holder);
  if (state === "dead") return;
  if (state === "alive") throw inUse(folder, holder, STOP_IT);
  if (isNear && holder.socket === undefined) {
    const remove = `it is of an earlier version, and this one cannot tell whether it is alive: ` +
      `once it has ended, remove lock.${number} and start again`;
    throw inUse(folder, holder, remove);
  }
  if (await beats(folder, number, found)) throw inUse(folder, holder, STOP_IT);
};

/**
 * One attempt: the lock's number and who held it before. Null when another was quicker, so that
 * there is something new to look at.
 */
const attempt = async (folder: string, holder: Holder) => {
  const highest = highestLock(folder);
  const found = highest === 0 ? null : readLock(folder, highest);
  if (highest > 0 && found === null) return null;
  const before = found === null ? null : holderIn(folder, highest, found);
  if (found !== null && before !== null) await assertDead(folder, highest, found, before);
  const number = highest + 1;
  if (number === Number.MAX_SAFE_INTEGER) {
    throw refusal(folder, `lock.${highest}`, "has a number that no lock file can have");
  }
  if (!makeLock(folder, number, holder)) return null;
  if (highestLock(folder) === number) return { number, before };
  // The list was so old that this number had been made and cleared away since.
  rmSync(lockPath(folder, number), { force: true });
  return null;
};

const take = async (folder: string, holder: Holder) => {
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) {
    const taken = await attempt(folder, holder);
    if (taken !== null) return taken;
  }
  throw new Error(`the data folder ${folder} is wanted by too many processes: start fewer of them`);
};

/**
 * Takes the lock on `folder`, which is made if need be. Rejects with an Error of one sentence: why
 * it cannot be made, which file in it is not a lock file, or which process holds it and what to do.
 * Takes at most `WATCH_MS` where the holder's death cannot be detected immediately.
 */
export const lockFolder = async (
  given: string,
  { onLost = () => {}, onNote = () => {}, socket = true, start = startBeat }: LockOptions = {},
): Promise<FolderLock> => {
  prepareFolder(given, onNote);
  // The program may change its working directory.
  const folder = resolve(given);
  const own = thisProcess();
  const alive: Alive | null = socket ? await showAlive(folder, own.token) : null;
  const holder = { ...own, socket: alive !== null };
  try {
    const { number, before } = await take(folder, holder);
    try {
      return await hold({ folder, number, holder, alive, start }, before, onLost);
    } catch (error) {
      markReleased(folder, number, holder);
      throw error;
    }
  } catch (error) {
    alive?.end();
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new Error(`the data folder ${folder} cannot be locked: ${error.message}`, {
      cause: error,
    });
  }
};
