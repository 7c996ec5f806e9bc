/** The SQL texts of the log. What they decide, they decide alone: no cache takes part. */
import { BEGINNING } from "../../../core/number/facts.ts";
import { EVENT_BYTES, PAGE_BYTES } from "../page.ts";
import { FOUND } from "./schema.ts";

/** The head of the organization that an SQL expression names, which is its last event. */
export const headOf = (organization: string): string => `
select h.position, h.hash from ledgerline.event h
where h.organization = ${organization} order by h.position desc limit 1`;

/** The heads of the organizations in $1 that have one. */
export const HEADS = `
select i.organization, h.position, h.hash from unnest($1::text[]) i(organization)
cross join lateral (${headOf("i.organization")}) h`;

/** The hash of the event of $1 at position $2. */
export const HASH = `
select hash from ledgerline.event where organization = $1 and position = $2::bigint`;

const EVENT_COLUMNS = "position, type, version, at, actor, command, data, hash";

/** How many bytes an event takes. */
const SIZE = `(octet_length(data) + octet_length(actor) + ${EVENT_BYTES})`;

const list = (json: string): string => `'[' || string_agg(${json}, ',') || ']'`;

const where = (condition: string): string => `select * from ledgerline.event where ${condition}`;

/** The events of a page, which ends where its bytes do. */
const within = (events: string, order: string, limit: string): string => `
from (
  select *, sum(${SIZE}) over (order by ${order} rows unbounded preceding) - ${SIZE} as bytes_before
  from (
    ${events} order by ${order} limit ${limit}::bigint
  ) r
) e where bytes_before < ${PAGE_BYTES}`;

/**
 * Events as one row that has a list for each column, since a driver takes long for a value, however
 * short, and the database for each text that it puts together. Actors are lines of JSON, which
 * contains no line break; the other lists are JSON. A page ends where its bytes do: `octet_length`
 * knows the length of what is stored aside without reading it, so what is left out costs nothing.
 */
const page = (events: string, order: string, limit: string): string => `
select json_agg(organization) as organization, ${list("position::text")} as position,
  json_agg(type) as type, ${list("version::text")} as version, ${list("at::text")} as at,
  string_agg(actor, E'\\n') as actor, json_agg(command) as command, ${list("data")} as data,
  '["' || string_agg(hash, '","') || '"]' as hash
${within(events, order, limit)}`;

const OF_ONE = [where("organization = $1 and position > $2::bigint"), "position", "$3"] as const;
const OF_ALL = [
  where("(organization, position) > ($1, $2::bigint)"),
  "organization, position",
  "$3",
] as const;

/**
 * The text of the first member of this name in an event's JSON, as far as an index has it. Like the
 * conditions beside it, it must be the index's own, character for character.
 */
const memberOf = (name: string): string =>
  `left(split_part(split_part(data, '"${name}":"', 2), '"', 1), 100)`;
const OF_HOLDING = [
  where(`organization = $1 and position('"holding":"' in data) > 0
      and ${memberOf("holding")} = left($4, 100) and position > $2::bigint`),
  "position",
  "$3",
] as const;
const BEGINS = `type in (${BEGINNING.map((type) => `'${type}'`).join(", ")})`;
const OF_NUMBER = [
  where(`${BEGINS} and ${memberOf("e164")} = left($1, 100)
      and (organization, position) > ($2, $3::bigint)`),
  "organization, position",
  "$4",
] as const;

/** Events of $1 after position $2, at most $3 and about as many bytes as a page has. */
export const EVENTS: string = page(...OF_ONE);

/**
 * The same of events about the holding $4, as JSON writes it up to a quotation mark: those of
 * others may be among them.
 */
export const ABOUT: string = page(...OF_HOLDING);

/**
 * The same of events with which organizations began to hold the number $1, after position $3 of $2
 * and of the organizations behind it, at most $4.
 */
export const BEGINNINGS: string = page(...OF_NUMBER);

/** Events after position $2 of $1, and those of the organizations behind it, as many as that. */
export const SCAN: string = page(...OF_ALL);

