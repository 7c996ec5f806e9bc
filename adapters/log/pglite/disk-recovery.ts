/**
 * A database in a folder that survives disk errors. A statement that the disk refused only fails.
 * Where the database itself stopped (a sync failed, or its own log could not be written), its
 * memory can no longer be trusted: it is abandoned as by a killed process, and opened again from
 * the disk as soon as that accepts writes.
 */
import { messageOf } from "../../../core/values/error-message.ts";
import { clearTimeout, setTimeout as startTimer } from "node:timers";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { SteppingDatabase } from "../sql/database.ts";
import { FolderLost } from "./folder-lost.ts";

/** A database that was opened on the folder. */
export type Opened = {
  readonly database: SteppingDatabase;
  /** Whether it answers no more. */
  isBroken(): boolean;
  /** Closes it in order. */
  close(): Promise<void>;
  /** Releases its files, and writes nothing. */
  abandon(): void;
};

/** How the database is opened, and the handlers of its availability. */
export type SteadyOptions = {
  readonly open: () => Promise<Opened>;
  /** Whether the disk accepts writes again. */
  readonly hasSpace: () => boolean;
  /** Called with a sentence when it becomes unavailable, and when it cannot be opened again. */
  readonly onUnavailable: (why: string) => void;
  readonly onAvailable: () => void;
};

export type SteadyDatabase = SteppingDatabase & {
  /** Resolves while every operation can be done. */
  health(): Promise<void>;
  close(): Promise<void>;
};

const FIRST_LOOK_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** A database that fails again this soon after it recovered is tried less and less often. */
const RELAPSE_MS = 60_000;

/** A write that changes nothing, through PostgreSQL's own log and on to the disk. */
const TRIAL = "select pg_logical_emit_message(true, 'ledgerline', repeat('.', 8192))";

const CLOSED = "the database is closed";

const pauseAfter = (failures: number): number =>
  Math.min(FIRST_LOOK_MS * 2 ** failures, LONGEST_PAUSE_MS);

const unopened = (error: unknown): string =>
  `the database cannot be opened again: ${messageOf(error)}`;

type State = {
  /** Null while it has to be opened again. */
  opened: Opened | null;
  away: Unavailable | null;
  lost: FolderLost | null;
  /** How often in a row it could not be made to work, or failed again soon after. */
  failures: number;
};

const leaveBroken = (state: State): void => {
  const { opened, lost } = state;
  if (opened === null || !opened.isBroken() && lost === null) return;
  opened.abandon();
  state.opened = null;
};

/** Opens it if need be, and writes; false when that fails. */
const tryAgain = async (state: State, { open, onUnavailable }: SteadyOptions): Promise<boolean> => {
  try {
    state.opened ??= await open();
    await state.opened.database.query(TRIAL, []);
    return true;
  } catch (error) {
    if (state.opened === null && state.failures === 0) onUnavailable(unopened(error));
    if (error instanceof FolderLost) state.lost = error;
    leaveBroken(state);
    state.failures += 1;
    return false;
  }
};

/** Opens the database, and again where it has to be. */
export const openSteady = async (options: SteadyOptions): Promise<SteadyDatabase> => {
  const { open, hasSpace, onUnavailable, onAvailable } = options;
  const state: State = { opened: await open(), away: null, lost: null, failures: 0 };
  let isClosed = false;
  let timer: ReturnType<typeof startTimer> | undefined;
  let looking: Promise<void> = Promise.resolve();
  let wellSince = -RELAPSE_MS;

  const later = (): void => {
    timer = startTimer(() => looking = look(), pauseAfter(state.failures)).unref();
  };

  const look = async (): Promise<void> => {
    if (isClosed || state.lost !== null) return;
    if (!hasSpace() || !await tryAgain(state, options)) return later();
    state.away = null;
    wellSince = performance.now();
    onAvailable();
  };

  /** Notes what made a statement fail. */
  const note = (error: unknown): void => {
    if (error instanceof FolderLost) state.lost = error;
    leaveBroken(state);
    if (state.lost !== null || !(error instanceof Unavailable) || state.away !== null) return;
    state.away = error;
    state.failures = performance.now() - wellSince < RELAPSE_MS ? state.failures + 1 : 0;
    onUnavailable(error.message);
    later();
  };

  const on = async <Value>(
    work: (database: SteppingDatabase) => Promise<Value>,
  ): Promise<Value> => {
    const { opened, lost, away } = state;
    if (opened === null) throw lost ?? away ?? new Unavailable(CLOSED);
    try {
      return await work(opened.database);
    } catch (error) {
      note(error);
      throw error;
    }
  };
  const query: SteadyDatabase["query"] = (sql, parameters) =>
    on((database) => database.query(sql, parameters));

  return {
    query,
    inSteps: (work) => on((database) => database.inSteps(work)),
    health: async () => {
      const refused = state.lost ?? state.away;
      if (refused !== null) throw refused;
      // This detects a database that broke between calls.
      await query("select 1", []);
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await looking;
      const { opened } = state;
      // A transaction that is under way is finished first; later callers find it closed.
      await opened?.database.inSteps(() => Promise.resolve()).catch(() => {});
      state.opened = null;
      await opened?.close();
    },
  };
};
