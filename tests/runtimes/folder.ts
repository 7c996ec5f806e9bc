/** Looks into a data folder that no server has open: is it all there, and does it fit together? */
import assert from "node:assert/strict";
import { digest } from "../../adapters/log/digest.ts";
import { openPgliteLog, type PgliteLog } from "../../adapters/log/pglite/mod.ts";
import { EMPTY_HEAD, verifyChain } from "../../core/log/chain.ts";
import { claimsHeld } from "../../core/registry/claims.ts";
import { eventsOf } from "../../core/log/pages.ts";
import { replay, rowsOf } from "../../core/registry/replay.ts";
import { SUBJECTS } from "../../core/registry/subjects.ts";
import { numbers } from "../../core/number/state.ts";
import type { RecordedEvent, Row } from "../../core/ports/mod.ts";
import { asRead } from "../support/rows.ts";

export type Book = {
  readonly events: readonly RecordedEvent[];
  /** Numbers that are active, by E.164, with the carrier's id of each. */
  readonly held: ReadonlyMap<string, string>;
  /** Numbers on their way, or suspended, or lost. */
  readonly others: readonly string[];
};

export type Contents = {
  readonly books: ReadonlyMap<string, Book>;
  /** What the sandbox carrier has sold, by E.164, with its id of each. */
  readonly sold: ReadonlyMap<string, string>;
};

const inOrder = (rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((a, b) => `${a.kind} ${a.key}` < `${b.kind} ${b.key}` ? -1 : 1);

/**
 * The log of an organization. Fails the test when a position is missing, the chain breaks, the rows
 * or claims are not those that the log leads to.
 */
const readBook = async (log: PgliteLog, organization: string): Promise<Book> => {
  const events: RecordedEvent[] = [];
  for await (const page of eventsOf(log, organization)) events.push(...page);
  const verified = verifyChain(events, EMPTY_HEAD, digest);
  assert.ok(verified.ok, `the chain of ${organization} breaks: ${JSON.stringify(verified)}`);
  const kinds = SUBJECTS.map(({ kind }) => kind);
  const { head, rows } = await log.load(organization, { kinds });
  assert.deepEqual(head, verified.value);
  const state = replay(events);
  assert.deepEqual(inOrder(rows), inOrder(asRead(rowsOf(state))));
  for (const { key, holder } of claimsHeld(state)) {
    const { claims } = await log.load(organization, { claims: [key] });
    assert.deepEqual(claims, [{ key, organization, holder }]);
  }
  const held = new Map<string, string>();
  const others: string[] = [];
  for (const number of state.all(numbers)) {
    if (number.source === "managed" && number.stage.status === "active") {
      held.set(number.e164, number.stage.carrierId);
    } else others.push(number.e164);
  }
  return { events, held, others };
};

const soldIn = async ({ database }: PgliteLog): Promise<ReadonlyMap<string, string>> => {
  const orders = await database.query("select sold, sequence from ledgerline.sandbox_order", []);
  const sold = new Map<string, string>();
  for (const { sold: e164, sequence } of orders) {
    if (typeof e164 === "string") sold.set(e164, `sandbox_${e164.slice(1)}_${sequence}`);
  }
  return sold;
};

/** Opens the folder, checks every organization's log against what is kept beside it, and closes. */
export const readFolder = async (folder: string): Promise<Contents> => {
  const log = await openPgliteLog({ folder, durability: "relaxed" });
  try {
    const books = new Map<string, Book>();
    for (const { organization } of await log.heads("", 1_000)) {
      books.set(organization, await readBook(log, organization));
    }
    return { books, sold: await soldIn(log) };
  } finally {
    await log.close();
  }
};

/** Fails the test unless each number has one holder, and the carrier sold what is held, no more. */
export const assertNoneLost = ({ books, sold }: Contents): void => {
  const all = [...books.values()].flatMap(({ held }) => [...held]);
  const held = new Map(all);
  assert.equal(held.size, all.length, "a number has two holders");
  assert.deepEqual(new Map([...held].toSorted()), new Map([...sold].toSorted()));
};
