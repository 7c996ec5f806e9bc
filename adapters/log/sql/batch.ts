/** A batch of appends as one statement, and its outcome. */
import { jsonText } from "../../../core/values/text.ts";
import { chain, type Chained } from "../../../core/log/chain.ts";
import type { Append, AppendOutcome, Head, RecordedEvent } from "../../../core/ports/mod.ts";
import { digest } from "../digest.ts";
import { compareText, partsOf as partsOfRows } from "../append-checks.ts";
import { type Item, type List, type Lists } from "./append-lists.ts";
import { appendStatement } from "./append.ts";
import type { Statement } from "./database.ts";
import { listingColumns, workColumns } from "./row-codec.ts";

/** An append with all its JSON written: nothing in it can fail any more. */
export type Prepared = {
  readonly append: Append;
  /** The head it is prepared to follow, and the one it leads to. */
  readonly expected: Head;
  readonly head: Head;
  readonly events: readonly Chained[];
  /** What goes to the database. */
  readonly lists: Lists;
};

const add = (lists: Lists, list: List, item: Item): void => {
  const items = lists[list];
  if (items === undefined) lists[list] = [item];
  else items.push(item);
};

const addEvents = (lists: Lists, append: Append, decided: Item, events: readonly Chained[]) => {
  const { command } = append;
  const [at, actor] = [String(append.at), jsonText(append.actor)];
  for (const [index, { event: { position, type, version, hash }, text }] of events.entries()) {
    const first = index === 0 ? command : null;
    const item = [...decided, String(position), type, String(version), text, at, actor];
    item.push(first?.fingerprint ?? null, first === null ? null : String(events.length), hash);
    add(lists, "events", item);
  }
};

const addChanges = (lists: Lists, { organization, rows }: Append): void => {
  const { single, below } = partsOfRows(rows);
  for (const { kind, key } of below) add(lists, "removalsBelow", [organization, kind, key]);
  for (const change of single) {
    const { kind, key } = change;
    if (change.change === "remove") add(lists, "removals", [organization, kind, key]);
    else {
      const { data, work, listing } = change;
      add(lists, "changes", [
        organization,
        kind,
        key,
        jsonText(data),
        ...workColumns(work),
        ...listingColumns(listing),
      ]);
    }
  }
};

/**
 * Chains the append's events to `expected`, the head that the database will check, and writes all
 * as text. Throws what `JSON.stringify` throws at a value that has no JSON.
 */
export const prepare = (append: Append, expected: Head): Prepared => {
  const { organization, at, actor, command, events, claims, free } = append;
  const entry = { organization, at, actor, command: command?.id ?? null, events };
  const chained = chain(expected, entry, digest);
  const last = chained[chained.length - 1]?.event;
  const head = last === undefined ? expected : { position: last.position, hash: last.hash };
  const decided = [organization, String(expected.position), expected.hash, entry.command];
  const lists: Lists = {};
  addEvents(lists, append, decided, chained);
  for (const { key, holder } of claims) add(lists, "claims", [...decided, key, holder]);
  for (const { key, holder } of free) {
    const isPassed = claims.some((claim) => claim.key === key);
    add(lists, isPassed ? "passes" : "frees", [organization, key, holder]);
  }
  addChanges(lists, append);
  return { append, expected, head, events: chained, lists };
};

/** Whether an append puts a row that another one, in the same statement, is to remove. */
export const putsBelow = (append: Append, removing: Prepared): boolean =>
  (removing.lists.removalsBelow ?? []).some((below) =>
    append.rows.some(({ change, kind, key }) =>
      change === "put" && isBelow([null, kind, key], below)
    )
  );

/** So many events, and so many rows, go into a part of a large append. */
const PART = 32;

/**
 * Whether an append is large enough to go alone, in parts where the process would be held. Each
 * part has some of its events; claims, and what is freed or removed, go with the first.
 */
export const isLarge = ({ events, rows }: Append): boolean =>
  events.length > 1 && events.length + rows.length > 2 * PART;

/**
 * The statements that append what one would, for a transaction: each follows the one before. Where
 * the first gives nothing, nothing is to be appended; the others always fit.
 */
export function* partsOf({ append, events: chained, lists }: Prepared): Iterable<Statement> {
  const { events = [], changes = [], ...rest } = lists;
  const count = Math.ceil(Math.min(events.length, Math.max(events.length, changes.length) / PART));
  const slice = <Each>(all: readonly Each[], part: number): Each[] =>
    all.slice(Math.floor(all.length * part / count), Math.floor(all.length * (part + 1) / count));
  for (let part = 0, done = 0; part < count; part++) {
    const before = chained[done - 1]?.event;
    const taken = slice(events, part).map((item) =>
      before === undefined ? item : item.with(1, String(before.position)).with(2, before.hash)
    );
    done += taken.length;
    const changed = slice(changes, part);
    const all = { events: taken, ...(changed.length > 0 && { changes: changed }) };
    const isFirst = part === 0;
    yield appendStatement(isFirst ? { ...rest, ...all } : all, {
      isAlone: true,
      follows: Number(taken[0]?.[1]) > 0,
      hasCommands: isFirst && append.command !== null,
      hasChains: false,
      hasSeveral: isFirst && append.claims.length > 1,
      isShared: false,
    });
  }
}

