import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Disk } from "./disk.ts";
import type { FolderLock } from "./held-lock.ts";
import { tag } from "../../../core/values/tag.ts";

/** What watches over a connection and its disk. */
export type Guard = {
  /**
   * Throws the error that forbids the statement: the folder is lost. A statement that only reads
   * costs less.
   */
  readonly before: (isWrite: boolean) => void;
  /** Throws an error if the statement's answer cannot be trusted. */
  readonly after: (isWrite: boolean) => void;
  /** What the disk refused during the statement; null when nothing. */
  readonly refused: () => Error | null;
  /** Whether a sync was ever refused: the database may consider it done. */
  readonly isUnsynced: () => boolean;
};

/** Nothing can go wrong: the database is in memory. */
export const UNGUARDED: Guard = {
  before: () => {},
  after: () => {},
  refused: () => null,
  isUnsynced: () => false,
};

/**
 * The disk refused a write, of which nothing was committed. Its `code` is that of PostgreSQL for a
 * full disk, since it was refused like a statement: an immediate retry would be refused as well.
 */
export class DiskRefusal extends Unavailable {
  static {
    tag(this, "DiskRefusal");
  }
  readonly code = "53100";
}

const FULL: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  "51": "the disk is full",
  "19": "the disk quota is used up",
  EROFS: "the disk is read-only",
  "69": "the disk is read-only",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  "33": "too many files are open",
  "41": "too many files are open",
};

/** What the disk refused, in words; of an error of Node's or of PGlite's file system layer. */
export const wordsOfDisk = (error: unknown): string => {
  const { code, errno } = (error ?? {}) as { readonly code?: unknown; readonly errno?: unknown };
  return FULL[String(code)] ?? FULL[String(errno)] ?? "the disk refused to keep what was written";
};

/**
 * The guard of a database in a folder, and the disk that reports to it. `disk` is asked as well.
 */
export const guardFolder = (lock: FolderLock, disk: Disk): { guard: Guard; disk: Disk } => {
  let refused: Error | null = null;
  let isUnsynced = false;
  return {
    guard: {
      before: (isWrite) => {
        refused = null;
        const lost = lock.lost();
        if (lost !== null) throw lost;
        if (isWrite) lock.assertHeld();
      },
      after: (isWrite) => {
        if (isWrite && lock.isTimed) lock.assertHeld();
        const lost = lock.lost();
        if (lost !== null) throw lost;
      },
      refused: () => refused,
      isUnsynced: () => isUnsynced,
    },
    disk: {
      before: (what) => {
        // The process may have been suspended since the statement began.
        lock.assertHeld();
        disk.before(what);
      },
      synced: disk.synced,
      failed: (error, what) => {
        isUnsynced ||= what === "sync";
        refused ??= new Error(wordsOfDisk(error), { cause: error });
        disk.failed(error, what);
      },
    },
  };
};
