/** What is reported of a disk, and what an open database is: types that import no library. */
import type { Database } from "../sql/database.ts";

/** The layer between PGlite and the disk. */
export type Disk = {
  /**
   * Is called before anything is written, made, renamed or removed (`write`), and before a sync.
   * What it throws keeps it from being done: an Error with Node's `code` as the disk would say it,
   * anything else by breaking off the whole statement.
   */
  readonly before: (what: "write" | "sync") => void;
  /** Called after every sync. */
  readonly synced: () => void;
  /** Called with what the disk refused. */
  readonly failed: (error: unknown, what: "write" | "sync") => void;
};

/** An open database of this process. */
export type OpenDatabase = {
  readonly database: Database;
  /** Resolves while every operation can be done. */
  health(): Promise<void>;
  /** Throws when the folder is lost. */
  assertHeld(): void;
  /** Closes the files and releases the folder. */
  close(): Promise<void>;
};