/** Whether a row is among those below. */
const isBelow = ([, kind, key]: Item, [, ofKind, below]: Item): boolean =>
  kind === ofKind && compareText(key ?? "", below ?? "") < 0;

/** Those of each organization, which follow one another in a batch. */
export const chainsOf = <Each>(
  batch: readonly Each[],
  organizationOf: (each: Each) => string,
): readonly (readonly Each[])[] => {
  const chains: Each[][] = [];
  let last: string | null = null;
  for (const each of batch) {
    const organization = organizationOf(each);
    if (organization === last) chains.at(-1)?.push(each);
    else chains.push([each]);
    last = organization;
  }
  return chains;
};

/** The lists of rows. */
const OF_ROWS = ["changes", "removals", "removalsBelow"] as const;

/** What several appends do to rows, as far as no later one changes or removes the same row. */
const lastItems = (chain: readonly Prepared[]): Pick<Lists, (typeof OF_ROWS)[number]> => {
  const last = new Map<string, readonly ["changes" | "removals", Item]>();
  const removalsBelow: Item[] = [];
  for (const { lists } of chain) {
    for (const below of lists.removalsBelow ?? []) {
      removalsBelow.push(below);
      for (const [name, [, item]] of last) if (isBelow(item, below)) last.delete(name);
    }
    for (const list of ["changes", "removals"] as const) {
      for (const item of lists[list] ?? []) {
        last.set(JSON.stringify([item[1], item[2]]), [list, item]);
      }
    }
  }
  const of = (wanted: "changes" | "removals"): Item[] =>
    [...last.values()].filter(([list]) => list === wanted).map(([, item]) => item);
  return { changes: of("changes"), removals: of("removals"), removalsBelow };
};

/** Adds appends of one organization, as one that is at the head which the first expects. */
const addChain = (all: Lists, chain: readonly Prepared[]): void => {
  const [first, ...others] = chain;
  if (first === undefined) return;
  const { expected, lists: own } = first;
  const rows = others.length === 0 ? own : lastItems(chain);
  for (const list of OF_ROWS) for (const item of rows[list] ?? []) add(all, list, item);
  const atFirst = (item: Item): Item =>
    item.with(1, String(expected.position)).with(2, expected.hash);
  for (const { lists } of chain) {
    for (const list of ["events", "claims"] as const) {
      for (const item of lists[list] ?? []) add(all, list, lists === own ? item : atFirst(item));
    }
    for (const list of ["passes", "frees"] as const) {
      for (const item of lists[list] ?? []) add(all, list, item);
    }
  }
};

/** The lists of a batch: of each organization all are committed, or none. */
const together = (chains: readonly (readonly Prepared[])[]): Lists => {
  const all: Lists = {};
  for (const chain of chains) addChain(all, chain);
  return all;
};

/** Whether an organization takes several claims: only then some of them can be got. */
const takesSeveral = (chain: readonly Prepared[]): boolean =>
  chain.reduce((sum, { append }) => sum + append.claims.length, 0) > 1;

/**
 * The statement that appends the batch; `isShared` where other servers use the database too. Those
 * of one organization come one after the other, each at the head that the one before leads to.
 */
export const toStatement = (batch: readonly Prepared[], isShared: boolean): Statement => {
  const [only] = batch;
  const isAlone = only !== undefined && batch.length === 1;
  const chains = chainsOf(batch, ({ append }) => append.organization);
  const hasCommands = batch.some(({ append }) => append.command !== null);
  return appendStatement(isAlone ? only.lists : together(chains), {
    isAlone,
    follows: batch.every(({ expected }) => expected.position > 0),
    hasCommands,
    hasChains: hasCommands && chains.length < batch.length,
    hasSeveral: chains.some(takesSeveral),
    isShared,
  });
};

// What is returned is what a later read returns: data as parsed from its JSON.
const asStored = ({ events }: Prepared): readonly RecordedEvent[] =>
  events.map(({ event, text }) => ({ ...event, data: JSON.parse(text) }));

/** The outcome of an append that was not refused. */
export const toAppended = (prepared: Prepared): AppendOutcome => ({
  outcome: "appended",
  head: prepared.head,
  events: asStored(prepared),
});
