import * as v from "valibot";
import type { E164 } from "../../../core/values/e164.ts";
import { isE164 } from "../../../core/values/e164.ts";
import { assertArguments } from "../../validation/argument.ts";
import { adapter, exactly } from "../../validation/shapes.ts";
import type { Database, ResultRow } from "../../log/sql/database.ts";
import { openPatience, patient } from "../../log/sql/retry.ts";
import type { OrderBook, Sale } from "./orders.ts";

// An arbitrary lock number, the same on every server.
const LOCK = 7_153_446_203;

// `sold` is the number while the order holds it, then null: its unique constraint is the rule that
// a number is sold once. The constraint on the key serves `last`, as an index would. Where the
// table exists, nothing is created, so that roles without the right to create may use it. Earlier
// versions created it in the first schema of the search path; it is moved here from there.
const CREATE = `
do $sandbox$
begin
  if to_regclass('ledgerline.sandbox_order') is not null then return; end if;
  perform pg_advisory_xact_lock(${LOCK});
  if to_regnamespace('ledgerline') is null then create schema ledgerline; end if;
  if to_regclass('ledgerline.sandbox_order') is null and to_regclass('sandbox_order') is not null
  then
    alter table sandbox_order set schema ledgerline;
  end if;
  create table if not exists ledgerline.sandbox_order (
    sequence bigint generated always as identity primary key,
    order_key text not null,
    e164 text collate "C" not null,
    sold text collate "C" unique,
    ordered_at bigint not null,
    machine_ordered_at bigint not null,
    connection text,
    release_attempts integer not null default 0,
    unique (order_key, sequence)
  );
end
$sandbox$`;

// A release always counts its attempts, so an order that ended without one was cancelled.
const CANCELLED = "(sold is null and release_attempts = 0)";

const SOLD = "select sold from ledgerline.sandbox_order where sold = any($1::text[])";

const COLUMNS = "sequence, order_key, e164, ordered_at, machine_ordered_at, connection";

const TAKE = `
  insert into ledgerline.sandbox_order
    (order_key, e164, sold, ordered_at, machine_ordered_at, connection)
  values ($1::text, $2::text, $2::text, $3::bigint, $4::bigint, $5::text)
  on conflict (sold) do nothing
  returning ${COLUMNS}`;

const LAST = `
  select ${COLUMNS}, ${CANCELLED}::text as cancelled from ledgerline.sandbox_order
  where order_key = $1::text
  order by sequence desc
  limit 1`;

const SALE = `select ${COLUMNS} from ledgerline.sandbox_order where sold = $1::text`;

const SALES = `
  select ${COLUMNS} from ledgerline.sandbox_order
  where sold is not null and sequence > $1::bigint
  order by sequence
  limit $2::bigint`;

const CONNECT = `
  update ledgerline.sandbox_order set connection = $3::text
  where sequence = $1::bigint and sold = $2::text
  returning sequence`;

const CANCEL = `
  update ledgerline.sandbox_order set sold = null
  where sequence = $1::bigint and (sold = $2::text or ${CANCELLED})
  returning sequence`;

const RELEASE = `
  update ledgerline.sandbox_order set
    release_attempts = release_attempts + 1,
    sold = case when release_attempts < $3::bigint then sold end
  where sequence = $1::bigint and sold = $2::text
  returning sold`;

const readNumber = (text: string | null | undefined): E164 => {
  if (typeof text === "string" && isE164(text)) return text;
  throw new Error("the sandbox's order book has an order without a number");
};

const readSale = (row: ResultRow): Sale => ({
  sequence: Number(row["sequence"]),
  key: row["order_key"] ?? "",
  e164: readNumber(row["e164"]),
  orderedAt: Number(row["ordered_at"]),
  machineOrderedAt: Number(row["machine_ordered_at"]),
  connectionId: row["connection"] ?? null,
  cancelled: row["cancelled"] === "true",
});

const readFirst = ([row]: readonly ResultRow[]): Sale | null =>
  row === undefined ? null : readSale(row);

const ARGUMENTS = {
  database: adapter<Database>({ query: true }),
  options: exactly({ isMade: v.optional(v.boolean()) }),
};

/**
 * An order book in the table `ledgerline.sandbox_order` of a database, which it creates where it is
 * missing, unless `isMade`. Each call is one statement, so any number of servers may share the
 * book. Rejects when the database does, or with an `InvalidArgument` that names what does not fit.
 *
 * @example
 * ```ts
 * import { openSandboxCarrier, openSqlOrderBook } from "ledgerline/carriers/sandbox";
 * import { openPgliteLog } from "ledgerline/pglite";
 *
 * const log = await openPgliteLog({ folder: ".ledgerline" });
 * const carrier = openSandboxCarrier({ orders: await openSqlOrderBook(log.database) });
 * ```
 */
export const openSqlOrderBook = async (
  database: Database,
  options: { readonly isMade?: boolean | undefined } = {},
): Promise<OrderBook> => {
  assertArguments(ARGUMENTS, [database, options]);
  if (options.isMade !== true) await database.query(CREATE, [], true);
  // Reads may be repeated, so that a lost connection is not an error.
  const steady = patient(database, openPatience());
  return {
    sold: async (numbers) => {
      const rows = await steady.query(SOLD, [numbers]);
      return new Set(rows.map((row) => readNumber(row["sold"])));
    },
    take: async (key, { e164, orderedAt, machineOrderedAt, connectionId }) =>
      readFirst(
        await database.query(TAKE, [key, e164, orderedAt, machineOrderedAt, connectionId]),
      ),
    last: async (key) => readFirst(await steady.query(LAST, [key])),
    sale: async (e164) => readFirst(await steady.query(SALE, [e164])),
    sales: async (after, limit) => (await steady.query(SALES, [after, limit])).map(readSale),
    connect: async ({ sequence, e164 }, connectionId) =>
      (await database.query(CONNECT, [sequence, e164, connectionId])).length > 0,
    cancel: async ({ sequence, e164 }) =>
      (await database.query(CANCEL, [sequence, e164])).length > 0,
    release: async ({ sequence, e164 }, failures) => {
      const [row] = await database.query(RELEASE, [sequence, e164, failures]);
      if (row === undefined) return "gone";
      return row["sold"] === null ? "released" : "failed";
    },
  };
};
