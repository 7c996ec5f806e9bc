/**
 * The append, as one statement for a whole batch: it makes every decision, against the rows as they
 * are. An organization's head is its last event, and the key of the events is what two writers race
 * for; there is no row for the head that would have to be written as well.
 *
 * A statement with many parts takes long to set up, so its text has only the parts that the batch
 * needs, and reads a list of one item without making a table of it. No two appends of a batch may
 * name one number. Those of one organization are all at the head that the first of them expects,
 * and all are committed or none. The statement returns the organizations whose appends are
 * committed, once for each event; of the others nothing is written. Concurrent writes of two
 * servers may also fail it as not unique (23505), and an append that gets some of its claims only
 * fails it (22P02).
 */
import {
  COLUMNS,
  isJson,
  type List,
  LIST_NAMES,
  LISTS,
  type Lists,
  source,
} from "./append-lists.ts";
import type { Parameter, Statement } from "./database.ts";
import { OF_THIS_VERSION } from "./row-version.ts";

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

/**
 * The same for an append of one event to a log that has some, in the form that costs least: what it
 * follows is the row that it is selected with, and the keys of the events alone show whether
 * something follows that already, or results from the same command.
 */
const AFTER_HEAD =
  `i.organization = h.organization and i.base = h.position and i.previous = h.hash`;

const NEW_COMMAND = `not exists (
    select from ledgerline.event c
    where c.organization = i.organization and c.command = i.command and c.fingerprint is not null
  )`;

/** The same where several appends of an organization may be committed: none of them has its id. */
const newCommands = (events: string): string =>
  `(i.organization in (
    select e.organization from ${events} e
    where e.fingerprint is not null and (
      select c.position from ledgerline.event c
      where c.organization = e.organization and c.command = e.command
        and c.fingerprint is not null
    ) is not null
  )) is not true`;

/**
 * How long another session's locks are waited for, since others may wait for the same statement. It
 * is a condition that is always true, and is evaluated before anything is written; the setting ends
 * with the transaction, so that no session keeps it.
 */
const LOCK_MS = 250;
const WITHIN_TIME = `(select set_config('lock_timeout', '${LOCK_MS}', true)) is not null`;

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
  const values = names.map((name) => `i.${name}`);
  return `insert into ledgerline.${table} as t (${names.join(", ")})
  select ${values.join(", ")} from ${items} i where ${condition}`;
};

const remove = (
  table: string,
  list: List,
  items: string,
  condition: string,
  ofKey: "=" | "<" = "=",
): string => {
  const same = Object.keys(LISTS[list]).map((name) =>
    `t.${name} ${name === "key" ? ofKey : "="} i.${name}`
  );
  return `delete from ledgerline.${table} t using ${items} i
  where ${same.join(" and ")} and ${condition}`;
};

/** Takes claims, also those that the same append passes on; gives those that were got. */
const claim = (claims: string, passes: string | undefined, condition: string): string => `
  insert into ledgerline.claim as t (organization, e164, holder)
  select organization, e164, holder from ${claims} i where ${condition}
  on conflict (e164) do ${
  passes === undefined ? "nothing" : `update set holder = excluded.holder
    where t.organization = excluded.organization
      and (t.e164, t.holder) in (select e164, holder from ${passes} p)`
}
  returning organization, e164`;

/**
 * The condition that the claim `c` is not among those that were got, of which no two are on one
 * number; looked for by hashing, as in `among`.
 */
const NOT_GOT = "(c.e164 in (select g.e164 from claimed g)) is not true";

/**
 * Fails the statement where an organization got some of its claims and not all: what is taken in a
 * statement can only be given back with all of it. The text is not a number, so that reading it as
 * one is the failure; being made of a row, it is read for those only.
 */
const failInPart = (claims: string): string => `
  select (c.organization || ' gets its claims in part')::integer::text from ${claims} c
  where ${NOT_GOT} and c.organization in (select g.organization from claimed g)`;

const OR_UPDATE = `on conflict (organization, kind, key) do update
    set data = excluded.data, automation = excluded.automation, due = excluded.due,
      sort = excluded.sort, grp = excluded.grp, tags = excluded.tags, texts = excluded.texts`;

/**
 * Counts what is listed with which tags: each row that is put, less what it was before, which the
 * statement still sees; and less what is removed.
 */
const count = (changes: string | undefined, removed: readonly string[], condition: string) => {
  const rows = removed.map((part) => `select organization, kind, tags, -1 from ${part}`);
  if (changes !== undefined) {
    rows.push(
      `select organization, kind, tags, 1 from ${changes} i where ${condition}`,
      `select t.organization, t.kind, t.tags, -1 from ${changes} i join ledgerline.state t
    on t.organization = i.organization and t.kind = i.kind and t.key = i.key where ${condition}`,
    );
  }
  return `insert into ledgerline.listed as l (organization, kind, tags, count)
  select organization, kind, tags, sum(n) from (
    ${rows.join("\n    union all ")}
  ) r(organization, kind, tags, n) where tags is not null
  group by organization, kind, tags having sum(n) <> 0
  on conflict (organization, kind, tags) do update set count = l.count + excluded.count`;
};

/** The lists that have items, each as something to select from. */
const sources = (lists: Lists): Partial<Record<List, string>> => {
  const from: Partial<Record<List, string>> = {};
  let first = 1;
  for (const [place, list] of LIST_NAMES.entries()) {
    const count = lists[list]?.length ?? 0;
    if (count === 0) continue;
    from[list] = source(list, count === 1, first);
    first += COLUMNS[place]?.length ?? 0;
  }
  return from;
};