type Events = typeof OF_ONE | typeof OF_ALL | typeof OF_HOLDING | typeof OF_NUMBER;

const singly = ([events, order, limit]: Events): string =>
  `select organization, ${EVENT_COLUMNS} ${within(events, order, limit)} order by ${order}`;

/** The statements above, as they give a row for each event: to find one that cannot be read. */
export const SINGLY: Readonly<Record<string, string>> = {
  [EVENTS]: singly(OF_ONE),
  [SCAN]: singly(OF_ALL),
  [ABOUT]: singly(OF_HOLDING),
  [BEGINNINGS]: singly(OF_NUMBER),
};

/** The events of command $2 of $1, with the command's fingerprint on the first. */
export const COMMAND = `
select ${EVENT_COLUMNS}, fingerprint from ledgerline.event
where organization = $1 and position between
  (select position from ledgerline.event
    where organization = $1 and command = $2 and fingerprint is not null)
  and (select position + size - 1 from ledgerline.event
    where organization = $1 and command = $2 and fingerprint is not null)
order by position`;

/** The claim on $1. */
export const CLAIM = "select e164, organization, holder from ledgerline.claim where e164 = $1";

const find = (condition: string): string => `
select organization, kind, key, data, automation, due from ledgerline.state
where kind = $1 and key = $2${condition} order by organization limit 1`;

/** The row of kind $1 and key $2 in any organization, for kinds in the index and for others. */
export const FIND_BY_INDEX: string = find(` and ${FOUND}`);
export const FIND: string = find("");

const rowsOf = (condition: string): string => `
select organization, kind, key, data, automation, due from ledgerline.state
where kind = $1 and key >= $2 and key < $3${condition}
order by key desc limit $4::bigint`;

/**
 * Rows of kind $1 with keys from $2 to below $3, the last first; for kinds in the index and others.
 */
export const ROWS_BY_INDEX: string = rowsOf(` and ${FOUND}`);
export const ROWS: string = rowsOf("");

/** The same of the organization $5 alone. */
export const ROWS_WITHIN: string = rowsOf(" and organization = $5");

/** Claims with the rows of the kinds $1 that have their holders for keys. */
const claimed = (claims: string, condition = ""): string => `
select c.e164, c.organization, c.holder, s.kind, s.key, s.data, s.automation, s.due
from (select e164, organization, holder from ledgerline.claim where ${claims}) c
left join lateral (
  select kind, key, data, automation, due from ledgerline.state
  where organization = c.organization and kind = any($1::text[]) and key = c.holder
  limit cardinality($1::text[])
) s on true${condition}`;

/**
 * Those on the keys $2; and the first $4 behind the key $2, as far as they are before $3. Where
 * nothing is known of the table, a range of two ends is taken for small, and all of it put in order
 * for each page.
 */
export const CLAIMS: string = claimed("e164 = any($2::text[])");
export const CLAIMS_AFTER: string = claimed(
  "e164 > $2 order by e164 limit $4::bigint",
  " where c.e164 < $3",
);

const due = (condition: string): string => `
select organization, kind, key, automation, due from ledgerline.state
where due <= $1::bigint${condition} order by due, organization, kind, key limit $2::bigint`;

/** What is due at or before $1, at most $2. */
export const DUE: string = due("");

/** The same, behind the item of due time $3, organization $4, kind $5 and key $6. */
export const DUE_AFTER: string = due(
  " and (due, organization, kind, key) > ($3::bigint, $4, $5, $6)",
);

/** The earliest due time after $1. */
export const NEXT_DUE = `
select due from ledgerline.state where due > $1::bigint order by due limit 1`;

/** The heads of organizations after $1, at most $2. */
export const HEADS_AFTER = `
select o.organization, h.position, h.hash from (
  select organization from ledgerline.event where position = 1 and organization > $1
  order by organization limit $2::bigint
) o cross join lateral (${headOf("o.organization")}) h order by o.organization`;
