/** The SQL texts of answers under their callers' keys. */

const ms = (parameter: string): string => `${parameter}::bigint * interval '1 millisecond'`;

/**
 * Whether a time is to come, and no further away than one that is set now can be, and once more: a
 * database's clock that is set back by more than that must not keep a key for longer.
 */
const isAhead = (time: string, parameter: string): string =>
  `${time} between clock_timestamp() and clock_timestamp() + 2 * ${ms(parameter)}`;

/** What a crash of the database may lose. */
export const UNSYNCED = "(select set_config('synchronous_commit', 'off', true)) as unsynced";

/**
 * Begins the request of fingerprint $3 under the key $2 of $1, with the lease $4 for $5 ms, and
 * keeps its row for $6 ms. Gives the state of the key; no row where another request took it in this
 * moment. A key that is taken is only read.
 */
export const BEGIN = `
with found as materialized (
  select a.fingerprint, a.status, a.headers, a.body,
    coalesce(${isAhead("a.leased", "$5")}, false) as is_leased
  from ledgerline.answer a
  where a.caller = $1 and a.key = $2 and ${isAhead("a.until", "$6")}
),
begun as (
  insert into ledgerline.answer as a (caller, key, fingerprint, lease, leased, until)
  select $1, $2, $3, $4, clock_timestamp() + ${ms("$5")}, clock_timestamp() + ${ms("$6")}
  from ${UNSYNCED}
  where not exists (
    select from found f where f.status is not null or f.is_leased or f.fingerprint <> $3
  )
  on conflict (caller, key) do update set
    fingerprint = excluded.fingerprint, lease = excluded.lease, leased = excluded.leased,
    until = excluded.until, status = null, headers = null, body = null
  where (${isAhead("a.until", "$6")}) is not true
    or (a.fingerprint = excluded.fingerprint and a.status is null
      and (${isAhead("a.leased", "$5")}) is not true)
  returning 'begun' as state
)
select state, null::text as status, null::text as headers, null::text as body from begun
union all
select case when f.fingerprint <> $3 then 'other' when f.status is not null then 'answered'
  else 'underway' end, f.status::text, f.headers, f.body
from found f where not exists (select from begun)`;

const HELD = "caller = $1 and key = $2 and lease = $3 and status is null";

/** Renews the lease $3 for $4 ms. */
export const RENEW = `
update ledgerline.answer set leased = clock_timestamp() + ${ms("$4")} from ${UNSYNCED}
where ${HELD}`;

/**
 * Ends the lease $3 and keeps the status $4, the headers $5 and the body $6 of its request. Of what
 * expired it deletes some, without waiting: more than it adds.
 */
export const KEEP = `
with expired as materialized (
  select caller, key from ledgerline.answer
  where until < clock_timestamp() and (caller = $1 and key = $2) is not true
  order by until limit 10 for update skip locked
),
gone as (
  delete from ledgerline.answer a using expired e where a.caller = e.caller and a.key = e.key
)
update ledgerline.answer set status = $4::integer, headers = $5, body = $6, lease = null, leased = null
where ${HELD}`;

/** Ends the lease $3, and frees the key. */
export const FREE = `delete from ledgerline.answer where ${HELD}`;

/**
 * Deletes what is beyond the latest $2 answers of $1, or beyond $3 bytes of them, where each takes
 * $4 besides its body.
 */
export const TRIM = `
delete from ledgerline.answer where caller = $1 and key in (
  select key from ledgerline.answer where caller = $1 and key in (
    select key from (
      select key, row_number() over latest as place,
        sum(coalesce(octet_length(body), 0) + octet_length(key) + $4::bigint) over latest as bytes
      from ledgerline.answer where caller = $1
      window latest as (order by until desc, key rows unbounded preceding)
    ) r where place > $2::bigint or bytes > $3::bigint
  ) for update skip locked
)`;

const expired = (condition: string): string => `
delete from ledgerline.answer where ctid = any(array(
  select ctid from ledgerline.answer where ${condition}
  order by until limit 100000 for update skip locked
))`;

/** Deletes what expired. */
export const PAST: string = expired("until < clock_timestamp()");

/** Deletes what is kept for longer than twice $1 ms, as a wrong clock made it. */
export const TOO_FAR: string = expired(`until > clock_timestamp() + 2 * ${ms("$1")}`);

/** Ends all leases: of a database that only this process uses, they are of a process before. */
export const END_LEASES = "update ledgerline.answer set leased = null where leased is not null";