/** Inserts the events of appends that fit; what has to be done before that is added to `parts`. */
const insertEvents = (
  { events = "", claims, passes }: Partial<Record<List, string>>,
  { isAlone, isPlain, hasCommands, hasChains, hasSeveral, isShared }: Sort,
  parts: string[],
): string => {
  // Where only this process writes, it checked the version at its start, and nothing holds what it
  // waits for.
  const version = isShared ? ` and ${OF_THIS_VERSION} and ${WITHIN_TIME}` : "";
  if (isPlain) {
    const items = `ledgerline.event h, ${events}`;
    return `${insert("event", "events", items, AFTER_HEAD + version)} on conflict do nothing`;
  }
  const isNew = hasChains ? newCommands(events) : NEW_COMMAND;
  const fits = (hasCommands ? `${AT_HEAD} and ${isNew}` : AT_HEAD) + version;
  if (claims === undefined) return insert("event", "events", events, fits);
  parts.push(`claimed as (${claim(claims, passes, fits)})`);
  const got = hasSeveral
    ? `(i.organization in (select c.organization from ${claims} c where ${NOT_GOT})) is not true`
    : `(${among("claimed", isAlone)} or not ${among(`${claims} c`, isAlone)})`;
  return insert("event", "events", events, `${fits} and ${got}`);
};

/** The text of the statement for batches like this one. */
const toText = (lists: Lists, sort: Sort): string => {
  const from = sources(lists);
  const { changes, removals, removalsBelow, frees } = from;
  const { isAlone, hasListed } = sort;
  const parts: string[] = [];
  const inserted = insertEvents(from, sort, parts);
  parts.push(`committed as (${inserted} returning organization)`);
  const isCommitted = among("committed", isAlone);
  if (changes !== undefined) {
    parts.push(`changes as (${insert("state", "changes", changes, isCommitted)} ${OR_UPDATE})`);
  }
  const removed: string[] = [];
  if (removals !== undefined) {
    const deleted = remove("state", "removals", removals, isCommitted);
    parts.push(`removals as (${deleted} returning t.organization, t.kind, t.tags)`);
    removed.push("removals");
  }
  if (removalsBelow !== undefined) {
    const below = remove("state", "removalsBelow", removalsBelow, isCommitted, "<");
    parts.push(`below as (${below} returning t.organization, t.kind, t.tags)`);
    removed.push("below");
  }
  const listed = hasListed ? changes : undefined;
  if (listed !== undefined || removed.length > 0) {
    parts.push(`counted as (${count(listed, removed, isCommitted)})`);
  }
  if (frees !== undefined) parts.push(`frees as (${remove("claim", "frees", frees, isCommitted)})`);
  const inPart = sort.hasSeveral ? `union all ${failInPart(from.claims ?? "")}` : "";
  return `with ${parts.join(",\n")}\nselect organization from committed ${inPart}`;
};

const texts = new Map<string, string>();

/** Where the tags of a row are among its values. */
const TAGS = Object.keys(LISTS.changes).indexOf("tags");

/** What kind of batch a statement is for. */
type Sort = {
  /** It is of one append. */
  readonly isAlone: boolean;
  /** That is of one event, takes no number and follows something. */
  readonly isPlain: boolean;
  /** At least one append has a command. */
  readonly hasCommands: boolean;
  /** At least one organization has several appends, of which one has a command. */
  readonly hasChains: boolean;
  /** The appends of an organization take more claims than one. */
  readonly hasSeveral: boolean;
  /** At least one row that is put is listed; those of a kind are all listed, or none. */
  readonly hasListed: boolean;
  /** Other servers may write as well, and may have rebuilt all rows. */
  readonly isShared: boolean;
};

/**
 * The statement that appends a batch: of one append (`isAlone`), of one to a log that has events
 * already (`follows`), with at least one command (`hasCommands`), also of an organization that has
 * several (`hasChains`), or several claims (`hasSeveral`), in a database that other servers use too
 * (`isShared`). There are few sorts of batches, and a text for each.
 */
export const appendStatement = (
  lists: Lists,
  { isAlone, follows, hasCommands, hasChains, hasSeveral, isShared }:
    & Omit<Sort, "isPlain" | "hasListed">
    & { readonly follows: boolean },
): Statement => {
  const isPlain = isAlone && follows && lists.events?.length === 1 && lists.claims === undefined;
  const parameters: Parameter[] = [];
  const hasListed = lists.changes?.some((item) => item[TAGS] !== null) ?? false;
  const sort = { isAlone, isPlain, hasCommands, hasChains, hasSeveral, hasListed, isShared };
  let name = `${Object.values(sort).join(" ")} `;
  for (const [place, list] of LIST_NAMES.entries()) {
    const items = lists[list] ?? [];
    name += items.length > 1 ? "2" : items.length;
    if (items.length === 1) parameters.push(...items[0] ?? []);
    if (items.length < 2) continue;
    for (const [index, column] of (COLUMNS[place] ?? []).entries()) {
      const values = items.map((item) => item[index] ?? null);
      parameters.push(isJson(column) ? values.join("\n") : values);
    }
  }
  let sql = texts.get(name);
  if (sql === undefined) {
    sql = toText(lists, sort);
    texts.set(name, sql);
  }
  return { sql, parameters };
};
