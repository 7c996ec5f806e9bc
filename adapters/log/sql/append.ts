/**
 * The append, as one statement for a whole batch: what is decided is decided in it, against the rows
 * as they are. An organization's head is its last event, and the key of the events is what two
 * writers race for; there is no row for the head that would have to be written as well.
 *
 * A statement with many parts takes long to set up, so its text has only the parts that the batch
 * needs, and reads a list of one item without making a table of it. No two appends of a batch may be
 * of one organization or name one number. The statement gives the organizations whose appends stand,
 * once for each event; of the others nothing is written. What two servers write at once may also
 * fail it as not unique (23505).
 */
import type { Parameter, Statement } from "./database.ts";

/** Whose append an item is of, the head it was decided against, and its command, if any. */
const DECIDED = {
  organization: "text",
  base: "bigint",
  previous: "text",
  command: "text",
} as const;

const CLAIM = { organization: "text", e164: "text", holder: "text" } as const;

/** What the statement is given, list by list: the columns of each item, with their types. */
const LISTS = {
  events: {
    ...DECIDED,
    position: "bigint",
    type: "text",
    version: "integer",
    data: "text",
    at: "bigint",
    actor: "text",
    fingerprint: "text",
    size: "integer",
    hash: "text",
  },
  claims: { ...DECIDED, ...CLAIM },
  /** Claims on numbers that the same append frees: `holder` is who held the number until now. */
  passes: CLAIM,
  changes: {
    organization: "text",
    kind: "text",
    key: "text",
    data: "text",
    automation: "text",
    due: "bigint",
  },
  removals: { organization: "text", kind: "text", key: "text" },
  frees: CLAIM,
} as const;

/** The name of a list. */
export type List = keyof typeof LISTS;

/** How many items each list has, 2 standing for any number beyond one. */
type Shape = Readonly<Record<List, 0 | 1 | 2>>;

/** A batch: each list column by column, every column as long as the list has items. */
export type Lists = Readonly<Record<List, readonly (string | null)[][]>>;

const COMMAND = Object.keys(DECIDED).indexOf("command");

const NAMES = Object.keys(LISTS) as readonly List[];

/** A batch of nothing, to be added to. */
export const emptyLists = (): Lists => {
  const lists = {} as Record<List, (string | null)[][]>;
  for (const list of NAMES) lists[list] = Object.keys(LISTS[list]).map(() => []);
  return lists;
};

/** A list as something to select from; its parameters are `$first` and so on. */
const source = (list: List, size: 1 | 2, first: number): string => {
  const columns = Object.entries(LISTS[list]);
  const names = columns.map(([name]) => name);
  if (size === 1) {
    const values = columns.map(([name, type], index) => `$${first + index}::${type} as ${name}`);
    return `(select ${values.join(", ")})`;
  }
  const arrays = columns.map((_, index) => `$${first + index}::text[]`);
  const values = columns.map(([name, type]) => type === "text" ? name : `${name}::${type}`);
  return `(select ${values.join(", ")} from unnest(${arrays.join(", ")}) u(${names.join(", ")}))`;
};

/**
 * The condition that the head is as the item `i` expects it: what it follows is there, and nothing
 * follows that yet. Put as values, each is looked up by key for itself; as conditions that exist or
 * not, they would be joined, at times by reading all events.
 */
const AT_HEAD = `(i.base = 0 and i.previous = '' or i.previous = (
    select h.hash from ledgerline.event h
    where h.organization = i.organization and h.position = i.base
  )) and (
    select n.position from ledgerline.event n
    where n.organization = i.organization and n.position = i.base + 1
  ) is null`;

const NEW_COMMAND = `not exists (
    select from ledgerline.event c
    where c.organization = i.organization and c.command = i.command and c.fingerprint is not null
  )`;

/**
 * The condition that the item's append is in `part`. In a batch of one, anything there is of it;
 * else its organization is looked for, which this form does by hashing.
 */
