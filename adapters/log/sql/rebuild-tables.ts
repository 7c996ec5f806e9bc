/** Rows and claims that are rebuilt in separate tables. */
import { jsonText } from "../../../core/values/text.ts";
import type { Advance, Lag, NextRows } from "../../../core/ports/mod.ts";
import { contested } from "../append-checks.ts";
import type { Database, ResultRow } from "./database.ts";
import type { Exclusively, Quietly } from "./rebuild-exclusion.ts";
import { ANALYZE_NEXT, BEGIN_NEXT, DROP_NEXT, INDEX_NEXT, SWAP_NEXT } from "./rebuild-schema.ts";
import { readEvents } from "./events.ts";
import { listingColumns, text, toHead, toRow, whole, workColumns } from "./row-codec.ts";
import { EVENTS, headOf } from "./statements.ts";

const REMOVE_ROWS = `
delete from ledgerline_next.state s using unnest($1::text[], $2::text[], $3::text[])
  as r(organization, kind, key)
where s.organization = r.organization and s.kind = r.kind and s.key = r.key`;

const REMOVE_BELOW = REMOVE_ROWS.replace("s.key = r.key", "s.key < r.key");

// A put is not synced to disk: a synced commit, as the swap's, includes everything before it.
const UNSYNCED = "(select set_config('synchronous_commit', 'off', true)) as unsynced";

const ADD_ROWS = `
insert into ledgerline_next.state
  (organization, kind, key, data, automation, due, sort, grp, tags, texts)
select organization, kind, key, data, automation, due::bigint, sort::bigint, grp, tags,
  texts::text[]
from ${UNSYNCED}, unnest(
  $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
  $9::text[], $10::text[]
) as r(organization, kind, key, data, automation, due, sort, grp, tags, texts)`;

const ROWS = `
select s.kind, s.key, s.data, s.automation, s.due
from unnest($2::text[], $3::text[]) r(kind, key) join ledgerline_next.state s
  on s.organization = $1 and s.kind = r.kind and s.key = r.key`;

const addClaims = (table: "claim" | "late"): string => `
insert into ledgerline_next.${table} (organization, e164, holder)
select c.* from ${UNSYNCED}, unnest($1::text[], $2::text[], $3::text[]) c`;

const freeClaims = (table: "claim" | "late"): string => `
delete from ledgerline_next.${table} c using unnest($1::text[], $2::text[], $3::text[])
  as f(organization, e164, holder)
where c.organization = f.organization and c.e164 = f.e164 and c.holder = f.holder`;

const NOTE_PUT = `
insert into ledgerline_next.put (organization, position, hash)
select organization, position::bigint, hash
from ${UNSYNCED}, unnest($1::text[], $2::text[], $3::text[]) as p(organization, position, hash)
on conflict (organization) do update
set position = excluded.position, hash = excluded.hash, is_counted = false`;

/**
 * Organizations after $1, at most $2, of whose log not all is put: both lists are read in their
 * order, and of what was put only the next event is asked for: as a value, since what exists or not
 * is found by reading all events where the planner takes them for few.
 */
export const LAGS = `
select f.organization, h.position, h.hash, coalesce(p.position, 0) as put_position, coalesce(p.hash, '') as put_hash
from ledgerline.event f left join ledgerline_next.put p on p.organization = f.organization
cross join lateral (${headOf("f.organization")}) h
where f.position = 1 and f.organization > $1 and (p.organization is null or (
  select n.position from ledgerline.event n
  where n.organization = p.organization and n.position = p.position + 1
) is not null)
order by f.organization limit $2::bigint`;

/** A number that more than one log claims, by the postponed claims. */
const CONTESTED = `
select l.e164, l.organization as one, c.organization as other
from ledgerline_next.late l join (
  select e164, organization, holder from ledgerline_next.claim
  union all select e164, organization, holder from ledgerline_next.late
) c on c.e164 = l.e164 and (c.organization, c.holder) <> (l.organization, l.holder)
order by l.e164, one, other limit 1`;

/** How many rows go into one statement, and about how many characters. */
const CHUNK = 2_000;
const CHUNK_CHARACTERS = 4 * 1_048_576;

type Column = readonly (string | null)[];

const lengthOf = (item: Column): number =>
  item.reduce((sum, value) => sum + (value?.length ?? 0), 0);

/** The items in chunks that go into one statement; each is made when its turn comes. */
function* chunksOf(items: Iterable<Column>): Generator<readonly Column[]> {
  let chunk: Column[] = [];
  let characters = 0;
  for (const item of items) {
    chunk.push(item);
    characters += lengthOf(item);
    if (chunk.length < CHUNK && characters < CHUNK_CHARACTERS) continue;
    yield chunk;
    [chunk, characters] = [[], 0];
  }
  if (chunk.length > 0) yield chunk;
}

