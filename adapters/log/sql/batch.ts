/** A batch of appends as the parameters of one statement, and its rows as their outcomes. */
import { chain, EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { Append, AppendOutcome, Head, RecordedEvent } from "../../../core/ports.ts";
import { digest } from "../digest.ts";
import { jsonText, lastChanges } from "../parts.ts";
import type { Parameter, ResultRow } from "./database.ts";
import { text, toHead } from "./records.ts";

/** An append with the head it goes on, and the events it makes there. */
export type Prepared = {
  readonly append: Append;
  readonly expected: Head;
  readonly head: Head;
  readonly events: readonly RecordedEvent[];
  /** The JSON of each event's data. */
  readonly texts: readonly string[];
};

/** Chains the append's events to `expected`, the head that the database will check. */
export const prepare = (append: Append, expected: Head): Prepared => {
  const { organization, at, actor, command, events } = append;
  const entry = { organization, at, actor, command: command?.id ?? null, events };
  const chained = chain(expected, entry, digest);
  const last = chained[chained.length - 1];
  const head = last === undefined ? expected : { position: last.position, hash: last.hash };
  const texts = events.map(({ data }) => jsonText(data));
  return { append, expected, head, events: chained, texts };
};

type Column = (string | null)[];

const columns = (count: number): Column[] => Array.from({ length: count }, () => []);

const addRow = (table: readonly Column[], values: readonly (string | null)[]): void => {
  for (const [index, column] of table.entries()) column.push(values[index] ?? null);
};

const addEvents = (table: readonly Column[], { append, events, texts }: Prepared): void => {
  const actor = jsonText(append.actor);
  const at = String(append.at);
  for (const [index, event] of events.entries()) {
    const command = index === 0 ? append.command : null;
    addRow(table, [
      event.organization,
      String(event.position),
      event.type,
      String(event.version),
      texts[index] ?? null,
      at,
      actor,
      event.command,
      command?.fingerprint ?? null,
      command === null ? null : String(events.length),
      event.hash,
    ]);
  }
};

const addChanges = (table: readonly Column[], { organization, rows }: Append): void => {
  for (const { kind, key, data, work } of lastChanges(rows)) {
    const json = jsonText(data);
    const due = work === null ? null : String(work.due);
    addRow(table, [
      organization,
      kind,
      key,
      json === "null" ? null : json,
      work?.automation ?? null,
      due,
    ]);
  }
};

/** The parameters of `APPEND` for a batch, column by column. */
export const appendParameters = (batch: readonly Prepared[]): readonly Parameter[] => {
  const [appends, events, frees, changes] = [columns(8), columns(11), columns(3), columns(6)];
  for (const prepared of batch) {
    const { append, expected, head } = prepared;
    const { organization, command, claim } = append;
    addRow(appends, [
      organization,
      String(expected.position),
      expected.hash,
      String(head.position),
      head.hash,
      command?.id ?? null,
      claim?.e164 ?? null,
      claim?.holder ?? null,
    ]);
    addEvents(events, prepared);
    for (const { e164, holder } of append.free) addRow(frees, [organization, e164, holder]);
    addChanges(changes, append);
  }
  return [...appends, ...events, ...frees, ...changes];
};

/** What the statement can tell of an append; the rest of a repeat or a claim is read afterwards. */
export type Decided =
  | Extract<AppendOutcome, { outcome: "appended" | "conflict" }>
  | { readonly outcome: "repeated" | "claimed" };

// What is given back is what a later read gives: data as it comes out of its JSON.
const asStored = ({ events, texts }: Prepared): readonly RecordedEvent[] =>
  events.map((event, index) => ({ ...event, data: JSON.parse(texts[index] ?? "null") }));

/** The outcome that a row of `APPEND` tells of this append. */
export const toDecided = (prepared: Prepared, row: ResultRow): Decided => {
  const outcome = text(row, "outcome");
  if (outcome === "appended") {
    return { outcome, head: prepared.head, events: asStored(prepared) };
  }
  if (outcome === "repeated" || outcome === "claimed") return { outcome };
  const found = row["position"] === null ? EMPTY_HEAD : toHead(row);
  return { outcome: "conflict", head: found };
};
