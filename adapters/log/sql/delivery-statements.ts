/** The SQL texts of what is kept of deliveries to webhooks. */

/** The key of secrets. */
export const KEY = "select key from ledgerline.webhook_key";

/** Keeps the key $1, unless there is one. */
export const ADD_KEY =
  "insert into ledgerline.webhook_key (key) values ($1) on conflict do nothing";

const PROGRESS = `
select endpoint, organization, position::text, hash, pending, blocked::text, failures::text,
  version::text
from ledgerline.delivery`;

/** The progress of the endpoints $1 in the logs $2. */
export const LOAD = `${PROGRESS}
where (endpoint, organization) in (
  select * from unnest($1::text[], $2::text[]) w(endpoint, organization)
)`;

/** A page of the progress of $1. */
export const PAGE = `${PROGRESS}
where endpoint = $1 and organization > $2 order by organization limit $3::bigint`;

/** What waits for $1 at most, behind the place in $3, $4, $5. */
export const DUE = `
select endpoint, organization, due::text from ledgerline.delivery d
where due <= $1::bigint and (due, endpoint, organization) > ($3::bigint, $4, $5)
order by d.due, d.endpoint, d.organization limit $2::bigint`;

/** What is due next, after $1. */
export const NEXT_DUE = `
select due::text from ledgerline.delivery d where due > $1::bigint order by d.due limit 1`;

/**
 * Writes progress, $2 to $10, each under its place in $1, and the attempts $12 to $22 under the
 * place in $11 of what they have led to, or under NULL. Progress that others change is waited for,
 * in one order, and is left where its version is another then. Gives the places that were written.
 */
export const RECORD = `
with given as materialized (
  select * from unnest($1::text[]::integer[], $2::text[], $3::text[], $4::text[]::bigint[],
    $5::text[], $6::text[], $7::text[]::bigint[], $8::text[]::integer[], $9::text[]::bigint[],
    $10::text[]::bigint[])
    w(place, endpoint, organization, position, hash, pending, blocked, failures, version, due)
),
held as materialized (
  select w.place
  from ledgerline.delivery d join given w using (endpoint, organization)
  where d.version = w.version
  order by d.endpoint, d.organization
  for update of d
),
changed as (
  update ledgerline.delivery d
  set position = w.position, hash = w.hash, pending = w.pending, blocked = w.blocked,
    failures = w.failures, version = d.version + 1, due = w.due
  from given w
  where (d.endpoint, d.organization) = (w.endpoint, w.organization)
    and w.place in (select place from held)
  returning w.place
),
added as (
  insert into ledgerline.delivery
    (endpoint, organization, position, hash, pending, blocked, failures, version, due)
  select endpoint, organization, position, hash, pending, blocked, failures, 1, due
  from given where version = 0
  order by endpoint, organization
  on conflict do nothing
  returning endpoint, organization
),
written as materialized (
  select place from changed
  union all
  select w.place from given w join added a using (endpoint, organization)
),
kept as (
  insert into ledgerline.delivery_attempt
    (endpoint, at, id, organization, position, event, attempt, status, failure, ms, answer)
  select endpoint, at, id, organization, position, event, attempt, status, failure, ms, answer
  from unnest($11::text[]::integer[], $12::text[], $13::text[]::bigint[], $14::text[],
    $15::text[], $16::text[]::bigint[], $17::text[], $18::text[]::integer[],
    $19::text[]::integer[], $20::text[], $21::text[]::bigint[], $22::text[])
    w(place, endpoint, at, id, organization, position, event, attempt, status, failure, ms, answer)
  where place is null or place in (select place from written)
  on conflict do nothing
)
select place::text from written`;

const attemptsOf = (condition: string): string => `
select endpoint, at::text, id, organization, position::text, event, attempt::text, status::text,
  failure, ms::text, answer
from ledgerline.delivery_attempt a
where endpoint = $1 and (at, id) < ($3::bigint, $4)${condition}
order by a.at desc, a.id desc limit $2::bigint`;

/** The attempts of $1 behind the place in $3, $4, by outcome: those that fit an `AttemptFilter`. */
export const ATTEMPTS = {
  any: attemptsOf(""),
  delivered: attemptsOf(" and failure is null"),
  failed: attemptsOf(" and failure is not null"),
} as const;

/** The same of the event $5. */
export const ATTEMPTS_OF_EVENT = {
  any: attemptsOf(" and event = $5"),
  delivered: attemptsOf(" and event = $5 and failure is null"),
  failed: attemptsOf(" and event = $5 and failure is not null"),
} as const;

/** Drops some progress of $1. */
export const REMOVE = `
delete from ledgerline.delivery where endpoint = $1 and organization = any(array(
  select organization from ledgerline.delivery where endpoint = $1 limit $2::bigint
)) returning organization`;

/** Drops some attempts from before $1. */
export const FORGET = `
delete from ledgerline.delivery_attempt where ctid = any(array(
  select ctid from ledgerline.delivery_attempt where at + 0 < $1::bigint
  order by at + 0 limit $2::bigint for update skip locked
)) returning id`;
