import type { LeaseKey, Leases } from "../../../core/ports/mod.ts";
import type { Database, Parameter } from "./database.ts";
import { text } from "./row-codec.ts";

const WANTED = `(
    select organization, kind, key
    from unnest($1::text[], $2::text[], $3::text[]) w(organization, kind, key)
  )`;

/**
 * Leases the items in $1, $2, $3 (organization, kind, key) to $4 for $5 milliseconds by the
 * database's clock. What another server holds, or is about to take over, is skipped and not waited
 * for; a server that adds a lease may wait for another that does, and all add them in one order.
 */
const TAKE = `
with free as materialized (
  select l.organization, l.kind, l.key
  from ledgerline.lease l join ${WANTED} w using (organization, kind, key)
  where l.holder = $4 or l.until <= clock_timestamp()
  for update of l skip locked
),
renewed as (
  update ledgerline.lease l
  set holder = $4, until = clock_timestamp() + $5::bigint * interval '1 millisecond'
  from free f where (l.organization, l.kind, l.key) = (f.organization, f.kind, f.key)
  returning l.organization, l.kind, l.key
),
added as (
  insert into ledgerline.lease (organization, kind, key, holder, until)
  select organization, kind, key, $4,
    clock_timestamp() + $5::bigint * interval '1 millisecond'
  from ${WANTED} w
  where not exists (
    select from ledgerline.lease l
    where (l.organization, l.kind, l.key) = (w.organization, w.kind, w.key)
  )
  order by organization, kind, key
  on conflict do nothing
  returning organization, kind, key
)
select * from renewed union all select * from added`;

const END = `
delete from ledgerline.lease l using ${WANTED} w
where (l.organization, l.kind, l.key) = (w.organization, w.kind, w.key) and l.holder = $4`;

const columns = (keys: readonly LeaseKey[]): readonly Parameter[] => [
  keys.map(({ organization }) => organization),
  keys.map(({ kind }) => kind),
  keys.map(({ key }) => key),
];

/**
 * Leases in the table of a database that several servers use; what is opened here is one holder.
 */
export const openLeases = (database: Database): Leases => {
  const holder = crypto.randomUUID();
  return {
    take: async (keys, for_ms) =>
      (await database.query(TAKE, [...columns(keys), holder, for_ms])).map((row) => ({
        organization: text(row, "organization"),
        kind: text(row, "kind"),
        key: text(row, "key"),
      })),
    end: async (keys) => {
      await database.query(END, [...columns(keys), holder]);
    },
  };
};

/** Deletes leases that were never ended, since their holder died. */
export const LAPSED = "delete from ledgerline.lease where until < clock_timestamp()";