/** Runs the statement with the items, column by column, as often as their size asks for. */
const runFor = async (
  database: Database,
  sql: string,
  items: Iterable<Column>,
): Promise<void> => {
  for (const chunk of chunksOf(items)) {
    const width = chunk[0]?.length ?? 0;
    const columns = Array.from({ length: width }, (_, place) => chunk.map((item) => item[place]));
    await database.query(sql, columns.map((column) => column.map((value) => value ?? null)));
  }
};

/** The keys of rows that are put or removed, or, if `isBelow`, those below which all are. */
const keysOf = (advances: readonly Advance[], isBelow: boolean): readonly Column[] =>
  advances.flatMap(({ organization, rows }) =>
    rows.filter(({ change }) => (change === "removeBelow") === isBelow)
      .map(({ kind, key }) => [organization, kind, key])
  );

function* rowsOf(advances: readonly Advance[]): Generator<Column> {
  for (const { organization, rows } of advances) {
    for (const row of rows) {
      if (row.change !== "put") continue;
      const { kind, key, data, work, listing } = row;
      const columns = [...workColumns(work), ...listingColumns(listing)];
      yield [organization, kind, key, jsonText(data), ...columns];
    }
  }
}

const claimsOf = (advances: readonly Advance[], which: "taken" | "freed"): readonly Column[] =>
  advances.flatMap((advance) =>
    advance[which].map(({ key, holder }) => [advance.organization, key, holder])
  );

const toLag = (row: ResultRow): Lag => ({
  organization: text(row, "organization"),
  put: { position: whole(row, "put_position"), hash: text(row, "put_hash") },
  head: toHead(row),
});

const refuseContested = async (database: Database): Promise<void> => {
  const [row] = await database.query(CONTESTED, []);
  if (row !== undefined) throw contested(text(row, "e164"), text(row, "one"), text(row, "other"));
};

const openNextRows = (database: Database, quietly: Quietly): NextRows => {
  // While appends are kept out, in the transaction that keeps them out.
  let current = database;
  let isIndexed = false;
  const index = async (): Promise<void> => {
    if (isIndexed) return;
    await current.query(INDEX_NEXT, []);
    await current.query(ANALYZE_NEXT, []);
    isIndexed = true;
  };
  return {
    put: async (advances) => {
      const again = advances.filter(({ from }) => from.position > 0);
      await runFor(current, REMOVE_BELOW, keysOf(again, true));
      await runFor(current, REMOVE_ROWS, keysOf(again, false));
      await runFor(current, ADD_ROWS, rowsOf(advances));
      for (const table of ["claim", "late"] as const) {
        await runFor(current, freeClaims(table), claimsOf(again, "freed"));
      }
      // Once there is an index, a number may be claimed here and not yet freed there.
      await runFor(current, addClaims(isIndexed ? "late" : "claim"), claimsOf(advances, "taken"));
      const heads = advances.map((
        { organization, head: { position, hash } },
      ) => [organization, String(position), hash]);
      await runFor(current, NOTE_PUT, heads);
    },
    rows: async (organization, keys) => {
      const columns = [keys.map(({ kind }) => kind), keys.map(({ key }) => key)];
      return (await current.query(ROWS, [organization, ...columns])).map(toRow);
    },
    lags: async (after, limit) => {
      await index();
      return (await current.query(LAGS, [after, limit])).map(toLag);
    },
    events: (organization, after, limit) =>
      readEvents(current, EVENTS, [organization, after, limit]),
    swap: async (finish) => {
      await index();
      await quietly(async (quiet) => {
        current = quiet;
        try {
          await finish();
          await refuseContested(current);
          await current.query(SWAP_NEXT, []);
        } finally {
          current = database;
        }
      });
    },
  };
};

/**
 * Runs `work` on next rows as the only rebuild of the database; leaves nothing but what it swaps.
 */
export const rebuildIn = <Value>(
  exclusively: Exclusively,
  work: (next: NextRows) => Promise<Value>,
): Promise<Value> =>
  exclusively(async (database, quietly) => {
    // Many rows in one statement, and indexes over all of them, take long.
    const patient: Database = {
      query: (sql, parameters) => database.query(sql, parameters, true),
    };
    await patient.query(BEGIN_NEXT, []);
    try {
      return await work(openNextRows(patient, quietly));
    } finally {
      // Whatever cannot be dropped now, the next rebuild drops.
      await patient.query(DROP_NEXT, []).catch(() => {});
    }
  });
