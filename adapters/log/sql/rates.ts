/** Token buckets in a table that several servers share. */
import type { Database } from "./database.ts";
import { text, whole } from "./row-codec.ts";

/** A bucket, and how many tokens are wanted from it. */
export type Want = { readonly key: string; readonly perMinute: number; readonly tokens: number };

/** What was drawn from a bucket, and what was left in it. */
export type Drawn = { readonly key: string; readonly granted: number; readonly left: number };

/**
 * What is in a bucket now. The database's clock may be set: forwards it fills the bucket once, and
 * never adds more than that; backwards it adds nothing, and is trusted from ten seconds on.
 */
const FILLED = `least(
    excluded.capacity,
    r.tokens + greatest(0, extract(epoch from excluded.at - r.at)) * excluded.capacity / 60.0
  )`;

/**
 * Draws up to $3 tokens from each of the buckets $1, which hold $2: as many whole ones as there
 * are. All servers lock them in one order. A bucket without a row is full.
 */
const DRAW = `
insert into ledgerline.rate as r (key, capacity, granted, tokens, at)
select key, capacity, wanted, capacity - wanted, clock_timestamp()
from unnest($1::text[], $2::text[]::float8[], $3::text[]::float8[]) w(key, capacity, wanted)
order by key
on conflict (key) do update set
  capacity = excluded.capacity,
  granted = least(excluded.granted, floor(${FILLED})),
  tokens = ${FILLED} - least(excluded.granted, floor(${FILLED})),
  at = case when excluded.at < r.at - interval '10 seconds' then excluded.at
    else greatest(r.at, excluded.at) end
returning key, granted::text as granted, tokens::text as left`;

/** Draws from these buckets, each of which is named once. */
export const drawFrom = async (
  database: Pick<Database, "query">,
  wants: readonly Want[],
): Promise<readonly Drawn[]> => {
  const rows = await database.query(DRAW, [
    wants.map(({ key }) => key),
    wants.map(({ perMinute }) => String(perMinute)),
    wants.map(({ tokens }) => String(tokens)),
  ]);
  return rows.map((row) => ({
    key: text(row, "key"),
    granted: whole(row, "granted"),
    left: whole(row, "left"),
  }));
};

/** Deletes full buckets, without waiting for those that are drawn from. */
const SWEEP = `
delete from ledgerline.rate where key in (
  select key from ledgerline.rate
  where at not between clock_timestamp() - interval '2 minutes'
    and clock_timestamp() + interval '2 minutes'
  limit 10000 for update skip locked
)`;

/** Deletes buckets that nothing was drawn from for two minutes: they are full. */
export const sweep = async (database: Pick<Database, "query">): Promise<void> => {
  await database.query(SWEEP, []);
};
