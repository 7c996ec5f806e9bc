import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { tag } from "../../../core/values/tag.ts";

/** A value for `$1`, `$2` …: a text, a number (sent as text), NULL, or a `text[]`. */
export type Parameter = string | number | null | readonly (string | null)[];

/** One statement with its parameters. */
export type Statement = { readonly sql: string; readonly parameters: readonly Parameter[] };

/** One row of a result: every column as PostgreSQL writes it as text, NULL as null. */
export type ResultRow = Readonly<Record<string, string | null>>;

/** A PostgreSQL database, embedded or not. */
export interface Database {
  /**
   * Runs one statement as a separate transaction and returns its rows. Statements are prepared once
   * for each text, so texts should be few and values should be parameters. A statement that the
   * database refuses rejects with an Error that has PostgreSQL's `code` (`23505`: not unique); one
   * whose answer was lost, or that could not be sent, rejects with `Unavailable`. `isLong`: it may
   * take minutes, whatever limits its role or the database has. `callOff_ms`: it is called off when
   * it has no answer after so long, and rejects with `CalledOff`, where the database works beside
   * this process.
   */
  query(
    sql: string,
    parameters: readonly Parameter[],
    isLong?: boolean,
    callOff_ms?: Milliseconds,
  ): Promise<readonly ResultRow[]>;
  /**
   * Only where other processes use the database too: runs `work` as one transaction, on a separate
   * connection, and returns its result; all is undone when the work or the connection fails.
   */
  readonly transaction?: Transact | undefined;
  /**
   * Only where the database works within this process, which a long statement would hold: runs
   * `work` as one transaction, and lets others run before each of its statements. Other requests to
   * the database wait until it is over. All is undone when the work fails.
   */
  readonly inSteps?: Transact | undefined;
}

/** A database within this process. */
export type SteppingDatabase = Database & { readonly inSteps: Transact };

/** Runs `work` as one transaction. */
export type Transact = <Value>(work: (transaction: Database) => Promise<Value>) => Promise<Value>;

/** A statement took too long and was called off; its answer may have been lost in that moment. */
export class CalledOff extends Unavailable {
  static {
    tag(this, "CalledOff");
  }
}

/** PostgreSQL's codes for what another attempt may settle (its documentation, appendix A). */
const UNIQUE_VIOLATION = "23505";
const SERIALIZATION_FAILURE = "40001";
const DEADLOCK = "40P01";
/** How the statement of an append fails that got some of its claims (`append.ts`). */
const INVALID_TEXT = "22P02";
const LOCK_NOT_AVAILABLE = "55P03";
/** `create table if not exists` may say so where another makes the table at the same moment. */
const DUPLICATE_TABLE = "42P07";
const RACES = [UNIQUE_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK, DUPLICATE_TABLE];

const SQL_STATE = /^[0-9A-Z]{5}$/;

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** Whether the database itself refused the statement, so that surely nothing of it was written. */
export const isRefused = (error: unknown): boolean => SQL_STATE.test(codeOf(error));

/**
 * Whether the answer was lost, so that another attempt may show the outcome of the statement. Not
 * where the database itself says that it is unavailable (its disk is full), since nothing was
 * written then; nor where it will never answer this process again.
 */
export const isLost = (error: unknown): error is Unavailable =>
  error instanceof Unavailable && !isRefused(error) && !("isFinal" in error);

/** Whether the statement was refused because of a race that another attempt may settle. */
export const isRace = (error: unknown): boolean => RACES.includes(codeOf(error));

/** Whether an append of several claims got some of them only, of which nothing was written then. */
export const isInPart = (error: unknown): boolean => codeOf(error) === INVALID_TEXT;

/** Whether others blocked it for too long, by what they hold or by what keeps a commit waiting. */
export const isBlocked = (error: unknown): boolean =>
  error instanceof CalledOff || codeOf(error) === LOCK_NOT_AVAILABLE;

/** Whether a lock was waited for in vain, be it for its time or for a deadlock. */
export const isLockFailure = (error: unknown): boolean =>
  [LOCK_NOT_AVAILABLE, DEADLOCK].includes(codeOf(error));
