/**
 * The lock on a data folder. Two processes on one database would corrupt it silently, and neither
 * PGlite nor Node gives a lock that the kernel lets go of by itself, so this is one of files:
 *
 * - A lock file `lock.<n>` names its holder. It appears whole and at most once (a hard link to a
 *   finished file, which fails if the name is taken), and the one with the highest number counts.
 * - Whoever finds the highest one's holder dead, or marked as released, makes the next number. Of
 *   several that try, the link lets one through. Nobody ever removes the highest one, so two
 *   starters cannot each clear away the other's lock, as they could if there were a single name.
 * - A dead process is told by its start time, so that kill -9 frees the folder at once and an id
 *   that was given out again holds nothing. Where that cannot be told (another machine, another
 *   container, a reboot) the holder counts as dead when its heartbeat, the file's time, stands still
 *   for as long as this process watches it. No two machines' clocks are compared.
 */
import {
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { clearInterval, setInterval } from "node:timers";
import { setTimeout as sleep } from "node:timers/promises";
import { makeFolder } from "./files.ts";
import { type Holder, parseHolder, stateOf, thisProcess } from "./holder.ts";

const HEARTBEAT_MS = 500;
const WATCH_MS = 4_000;
const LOOK_MS = 250;

/** Lock files that are kept below the highest, for starters that listed the folder long ago. */
const KEPT = 16;

const RELEASED = "released";
const NAME = /^lock\.(\d+)$/;

/** A held lock. */
export type FolderLock = {
  /** Lets go of the folder; once more does nothing. */
  release(): void;
};

const numbersIn = (folder: string): readonly number[] =>
  readdirSync(folder).flatMap((name) => {
    const number = NAME.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });

const highestIn = (folder: string): number => Math.max(0, ...numbersIn(folder));

const pathOf = (folder: string, number: number): string => join(folder, `lock.${number}`);

const beatOf = (path: string): number => statSync(path).mtimeMs;

const beats = async (path: string): Promise<boolean> => {
  const first = beatOf(path);
  for (let waited = 0; waited < WATCH_MS; waited += LOOK_MS) {
    await sleep(LOOK_MS);
    if (beatOf(path) !== first) return true;
  }
  return false;
};

/** The living holder of the lock file; null when it was released or its holder is dead. */
const holderOf = async (path: string): Promise<Holder | null> => {
  const text = readFileSync(path, "utf8");
  const holder = parseHolder(text);
  if (holder === null) return null;
  const state = stateOf(holder);
  if (state === "unknown") return await beats(path) ? holder : null;
  return state === "alive" ? holder : null;
};

const isTaken = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EEXIST";

/** Makes the lock file of this number; false when somebody else has made it. */
const make = (folder: string, number: number, holder: Holder): boolean => {
  const finished = join(folder, `lock.${holder.token}`);
  writeFileSync(finished, JSON.stringify(holder));
  try {
    linkSync(finished, pathOf(folder, number));
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  } finally {
    rmSync(finished, { force: true });
  }
};

const hold = (folder: string, number: number, holder: Holder): FolderLock => {
  const path = pathOf(folder, number);
  for (const old of numbersIn(folder)) {
    if (old < number - KEPT) rmSync(pathOf(folder, old), { force: true });
  }
  const beat = (): void => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // The folder was removed under us. That shows where data is written; here it harms nobody.
    }
  };
  const heart = setInterval(beat, HEARTBEAT_MS);
  heart.unref();
  let held = true;
  return {
    release: () => {
      if (!held) return;
      held = false;
      clearInterval(heart);
      const finished = join(folder, `lock.${holder.token}`);
      writeFileSync(finished, RELEASED);
      renameSync(finished, path);
    },
  };
};

const prepare = (folder: string): void => {
  try {
    makeFolder(folder);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the data folder ${folder} cannot be made: ${why}`, { cause: error });
  }
};

/**
 * Takes the lock on `folder`, which is made if need be. Rejects with an Error that says why it cannot
 * be made, or that names the process and the host of the holder when there is one. At most `WATCH_MS`
 * go by where its death cannot be told at once.
 */
export const lockFolder = async (folder: string): Promise<FolderLock> => {
  prepare(folder);
  const highest = highestIn(folder);
  const living = highest === 0 ? null : await holderOf(pathOf(folder, highest));
  if (living !== null) {
    throw new Error(
      `the data folder ${folder} is in use by process ${living.pid} on host ${living.host}`,
    );
  }
  const holder = thisProcess();
  const number = highest + 1;
  if (!make(folder, number, holder)) return await lockFolder(folder);
  if (highestIn(folder) === number) return hold(folder, number, holder);
  // The list was so old that this number had been made and cleared away since.
  rmSync(pathOf(folder, number), { force: true });
  return await lockFolder(folder);
};
