/** Replacing the rows and claims of an organization. */
import { jsonText } from "../../../core/values/text.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { lastChanges } from "../append-checks.ts";
import type { Quietly } from "./rebuild-exclusion.ts";
import { listingColumns, workColumns } from "./row-codec.ts";
import { assertOwnRows } from "./row-version.ts";
import { headOf } from "./statements.ts";

/** All of a row, as values that are never NULL, so that rows can be looked up by hashing. */
const WHOLE = `kind, key, data, coalesce(automation, ''), coalesce(due, -1),
    coalesce(sort::text, ''), coalesce('=' || grp, ''), coalesce(tags, ''),
    coalesce(texts::text, '')`;

/**
 * Replaces rows ($4–$12: kind, key, data, automation, due, sort, grp, tags, texts) and claims ($13,
 * $14: number, holder) of $1 when its head is still at position $2 with hash $3; gives a row if it
 * did. Correct rows are not written again, and what is listed is counted. A number that another
 * organization holds fails the whole statement (23505). Where several servers share the database,
 * appends must be excluded meanwhile.
 */
const REPLACE_ROWS = `
with head as materialized (${headOf("$1")}
),
fits as materialized (
  select true as fits
  where coalesce((select position from head), 0) = $2::bigint
    and coalesce((select hash from head), '') = $3::text
),
rows as materialized (
  select kind, key, data, automation, due::bigint, sort::bigint, grp, tags, texts::text[]
  from unnest(
    $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
    $11::text[], $12::text[]
  ) as r(kind, key, data, automation, due, sort, grp, tags, texts)
  where (select fits from fits)
),
claims as materialized (
  select e164, holder from unnest($13::text[], $14::text[]) as c(e164, holder)
  where (select fits from fits)
),
moved as materialized (
  select e164, holder from claims
  where ((e164, holder) in (
    select e164, holder from ledgerline.claim where organization = $1
  )) is not true
),
removed as (
  delete from ledgerline.state
  where organization = $1 and (select fits from fits)
    and ((kind, key) in (select kind, key from rows)) is not true
),
written as (
  insert into ledgerline.state
    (organization, kind, key, data, automation, due, sort, grp, tags, texts)
  select $1, kind, key, data, automation, due, sort, grp, tags, texts from rows
  where ((${WHOLE}) in (
    select ${WHOLE} from ledgerline.state where organization = $1
  )) is not true
  on conflict (organization, kind, key) do update
    set data = excluded.data, automation = excluded.automation, due = excluded.due,
      sort = excluded.sort, grp = excluded.grp, tags = excluded.tags, texts = excluded.texts
),
listed as materialized (
  select kind, tags, count(*) as count from rows where sort is not null group by kind, tags
),
unlisted as (
  delete from ledgerline.listed
  where organization = $1 and (select fits from fits)
    and ((kind, tags) in (select kind, tags from listed)) is not true
),
counted as (
  insert into ledgerline.listed (organization, kind, tags, count)
  select $1, kind, tags, count from listed
  on conflict (organization, kind, tags) do update set count = excluded.count
),
given_back as (
  delete from ledgerline.claim
  where organization = $1 and (select fits from fits)
    and (e164 in (select e164 from claims)) is not true
),
kept as (
  update ledgerline.claim c set holder = n.holder from moved n
  where c.e164 = n.e164 and c.organization = $1
),
taken as (
  insert into ledgerline.claim (e164, organization, holder)
  select e164, $1, holder from moved n
  where not exists (
    select from ledgerline.claim c where c.e164 = n.e164 and c.organization = $1
  )
)
select fits from fits`;

/** How many columns a row has besides its organization. */
const ROW_COLUMNS = 9;

/** Replaces them where the head is still this one; false where it is not. */
export const replaceRows = async (
  quietly: Quietly,
  ...[organization, expected, all, claims]: Parameters<EventLog["replaceRows"]>
): Promise<boolean> => {
  const rows = lastChanges(all).map((
    { kind, key, data, work, listing },
  ) => [kind, key, jsonText(data), ...workColumns(work), ...listingColumns(listing)]);
  const parameters = [
    organization,
    expected.position,
    expected.hash,
    ...Array.from({ length: ROW_COLUMNS }, (_, place) => rows.map((row) => row[place] ?? null)),
    claims.map(({ key }) => key),
    claims.map(({ holder }) => holder),
  ];
  let replaced = false;
  await quietly(async (quiet) => {
    await assertOwnRows(quiet);
    replaced = (await quiet.query(REPLACE_ROWS, parameters)).length > 0;
  });
  return replaced;
};
