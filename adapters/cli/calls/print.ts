/** Prints answers: tables and records for people, JSON for programs. */
import { isJsonObject } from "../../../core/values/text.ts";
import { shownJson } from "../escape.ts";
import { CommandFailed, STATUS } from "../failures.ts";
import { type Column, openTable, recordLines } from "../table.ts";
import { call, type Question, type Target, withQuery } from "../target/mod.ts";
import type { Context } from "./context.ts";

/** The longest page that the lists give. */
const PAGE = 100;

/** The member of an object; undefined where it is not one, since servers may answer anything. */
export const memberOf = (json: unknown, name: string): unknown =>
  isJsonObject(json) ? json[name] : undefined;

/** What answers there does not answer as a server of ours. */
export const notOurs = (where: string, why: string): CommandFailed =>
  new CommandFailed(
    STATUS.unavailable,
    `${where} does not answer as a Ledgerline server: ${why}`,
  );

/** The text that an answer has under a name; throws where there is none. */
export const textOf = (json: unknown, name: string, where: string): string => {
  const text = memberOf(json, name);
  if (typeof text === "string") return text;
  throw notOurs(where, `there is no ${name}`);
};

/** That an answer is about what was asked for; throws where another is in its place, or none. */
export const assertAbout = (
  { where }: Target,
  json: unknown,
  member: string,
  asked: string,
): void => {
  const answered = memberOf(json, member);
  if (answered === asked) return;
  throw notOurs(
    where,
    answered === undefined || answered === null
      ? `there is no ${member}`
      : `its ${member} is ${shownJson(answered)}, and not ${shownJson(asked)}`,
  );
};

/** The list that an answer has under a name; throws where there is none. */
export const listOf = (json: unknown, name: string, where: string): readonly unknown[] => {
  const list = memberOf(json, name);
  if (Array.isArray(list)) return list;
  throw notOurs(where, `there is no list of ${name}`);
};

/** Where the next page begins; null on the last page. */
const nextOf = (json: unknown, where: string): string | null => {
  const next = memberOf(json, "next");
  if (next === null || next === undefined) return null;
  const cursor = typeof next === "string" || typeof next === "number" ? String(next) : "";
  if (cursor !== "") return cursor;
  throw notOurs(where, "its list does not go on");
};

/**
 * As many pages in a row may be without a record: a ledger looks at 2,000 numbers for each. Those
 * with records have no bound but the user's, since each is printed, and none is kept.
 */
const MOST_EMPTY = 10_000;

/**
 * That a list goes on: throws where its cursors come again, however many are between, and where
 * nothing comes any more. Of the cursors one is kept, and another one after twice as many pages
 * (Brent's algorithm for cycles).
 */
const openProgress = (where: string) => {
  let [kept, pages, next_pages, empty] = ["", 0, 1, 0];
  return (cursor: string, records: number): void => {
    empty = records === 0 ? empty + 1 : 0;
    if (cursor === kept || empty > MOST_EMPTY) throw notOurs(where, "its list does not go on");
    pages += 1;
    if (pages < next_pages) return;
    [kept, next_pages] = [cursor, 2 * pages];
  };
};

/** Prints a few records: as a table, or one JSON object a line. */
export const printRows = async (
  { screen, isJson }: Context,
  rows: readonly unknown[],
  columns: readonly Column[],
): Promise<void> => {
  const lines = isJson ? rows.map(shownJson) : openTable(columns, screen.bold).lines(rows);
  for (const line of lines) await screen.line(line);
};

/** A list that comes a page at a time. */
export type Listing = {
  readonly as: Question["as"];
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** The member of the answer that has the records. */
  readonly items: string;
  readonly columns: readonly Column[];
  /** What is said where there are none. */
  readonly empty: string;
};

/**
 * Prints a list to its end, or as many records as `limit`, each page as it comes: nothing of it is
 * kept, however long it is.
 */
export const printPages = async (
  context: Context,
  { as, path, query = {}, items, columns, empty }: Listing,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<void> => {
  const { target, screen, isJson } = context;
  const table = openTable(columns, screen.bold);
  const assertProgress = openProgress(target.where);
  let after: string | undefined;
  for (let [left, isEmpty] = [limit, true]; left > 0;) {
    const page = { ...query, after, limit: String(Math.min(PAGE, left)) };
    const { json } = await call(target, { method: "GET", path: withQuery(path, page), as });
    const rows = listOf(json, items, target.where).slice(0, left);
    const lines = isJson ? rows.map(shownJson) : rows.length === 0 ? [] : table.lines(rows);
    for (const line of lines) await screen.line(line);
    const next = nextOf(json, target.where);
    isEmpty &&= rows.length === 0;
    if (isEmpty && next === null) screen.note(empty);
    left -= rows.length;
    if (next === null) return;
    assertProgress(next, rows.length);
    after = next;
  }
};

/**
 * Prints one record: a line for each member that matters, or as one JSON document. Throws where the
 * first of them is missing: what answers so has not done what it was asked.
 */
export const printRecord = async (
  { target, screen, isJson }: Context,
  json: unknown,
  members: readonly Column[],
): Promise<void> => {
  const row = isJsonObject(json) ? json : {};
  const [first] = members;
  if ((first?.of(row) ?? null) === null) {
    throw notOurs(target.where, `there is no ${first?.title.toLowerCase()}`);
  }
  const lines = isJson
    ? [shownJson(json)]
    : recordLines(members.map(({ title, of }) => [title, of(row)]));
  for (const line of lines) await screen.line(line);
};
