/** A batch of appends as the parameters of one statement, and what comes of it. */
import { chain, type Chained } from "../../../core/log/chain.ts";
import type { Append, AppendOutcome, Head, RecordedEvent } from "../../../core/ports.ts";
import { digest } from "../digest.ts";
import { jsonText, lastChanges } from "../parts.ts";
import { LISTS } from "./append.ts";
import type { Parameter } from "./database.ts";

type List = (string | null)[];
type Lists = Record<keyof typeof LISTS, List>;

/** An append with the head it leads to, and the events it makes there. */
export type Prepared = {
  readonly append: Append;
  readonly head: Head;
  readonly events: readonly Chained[];
  /** Its part of the lists that go to the database. */
  readonly lists: Lists;
};

const noLists = (): Lists => ({
  births: [],
  moves: [],
  commands: [],
  claims: [],
  events: [],
  changes: [],
  removals: [],
  frees: [],
  passes: [],
});

const addAppend = (lists: Lists, append: Append, expected: Head, head: Head): void => {
  const { organization, command, claim, free } = append;
  const moved = [String(head.position), head.hash];
  if (expected.position === 0 && expected.hash === "") lists.births.push(organization, ...moved);
  else lists.moves.push(organization, String(expected.position), expected.hash, ...moved);
  if (command !== null) lists.commands.push(organization, command.id);
  if (claim !== null) lists.claims.push(organization, claim.e164, claim.holder);
  for (const { e164, holder } of free) {
    const list = e164 === claim?.e164 ? lists.passes : lists.frees;
    list.push(organization, e164, holder);
  }
};

const addEvents = (
  list: List,
  append: Append,
  events: readonly Chained[],
): void => {
  const { organization, command } = append;
  const [at, actor] = [String(append.at), jsonText(append.actor)];
  for (const [index, { event: { position, type, version, hash }, text }] of events.entries()) {
    list.push(organization, String(position), type, String(version), text, at);
    list.push(actor, command?.id ?? null);
    if (index > 0 || command === null) list.push(null, null);
    else list.push(command.fingerprint, String(events.length));
    list.push(hash);
  }
};

const addChanges = (lists: Lists, { organization, rows }: Append): void => {
  for (const { kind, key, data, work } of lastChanges(rows)) {
    const json = jsonText(data);
    if (json === "null") lists.removals.push(organization, kind, key);
    else {
      lists.changes.push(organization, kind, key, json);
      lists.changes.push(work?.automation ?? null, work === null ? null : String(work.due));
    }
  }
};

/**
 * Chains the append's events to `expected`, the head that the database will check, and writes all as
 * text. Throws what `JSON.stringify` throws at a value that has no JSON.
 */
export const prepare = (append: Append, expected: Head): Prepared => {
  const { organization, at, actor, command, events } = append;
  const entry = { organization, at, actor, command: command?.id ?? null, events };
  const chained = chain(expected, entry, digest);
  const last = chained[chained.length - 1]?.event;
  const head = last === undefined ? expected : { position: last.position, hash: last.hash };
  const lists = noLists();
  addAppend(lists, append, expected, head);
  addEvents(lists.events, append, chained);
  addChanges(lists, append);
  return { append, head, events: chained, lists };
};

/** The batch as the lists that the database's function reads, in their order. */
export const toLists = (batch: readonly Prepared[]): readonly Parameter[] => {
  const names = Object.keys(LISTS) as (keyof typeof LISTS)[];
  return names.map((name) => {
    const list = batch.flatMap(({ lists }) => lists[name]);
    return list.length === 0 ? null : list;
  });
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