const among = (part: string, isAlone: boolean): string =>
  isAlone
    ? `exists (select from ${part})`
    : `(i.organization in (select organization from ${part})) is true`;

/** Inserts the items of a list, less what only says whether they may be inserted. */
const insert = (table: string, list: List, items: string, condition: string): string => {
  const names = Object.keys(LISTS[list]).filter((name) => name !== "base" && name !== "previous");
  return `insert into ledgerline.${table} as t (${names.join(", ")})
  select ${names.join(", ")} from ${items} i where ${condition}`;
};

const remove = (table: string, list: List, items: string, condition: string): string => {
  const same = Object.keys(LISTS[list]).map((name) => `t.${name} = i.${name}`);
  return `delete from ledgerline.${table} t using ${items} i
  where ${same.join(" and ")} and ${condition}`;
};

/** Takes claims, also those that the same append passes on; gives whose append got its claim. */
const claim = (claims: string, passes: string | undefined, condition: string): string => `
  insert into ledgerline.claim as t (organization, e164, holder)
  select organization, e164, holder from ${claims} i where ${condition}
  on conflict (e164) do ${
  passes === undefined ? "nothing" : `update set holder = excluded.holder
    where t.organization = excluded.organization
      and (t.e164, t.holder) in (select e164, holder from ${passes} p)`
}
  returning organization`;

const OR_UPDATE = `on conflict (organization, kind, key) do update
    set data = excluded.data, automation = excluded.automation, due = excluded.due`;

/** The lists of a batch of this shape, each as something to select from. */
const sources = (shape: Shape): Partial<Record<List, string>> => {
  const lists: Partial<Record<List, string>> = {};
  let first = 1;
  for (const list of NAMES) {
    const size = shape[list];
    if (size === 0) continue;
    lists[list] = source(list, size, first);
    first += Object.keys(LISTS[list]).length;
  }
  return lists;
};

/** The text of the statement for batches of this shape. */
const toText = (shape: Shape, isAlone: boolean, commands: boolean): string => {
  const { events = "", claims, passes, changes, removals, frees } = sources(shape);
  const fits = commands ? `${AT_HEAD} and ${NEW_COMMAND}` : AT_HEAD;
  const parts: string[] = [];
  let may = fits;
  if (claims !== undefined) {
    parts.push(`claimed as (${claim(claims, passes, fits)})`);
    may += ` and (${among("claimed", isAlone)} or not ${among(`${claims} c`, isAlone)})`;
  }
  parts.push(`stands as (${insert("event", "events", events, may)} returning organization)`);
  const stands = among("stands", isAlone);
  if (changes !== undefined) {
    parts.push(`changes as (${insert("state", "changes", changes, stands)} ${OR_UPDATE})`);
  }
  if (removals !== undefined) {
    parts.push(`removals as (${remove("state", "removals", removals, stands)})`);
  }
  if (frees !== undefined) parts.push(`frees as (${remove("claim", "frees", frees, stands)})`);
  return `with ${parts.join(",\n")}\nselect organization from stands`;
};

const texts = new Map<string, string>();

/**
 * The statement that appends a batch; `isAlone` says that it is of one append. There are few shapes
 * of batches, and a text for each.
 */
export const appendStatement = (lists: Lists, isAlone: boolean): Statement => {
  const shape = {} as Record<List, 0 | 1 | 2>;
  const parameters: Parameter[] = [];
  for (const list of NAMES) {
    const columns = lists[list];
    const count = columns[0]?.length ?? 0;
    shape[list] = count > 1 ? 2 : count === 1 ? 1 : 0;
    if (count === 1) { for (const [value = null] of columns) parameters.push(value); }
    else if (count > 1) parameters.push(...columns);
  }
  const commands = lists.events[COMMAND]?.some((command) => command !== null) ?? false;
  const name = `${Object.values(shape).join("")} ${isAlone} ${commands}`;
  let sql = texts.get(name);
  if (sql === undefined) {
    sql = toText(shape, isAlone, commands);
    texts.set(name, sql);
  }
  return { sql, parameters };
};
