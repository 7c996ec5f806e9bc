/** A batch of appends as one statement, and what comes of it. */
import { chain, type Chained } from "../../../core/log/chain.ts";
import type { Append, AppendOutcome, Head, RecordedEvent, RowChange } from "../../../core/ports.ts";
import { digest } from "../digest.ts";
import { jsonText, lastChanges } from "../parts.ts";
import { appendStatement, emptyLists, type Lists } from "./append.ts";
import type { Statement } from "./database.ts";

/** An append with all its JSON written: what can fail in it, has not. */
export type Prepared = {
  readonly append: Append;
  /** The head it is prepared to follow, and the one it leads to. */
  readonly expected: Head;
  readonly head: Head;
  readonly events: readonly Chained[];
  readonly actor: string;
  readonly changes: readonly { readonly change: RowChange; readonly text: string }[];
};

/**
 * Chains the append's events to `expected`, the head that the database will check, and writes all as
 * text. Throws what `JSON.stringify` throws at a value that has no JSON.
 */
export const prepare = (append: Append, expected: Head): Prepared => {
  const { organization, at, actor, command, events, rows } = append;
  const entry = { organization, at, actor, command: command?.id ?? null, events };
  const chained = chain(expected, entry, digest);
  const last = chained[chained.length - 1]?.event;
  const head = last === undefined ? expected : { position: last.position, hash: last.hash };
  const changes = lastChanges(rows).map((change) => ({ change, text: jsonText(change.data) }));
  return { append, expected, head, events: chained, actor: jsonText(actor), changes };
};

const add = (
  columns: readonly (string | null)[][],
  ...values: readonly (string | null)[]
): void => {
  for (let index = 0; index < values.length; index += 1) {
    columns[index]?.push(values[index] ?? null);
  }
};

const addAppend = (lists: Lists, prepared: Prepared): void => {
  const { append: { organization, at, command, claim, free }, expected, events } = prepared;
  const decided = [organization, String(expected.position), expected.hash, command?.id ?? null];
  const instant = String(at);
  for (const [index, { event: { position, type, version, hash }, text }] of events.entries()) {
    const first = index === 0 ? command : null;
    const [fingerprint, size] = first === null
      ? [null, null]
      : [first.fingerprint, `${events.length}`];
    add(
      lists.events,
      ...decided,
      String(position),
      type,
      String(version),
      text,
      instant,
      prepared.actor,
      fingerprint,
      size,
      hash,
    );
  }
  if (claim !== null) add(lists.claims, ...decided, claim.e164, claim.holder);
  for (const { e164, holder } of free) {
    add(e164 === claim?.e164 ? lists.passes : lists.frees, organization, e164, holder);
  }
  for (const { change: { kind, key, work }, text } of prepared.changes) {
    if (text === "null") add(lists.removals, organization, kind, key);
    else {add(
        lists.changes,
        organization,
        kind,
        key,
        text,
        work?.automation ?? null,
        work === null ? null : String(work.due),
      );}
  }
};

/** The statement that appends the batch. */
export const toStatement = (batch: readonly Prepared[]): Statement => {
  const lists = emptyLists();
  for (const prepared of batch) addAppend(lists, prepared);
  return appendStatement(lists, batch.length === 1);
};

// What is given back is what a later read gives: data as it comes out of its JSON.
const asStored = ({ events }: Prepared): readonly RecordedEvent[] =>
  events.map(({ event, text }) => ({ ...event, data: JSON.parse(text) }));

/** The outcome of an append that was not refused. */
export const toAppended = (prepared: Prepared): AppendOutcome => ({
  outcome: "appended",
  head: prepared.head,
  events: asStored(prepared),
});
