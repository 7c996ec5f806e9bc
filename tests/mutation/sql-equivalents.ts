/** Mutants of SQL that change nothing, each with the reason. */
import type { Change } from "./mutants.ts";

export const SQL_EQUIVALENTS: readonly (Change & { readonly because: string })[] = [
  {
    file: "adapters/log/sql/leases.ts",
    source: "order by organization, kind, key",
    original: "organization",
    replacement: "organization desc",
    because: "any order is right that all servers have",
  },
  {
    file: "adapters/log/sql/rates.ts",
    source: "order by key",
    original: "key",
    replacement: "key desc",
    because: "any order is right that all servers have",
  },
  {
    file: "adapters/log/sql/token-uses.ts",
    source: "order by token",
    original: "token",
    replacement: "token desc",
    because: "any order is right that all servers have",
  },
  {
    file: "adapters/log/sql/row-version.ts",
    source: "exists (select from ledgerline.event where position = 1) as is_used`;",
    original: "position = 1",
    replacement: "true",
    because: "the first event of each is in an index, which makes it fast",
  },
  {
    file: "adapters/log/sql/row-version.ts",
    source: "exists (select from ledgerline.event where position = 1) as is_used`;",
    original: "=",
    replacement: "<>",
    because: "where it finds none, it is seen once more, whatever the position",
  },
  {
    file: "adapters/log/sql/leases.ts",
    source: 'export const LAPSED = "delete from ledgerline.lease where until < clock_timestamp()";',
    original: "<",
    replacement: "<=",
    because: "a lease that lapses in this microsecond is lapsed in the next",
  },
  {
    file: "adapters/log/sql/leases.ts",
    source: "where l.holder = $4 or l.until <= clock_timestamp()",
    original: "<=",
    replacement: "<",
    because: "a lease that lapses in this microsecond is lapsed in the next",
  },
  {
    file: "adapters/log/sql/rebuild-schema.ts",
    source: "position bigint not null,",
    original: "not null",
    replacement: "",
    because: "the one statement that writes it has a position, and the table is dropped in the end",
  },
  {
    file: "adapters/log/sql/rebuild-schema.ts",
    source: "hash text not null,",
    original: "not null",
    replacement: "",
    because: "the one statement that writes it has a hash, and the table is dropped in the end",
  },
  {
    file: "adapters/log/sql/statements.ts",
    source:
      "`select organization, ${EVENT_COLUMNS} ${within(events, order, limit)} order by ${order}`;",
    original: "order by ${order}",
    replacement: "",
    because:
      "the sum over them is made in this order, in which they come, though nothing promises it",
  },
  {
    file: "adapters/log/sql/statements.ts",
    source: ') o cross join lateral (${headOf("o.organization")}) h order by o.organization`;',
    original: "order by o.organization",
    replacement: "",
    because:
      "each head is looked up for the next organization, whose order nothing promises to keep",
  },
  {
    file: "adapters/log/sql/audit.ts",
    source: ") limit $2::bigint)`;",
    original: "limit $2::bigint",
    replacement: "",
    because: "the limit over both gives the same; this one only keeps each of them from reading on",
  },
  {
    file: "adapters/log/sql/replace-rows.ts",
    source: "where c.e164 = n.e164 and c.organization = $1",
    original: "and c.organization = $1",
    replacement: "",
    because: "where another organization has the number, taking it fails the whole statement",
  },
  {
    file: "adapters/log/sql/rates.ts",
    source: "at = case when excluded.at < r.at - interval '10 seconds' then excluded.at",
    original: "<",
    replacement: "<=",
    because: "a clock that is behind by ten seconds to the microsecond is further behind or less",
  },
  {
    file: "adapters/log/sql/rebuild-tables.ts",
    source: "order by l.e164, one, other limit 1`;",
    original: "limit 1",
    replacement: "",
    because: "only the first is named; the others would be sent in vain",
  },
  {
    file: "adapters/log/sql/rebuild-tables.ts",
    source: "where c.organization = f.organization and c.e164 = f.e164 and c.holder = f.holder`;",
    original: "and c.holder = f.holder",
    replacement: "",
    because: "an organization's claim on a number is freed before it has another on it",
  },
  {
    file: "adapters/log/sql/statements.ts",
    source:
      "select *, sum(${SIZE}) over (order by ${order} rows unbounded preceding) - ${SIZE} as bytes_before",
    original: "order by ${order}",
    replacement: "",
    because: "the rows that it sums up come in this order already, though nothing promises it",
  },
  {
    file: "adapters/log/sql/delivery-statements.ts",
    source: "order by d.endpoint, d.organization",
    original: "d.endpoint",
    replacement: "d.endpoint desc",
    because: "any order is right that all servers have",
  },
  {
    file: "adapters/log/sql/delivery-statements.ts",
    source: "order by endpoint, organization",
    original: "endpoint",
    replacement: "endpoint desc",
    because: "any order is right that all servers have",
  },
  {
    file: "adapters/log/sql/delivery-statements.ts",
    source: "order by d.due, d.endpoint, d.organization limit $2::bigint`;",
    original: "order by d.due, d.endpoint, d.organization",
    replacement: "",
    because: "the index has them in this order, though nothing promises it",
  },
  {
    file: "adapters/log/sql/delivery-statements.ts",
    source: "where endpoint = $1 and organization > $2 order by organization limit $3::bigint`;",
    original: "order by organization",
    replacement: "",
    because: "the index has them in this order, though nothing promises it",
  },
  {
    file: "adapters/log/sql/delivery-statements.ts",
    source:
      "select due::text from ledgerline.delivery d where due > $1::bigint order by d.due limit 1`;",
    original: "order by d.due",
    replacement: "",
    because: "the index has them in this order, though nothing promises it",
  },
  {
    file: "adapters/log/sql/delivery-statements.ts",
    source:
      "select due::text from ledgerline.delivery d where due > $1::bigint order by d.due limit 1`;",
    original: "limit 1",
    replacement: "",
    because: "only the first is read; the others would be sent in vain",
  },
  {
    file: "adapters/log/sql/delivery-statements.ts",
    source: "order by at + 0 limit $2::bigint for update skip locked",
    original: "order by at + 0",
    replacement: "",
    because: "the index has them in this order, though nothing promises it",
  },
];
