/**
 * The lock files `lock.<n>` of a data folder, read as what they are: files that anyone may have put
 * there. Links are not followed, nothing that is not a small file is read, and a name whose number
 * cannot be counted on from is refused.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { syncPath } from "./files.ts";
import { type Holder, parseHolder } from "./holder.ts";

const RELEASED = "released";
const RELEASED_TEXT = /^released *$/;
/** Many times the size of a holder's lines. */
const MAX_BYTES = 4_096;
const DIGITS = /^lock\.(\d+)$/;

/** Where the lock file of this number is. */
export const lockPath = (folder: string, number: number): string => join(folder, `lock.${number}`);

/** Says what is wrong with a lock file, and what to do about it. */
export const refusal = (folder: string, name: string, what: string): Error =>
  new Error(
    `the data folder ${folder} cannot be locked: ${name} ${what}; ` +
      "remove it once no process uses the folder",
  );

const printable = (name: string): string => JSON.stringify(name).slice(1, -1).slice(0, 60);

// Above 2^53 the next number would be the same one, and 007 would be another file than 7.
const isCountable = (digits: string): boolean =>
  Number(digits) < Number.MAX_SAFE_INTEGER && String(Number(digits)) === digits;

/**
 * The numbers of the lock files in the folder. Throws one sentence when there is a number that no
 * Ledgerline gives: one with leading zeros, or so large that the next one is not greater.
 */
export const lockNumbers = (folder: string): readonly number[] =>
  readdirSync(folder).flatMap((name) => {
    const digits = DIGITS.exec(name)?.[1];
    if (digits === undefined) return [];
    if (!isCountable(digits)) {
      throw refusal(folder, printable(name), "has a number that no lock file can have");
    }
    return [Number(digits)];
  });

/** The highest lock file's number; 0 when there is none. */
export const highestLock = (folder: string): number =>
  lockNumbers(folder).reduce((highest, number) => Math.max(highest, number), 0);

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

// Neither follows a link, nor waits for the other end of a pipe. Windows has neither.
const PLAIN = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const WHY_NOT: Readonly<Record<string, string>> = {
  ELOOP: "is a link",
  EMLINK: "is a link",
  ENXIO: "is not a file",
  EISDIR: "is not a file",
};

/** Opens a lock file that this process made, and not a link in its place. */
export const openLock = (folder: string, number: number): number =>
  openSync(lockPath(folder, number), constants.O_RDWR | PLAIN);

/** What a lock file says, and when it was last touched. */
export type LockText = { readonly text: string; readonly mtimeMs: number };

/**
 * Reads a lock file; null when it is not there (any more). Throws one sentence when it is something
 * else than a small file, or cannot be read.
 */
export const readLock = (folder: string, number: number): LockText | null => {
  const name = `lock.${number}`;
  let file: number;
  try {
    file = openSync(lockPath(folder, number), constants.O_RDONLY | PLAIN);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") return null;
    throw refusal(folder, name, WHY_NOT[code] ?? `cannot be read (${code || String(error)})`);
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw refusal(folder, name, "is not a file");
    if (found.size > MAX_BYTES) throw refusal(folder, name, "is too large for a lock file");
    const bytes = Buffer.alloc(MAX_BYTES);
    const length = readSync(file, bytes, 0, MAX_BYTES, 0);
    return { text: bytes.toString("utf8", 0, length), mtimeMs: found.mtimeMs };
  } finally {
    closeSync(file);
  }
};

/**
 * The holder that a lock file names; null when it was released. Throws one sentence when it says
 * something else, without repeating it.
 */
export const holderIn = (folder: string, number: number, { text }: LockText): Holder | null => {
  if (RELEASED_TEXT.test(text)) return null;
  const holder = parseHolder(text);
  if (holder === null) throw refusal(folder, `lock.${number}`, "does not name a holder");
  return holder;
};

/** Writes a complete, synced file beside the lock files, to be given a lock's name. */
const finish = (folder: string, token: string, text: string): string => {
  const path = join(folder, `lock.${token}`);
  writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  const file = openSync(path, "r+");
  try {
    // A lock file that a power cut left empty would have to be removed by hand.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return path;
};

/**
 * Makes the lock file of this number, which appears whole and at most once: a hard link to a
 * finished file, which fails if the name is taken. False when another process has made it.
 */
export const makeLock = (folder: string, number: number, holder: Holder): boolean => {
  const finished = finish(folder, holder.token, JSON.stringify(holder));
  try {
    linkSync(finished, lockPath(folder, number));
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(finished, { force: true });
  }
  syncPath(folder);
  return true;
};

/** Writes the mark over the holder's lines, which takes no space on a full disk. */
const overwrite = (folder: string, number: number): void => {
  const file = openLock(folder, number);
  try {
    writeSync(file, RELEASED.padEnd(fstatSync(file).size), 0);
  } finally {
    closeSync(file);
  }
};

/**
 * Marks the lock file as released. Where the disk does not take even that, the lock counts until
 * this process has ended.
 */
export const markReleased = (folder: string, number: number, { token }: Holder): void => {
  try {
    renameSync(finish(folder, token, RELEASED), lockPath(folder, number));
  } catch {
    rmSync(join(folder, `lock.${token}`), { force: true });
    try {
      overwrite(folder, number);
    } catch {
      // The disk takes nothing at all.
    }
  }
};
