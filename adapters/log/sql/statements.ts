/** The SQL texts of the log. What they decide, they decide by themselves: no cache takes part. */
import { FOUND } from "./schema.ts";

/**
 * Appends a batch: all or nothing for each append, and a row for each that tells its `outcome` and
 * the head found. No two appends of a batch may be of one organization or name one number.
 *
 * The order of things is in what reads what: `decided` locks the heads; `taken` takes claims for
 * those at the expected head; `done` are those that got theirs; the rest is written for these only.
 * Two that create one organization have no head to lock: they meet in the key of `event`, and the
 * statement of the second fails as a whole (23505). An `in (…) is true` is a look-up in a hash
 * table, which a join would not be sure to become.
 *
 * Parameters: $1–$8 the appends (organization, expected position and hash, new position and hash,
 * command, number to claim, its holder), $9–$19 their events, $20–$22 what they free, $23–$28 rows.
 */
export const APPEND = `
with input as materialized (
  select organization, expected_position::bigint, expected_hash, new_position::bigint, new_hash,
    command, e164, holder
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[]) as i(organization, expected_position, expected_hash, new_position, new_hash,
    command, e164, holder)
),
decided as materialized (
  select i.*, h.position as old_position, h.hash as old_hash,
    (select true from ledgerline.event e
      where e.organization = i.organization and e.command = i.command
        and e.fingerprint is not null) as repeated
  from (select * from input order by organization) i
  left join lateral (
    select position, hash from ledgerline.head where organization = i.organization for update
  ) h on true
),
ready as materialized (
  select * from decided
  where repeated is null
    and expected_position = coalesce(old_position, 0) and expected_hash = coalesce(old_hash, '')
),
freed as materialized (
  select * from unnest($20::text[], $21::text[], $22::text[]) as f(organization, e164, holder)
),
taken as (
  insert into ledgerline.claim as c (e164, organization, holder)
  select e164, organization, holder from ready where e164 is not null
  on conflict (e164) do update set holder = excluded.holder
    where c.organization = excluded.organization
      and (c.organization, c.e164, c.holder) in (select organization, e164, holder from freed)
  returning organization
),
done as materialized (
  select organization, e164, old_position, new_position, new_hash from ready
  where e164 is null or (organization in (select organization from taken)) is true
),
events as (
  insert into ledgerline.event (organization, position, type, version, data, at, actor, command,
    fingerprint, size, hash)
  select organization, position::bigint, type, version::integer, data, at::bigint, actor, command,
    fingerprint, size::integer, hash
  from unnest($9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
    $15::text[], $16::text[], $17::text[], $18::text[], $19::text[]) as e(organization, position,
    type, version, data, at, actor, command, fingerprint, size, hash)
  where (organization in (select organization from done)) is true
),
changes as materialized (
  select organization, kind, key, data, automation, due::bigint
  from unnest($23::text[], $24::text[], $25::text[], $26::text[], $27::text[], $28::text[])
    as r(organization, kind, key, data, automation, due)
  where (organization in (select organization from done)) is true
),
written as (
  insert into ledgerline.state as s (organization, kind, key, data, automation, due)
  select organization, kind, key, data, automation, due from changes where data is not null
  on conflict (organization, kind, key) do update
    set data = excluded.data, automation = excluded.automation, due = excluded.due
),
removed as (
  delete from ledgerline.state s using changes r
  where r.data is null and s.organization = r.organization and s.kind = r.kind and s.key = r.key
),
given_back as (
  delete from ledgerline.claim c using freed f
  where c.e164 = f.e164 and c.organization = f.organization and c.holder = f.holder
    and (f.organization in (select organization from done)) is true
    and (c.e164 in (select e164 from done where e164 is not null)) is not true
),
heads as (
  insert into ledgerline.head (organization, position, hash)
  select organization, new_position, new_hash from done
  on conflict (organization) do update set position = excluded.position, hash = excluded.hash
)
select organization, old_position as position, old_hash as hash,
  case
    when repeated then 'repeated'
    when (organization in (select organization from done)) is true then 'appended'
    when (organization in (select organization from ready)) is true then 'claimed'
    else 'conflict'
  end as outcome
from decided`;

/** The heads of the organizations in $1 that have one. */
export const HEADS = `
select organization, position, hash from ledgerline.head where organization = any($1::text[])`;

const EVENT_COLUMNS = "position, type, version, at, actor, command, data, hash";

/** Events of $1 after position $2, at most $3. */
export const EVENTS = `
select ${EVENT_COLUMNS} from ledgerline.event
where organization = $1 and position > $2::bigint order by position limit $3::bigint`;

/** The events that came of command $2 of $1, with the command's fingerprint on the first. */
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

/** What is due at or before $1, at most $2. */
export const DUE = `
select organization, kind, key, automation, due from ledgerline.state
where due <= $1::bigint order by due, organization, kind, key limit $2::bigint`;

/** The earliest due time after $1. */
export const NEXT_DUE = `
select due from ledgerline.state where due > $1::bigint order by due limit 1`;

/** Organizations after $1, at most $2. */
export const ORGANIZATIONS = `
select organization from ledgerline.head where organization > $1 order by organization
limit $2::bigint`;

/**
 * Replaces rows ($4–$8: kind, key, data, automation, due) and claims ($9, $10: number, holder) of $1
 * when its head is still at position $2 with hash $3; gives a row if it did. A number that another
 * organization holds fails the whole statement (23505). An empty log has no head to lock, and no
 * rows or claims either that a racing first append could make this see.
 */
export const REPLACE_ROWS = `
with locked as materialized (
  select position, hash from ledgerline.head where organization = $1 for update
),
fits as materialized (
  select true as fits
  where (select position from locked) is not distinct from nullif($2::bigint, 0)
    and coalesce((select hash from locked), '') = $3::text
),
rows as materialized (
  select kind, key, data, automation, due::bigint
  from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    as r(kind, key, data, automation, due)
  where (select fits from fits)
),
claims as materialized (
  select e164, holder from unnest($9::text[], $10::text[]) as c(e164, holder)
  where (select fits from fits)
),
removed as (
  delete from ledgerline.state
  where organization = $1 and (select fits from fits)
    and ((kind, key) in (select kind, key from rows)) is not true
),
written as (
  insert into ledgerline.state (organization, kind, key, data, automation, due)
  select $1, kind, key, data, automation, due from rows
  on conflict (organization, kind, key) do update
    set data = excluded.data, automation = excluded.automation, due = excluded.due
),
given_back as (
  delete from ledgerline.claim
  where organization = $1 and (select fits from fits)
    and (e164 in (select e164 from claims)) is not true
),
kept as (
  update ledgerline.claim c set holder = n.holder from claims n
  where c.e164 = n.e164 and c.organization = $1
),
taken as (
  insert into ledgerline.claim (e164, organization, holder)
  select e164, $1, holder from claims n
  where not exists (
    select from ledgerline.claim c where c.e164 = n.e164 and c.organization = $1
  )
)
select fits from fits`;
