/**
 * Reads the rows and claims of an organization, whatever wrote them, to be compared with its log.
 */
import type { Head, Listing } from "../../../core/ports/mod.ts";
import type { Database, ResultRow } from "./database.ts";
import { tagsOf, text, whole } from "./row-codec.ts";
import { headOf } from "./statements.ts";

/** A row as it is stored; its data is whatever text there is. */
export type StoredRow = {
  readonly kind: string;
  readonly key: string;
  readonly data: string;
  readonly automation: string | null;
  readonly due: number | null;
  /** How it is listed; null where it is not. */
  readonly listing: Listing | null;
};

/** A claim as it is stored. */
export type StoredClaim = { readonly key: string; readonly holder: string };

/** Rows of a kind with the same tags, whose number is noted wrongly. */
export type Miscounted = { readonly kind: string; readonly tags: string };

/** What is written at the first event of a command. */
export type Mark = {
  readonly position: number;
  /** How many events it has. */
  readonly size: number | null;
  /** Whether the command's fingerprint is there. */
  readonly isNamed: boolean;
};

/** All that is kept beside an organization's log, at one head; position 0 where it has no log. */
export type Kept = {
  readonly head: Head;
  readonly rows: readonly StoredRow[];
  readonly claims: readonly StoredClaim[];
  readonly miscounted: readonly Miscounted[];
};

/** Reads rows and claims, of organizations with a log and without. */
export type Audit = {
  /** In one statement, so that all of it belongs to the head. */
  kept(organization: string): Promise<Kept>;
  /** Organizations, by id, after `after`, at most `limit`, that have rows or claims and no log. */
  strays(after: string, limit: number): Promise<readonly string[]>;
  /**
   * What an organization's events up to a position say beside what is hashed, where they say it.
   */
  marks(organization: string, until: number): Promise<readonly Mark[]>;
};

const MARKS = `
select position, size, fingerprint is not null as is_named from ledgerline.event
where organization = $1 and position <= $2::bigint and (size is not null or fingerprint is not null)
order by position`;

const KEPT = `
select 'head' as part, position::text as a, hash as b, null as c, null as d, null as e, null as f
from (${headOf("$1")}) h
union all
select 'row', kind, key, data, automation, due::text,
  case when coalesce(sort::text, grp, tags, texts::text) is not null then json_build_object(
    'sort', sort, 'group', grp, 'tags', tags, 'texts', texts
  )::text end
from ledgerline.state where organization = $1
union all
select 'claim', e164, holder, null, null, null, null from ledgerline.claim where organization = $1
union all
select 'listed', coalesce(l.kind, s.kind), coalesce(l.tags, s.tags), null, null, null, null
from (select kind, tags, count from ledgerline.listed where organization = $1) l
full join (
  select kind, tags, count(*) as count from ledgerline.state
  where organization = $1 and sort is not null group by kind, tags
) s on s.kind = l.kind and s.tags = l.tags
where coalesce(l.count, 0) <> coalesce(s.count, 0)`;

/** Goes from one organization of a table to the next, by an index, whatever they have between. */
const organizationsIn = (table: string): string => `
(with recursive o(organization) as (
  (select organization from ledgerline.${table} where organization > $1
    order by organization limit 1)
  union all
  select (select n.organization from ledgerline.${table} n where n.organization > o.organization
    order by n.organization limit 1)
  from o where o.organization is not null
)
select organization from o where organization is not null and not exists (
  select from ledgerline.event f where f.organization = o.organization and f.position = 1
) limit $2::bigint)`;

const STRAYS = `
select organization from (
  ${["state", "claim", "listed"].map(organizationsIn).join(" union ")}
) s order by organization limit $2::bigint`;

const toListing = (json: string | null): Listing | null => {
  if (json === null) return null;
  const { tags, ...listing } = JSON.parse(json);
  return { ...listing, tags: tags === null ? null : tagsOf(tags) };
};

const toStored = (row: ResultRow): StoredRow => ({
  kind: text(row, "a"),
  key: text(row, "b"),
  data: text(row, "c"),
  automation: row["d"] ?? null,
  due: row["e"] === null ? null : whole(row, "e"),
  listing: toListing(row["f"] ?? null),
});

/** An audit of the log in this database, beside all who use it. */
export const openAudit = (database: Database): Audit => ({
  kept: async (organization) => {
    const found = await database.query(KEPT, [organization], true);
    const of = (part: string) => found.filter((row) => row["part"] === part);
    const [head] = of("head");
    return {
      head: head === undefined
        ? { position: 0, hash: "" }
        : { position: whole(head, "a"), hash: text(head, "b") },
      rows: of("row").map(toStored),
      claims: of("claim").map((row) => ({ key: text(row, "a"), holder: text(row, "b") })),
      miscounted: of("listed").map((row) => ({ kind: text(row, "a"), tags: text(row, "b") })),
    };
  },
  strays: async (after, limit) =>
    (await database.query(STRAYS, [after, limit], true)).map((row) => text(row, "organization")),
  marks: async (organization, until) =>
    (await database.query(MARKS, [organization, until], true)).map((row) => ({
      position: whole(row, "position"),
      size: row["size"] === null ? null : whole(row, "size"),
      isNamed: row["is_named"] === "t",
    })),
});
