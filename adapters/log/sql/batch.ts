/** A batch of appends as the parameters of one statement, and its rows as their outcomes. */
import { chain, EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { Append, AppendOutcome, Head, RecordedEvent } from "../../../core/ports.ts";
import { digest } from "../digest.ts";
import { jsonText, lastChanges } from "../parts.ts";
import type { Parameter, ResultRow } from "./database.ts";
import { text, whole } from "./records.ts";

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

const addAppend = (steps: (string | null)[], { append, expected, events, texts }: Prepared) => {
  const { organization, at, actor, command, claim, free } = append;
  const rows = lastChanges(append.rows);
  steps.push(organization, String(expected.position), expected.hash, String(at), jsonText(actor));
  steps.push(command?.id ?? null, command?.fingerprint ?? null);
  steps.push(claim?.e164 ?? null, claim?.holder ?? null);
  steps.push(String(events.length), String(rows.length), String(free.length));
  for (const [index, { type, version, hash }] of events.entries()) {
    steps.push(type, String(version), texts[index] ?? null, hash);
  }
  for (const { kind, key, data, work } of rows) {
    const json = jsonText(data);
    steps.push(kind, key, json === "null" ? null : json);
    steps.push(work?.automation ?? null, work === null ? null : String(work.due));
  }
  for (const { e164, holder } of free) steps.push(e164, holder);
};

/** The batch in the layout that the database's function reads, see `append.ts`. */
export const toSteps = (batch: readonly Prepared[]): Parameter => {
  const steps: (string | null)[] = [];
  for (const prepared of batch) addAppend(steps, prepared);
  return steps;
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
  const found = row["found_position"] === null
    ? EMPTY_HEAD
    : { position: whole(row, "found_position"), hash: text(row, "found_hash") };
  return { outcome: "conflict", head: found };
};
