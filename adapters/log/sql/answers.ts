/** Answers under their callers' keys, in a table that several servers share. */
import type { KeptAnswer, KeyedRequest, KeyState } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { BEGIN, END_LEASES, FREE, KEEP, PAST, RENEW, TOO_FAR, TRIM } from "./answer-statements.ts";
import type { Database } from "./database.ts";
import { text, whole } from "./row-codec.ts";

type Queries = Pick<Database, "query">;

/** What begins a request: its lease, and for how long; and how long its answer is kept. */
export type Beginning = {
  readonly lease: string;
  readonly lease_ms: Milliseconds;
  readonly kept_ms: Milliseconds;
};

/** The state of the key, after the request has begun where it may; null: to be asked again. */
export const beginIn = async (
  database: Queries,
  { caller, key, fingerprint }: KeyedRequest,
  { lease, lease_ms, kept_ms }: Beginning,
): Promise<KeyState | null> => {
  const [row] = await database.query(BEGIN, [caller, key, fingerprint, lease, lease_ms, kept_ms]);
  if (row === undefined) return null;
  const state = text(row, "state");
  if (state === "begun") return { state, lease };
  if (state === "answered") {
    const { headers = null, body = null } = row;
    return {
      state,
      answer: { status: whole(row, "status"), headers: headers && JSON.parse(headers), body },
    };
  }
  return { state: state === "other" ? "other" : "underway" };
};

/** See `KeptAnswers`. */
export const renewIn = async (
  database: Queries,
  { caller, key }: KeyedRequest,
  { lease, lease_ms }: Omit<Beginning, "kept_ms">,
): Promise<void> => {
  await database.query(RENEW, [caller, key, lease, lease_ms]);
};

/** See `KeptAnswers`. */
export const keepIn = async (
  database: Queries,
  { caller, key }: KeyedRequest,
  lease: string,
  answer: KeptAnswer | null,
): Promise<void> => {
  const headers = answer?.headers ?? null;
  const kept = [answer?.status ?? null, headers && JSON.stringify(headers), answer?.body ?? null];
  await database.query(KEEP, [caller, key, lease, ...kept]);
};

/** See `KeptAnswers`. */
export const freeIn = async (
  database: Queries,
  { caller, key }: KeyedRequest,
  lease: string,
): Promise<void> => {
  await database.query(FREE, [caller, key, lease]);
};

/** Deletes the earliest answers of a caller beyond so many, and beyond so many bytes. */
export const trimIn = async (
  database: Queries,
  caller: string,
  { rows, bytes, each }: {
    readonly rows: number;
    readonly bytes: number;
    /** What each takes besides its body and its key. */
    readonly each: number;
  },
): Promise<void> => {
  await database.query(TRIM, [caller, rows, bytes, each]);
};

/**
 * What a start does: deletes answers that are kept no longer, and ends all leases where no other
 * process uses the database.
 */
export const tidyIn = async (
  database: Queries,
  kept_ms: Milliseconds,
  isAlone: boolean,
): Promise<void> => {
  await database.query(PAST, []);
  await database.query(TOO_FAR, [kept_ms]);
  if (isAlone) await database.query(END_LEASES, []);
};
