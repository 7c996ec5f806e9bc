/**
 * A database in a folder that outlives what the disk does to it. A statement that the disk refused
 * was refused and nothing else. Where the database itself stopped (a sync failed, or its own log
 * could not be written), what it has in memory is worth nothing any more: it is left as a killed
 * process leaves it, and opened again from the disk, as soon as that takes anything.
 */
import { clearTimeout, setTimeout as startTimer } from "node:timers";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Database } from "../sql/database.ts";
import { FolderLost } from "./lost.ts";

/** A database that was opened on the folder. */
export type Opened = {
  readonly database: Database;
  /** Whether it answers no more. */
  isBroken(): boolean;
  /** Closes it in order. */
  close(): Promise<void>;
  /** Lets go of its files, and writes nothing. */
  abandon(): void;
};

/** How the database is opened, and who is told of what becomes of it. */
export type SteadyOptions = {
  readonly open: () => Promise<Opened>;
  /** Whether the disk takes anything again. */
  readonly hasRoom: () => boolean;
  /** Is told in a sentence when it becomes unavailable, and when it cannot be opened again. */
  readonly onUnavailable: (why: string) => void;
  readonly onAvailable: () => void;
};

export type SteadyDatabase = Database & {
  /** Resolves while all that is asked can be done. */
  health(): Promise<void>;
  close(): Promise<void>;
};

const FIRST_LOOK_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

const CLOSED = "the database is closed";

const pauseAfter = (failures: number): number =>
  Math.min(FIRST_LOOK_MS * 2 ** failures, LONGEST_PAUSE_MS);

const wordsOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

/** Opens the database, and again where it has to be. */
export const openSteady = async (options: SteadyOptions): Promise<SteadyDatabase> => {
  const { open, hasRoom, onUnavailable, onAvailable } = options;
  let opened: Opened | null = await open();
  let away: Unavailable | null = null;
  let lost: FolderLost | null = null;
  let isClosed = false;
  let timer: ReturnType<typeof startTimer> | undefined;
  let looking: Promise<void> = Promise.resolve();
  let failures = 0;

  const later = (): void => {
    timer = startTimer(() => looking = look(), pauseAfter(failures));
    timer.unref();
  };

  const openAgain = async (): Promise<boolean> => {
    try {
      opened = await open();
      return true;
    } catch (error) {
      if (failures === 0) onUnavailable(`the database cannot be opened again: ${wordsOf(error)}`);
      failures += 1;
      return false;
    }
  };

  const look = async (): Promise<void> => {
    if (isClosed || lost !== null) return;
    if (!hasRoom() || opened === null && !await openAgain()) return later();
    failures = 0;
    away = null;
    onAvailable();
  };

  /** Notes what made a statement fail. */
  const note = (error: unknown): void => {
    if (error instanceof FolderLost) lost = error;
    if (opened?.isBroken() === true || lost !== null) {
      opened?.abandon();
      opened = null;
    }
    if (lost !== null || !(error instanceof Unavailable) || away !== null) return;
    away = error;
    onUnavailable(error.message);
    later();
  };

  return {
    query: async (sql, parameters) => {
      if (opened === null) throw lost ?? away ?? new Unavailable(CLOSED);
      try {
        return await opened.database.query(sql, parameters);
      } catch (error) {
        note(error);
        throw error;
      }
    },
    health: async () => {
      const refused = lost ?? away;
      if (refused !== null || opened === null) throw refused ?? new Unavailable(CLOSED);
      await opened.database.query("select 1", []);
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await looking;
      await opened?.close();
    },
  };
};
