import type { Database } from "./database.ts";
import { type Migration, MIGRATIONS } from "./migrations.ts";
import { CLEAN_NEXT, HAS_NEXT } from "./rebuild-remains.ts";
import { noteWhenEmpty } from "./row-version.ts";

/**
 * The kinds of rows that `find` and `rowsOf` look up over all organizations: those whose keys the
 * ledger made, so that no two organizations have the same one.
 */
const FOUND_KINDS = [
  "number",
  "order",
  "verification",
  "releaseRequest",
  "token",
  "webhookEndpoint",
];

/**
 * The condition of the index that `find` uses, as SQL. It must be the index's own, character for
 * character: a changed list of kinds needs a new migration, which makes the index again.
 */
export const FOUND = `kind in (${FOUND_KINDS.map((kind) => `'${kind}'`).join(", ")})`;

/** Whether rows of this kind are in the index that `find` and `rowsOf` use. */
export const isFound = (kind: string): boolean => FOUND_KINDS.includes(kind);

/** The version of the schema that this code reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

// Any number will do, as long as every server takes the same one.
const LOCK = 7_153_446_201;

// One DO block is one statement, hence one transaction, whatever the driver. The lock lets one of
// several servers that start together do the work, and the others find it done: in the table of
// schemas, since names that were looked up before the lock was held are cached as missing.
const migration = ({ sql, oldest }: Migration, version: number): string => `
do $migration$
begin
  perform pg_advisory_xact_lock(${LOCK});
  if not exists (select from pg_catalog.pg_namespace where nspname = 'ledgerline') then
    create schema ledgerline;
  end if;
  create table if not exists ledgerline.migration (version integer primary key, oldest integer);
  alter table ledgerline.migration add column if not exists oldest integer;
  if not exists (select from ledgerline.migration where version = ${version}) then
    ${sql}
    insert into ledgerline.migration values (${version}, ${oldest});
  end if;
end
$migration$`;

// The first version's table of migrations did not say how old code may be.
const VERSION = `
select max(version) as version,
  max(coalesce((to_jsonb(m) ->> 'oldest')::integer, version)) as oldest
from ledgerline.migration m`;

const THERE = `select to_regclass('ledgerline.migration') as name, ${HAS_NEXT} as next`;

const versionOf = async (database: Database) => {
  const [found] = await database.query(THERE, []);
  const exists = (found?.["name"] ?? null) !== null;
  const [row] = exists ? await database.query(VERSION, []) : [];
  return {
    version: Number(row?.["version"] ?? 0),
    oldest: Number(row?.["oldest"] ?? 0),
    hasNext: found?.["next"] === "t",
  };
};

/**
 * Brings the schema up to this code's version, notes that of its rows where there are none yet, and
 * drops what an unfinished rebuild left. Refuses with an Error a database that newer code has
 * migrated in such a way that this code's appends could violate its rules.
 */
export const migrate = async (database: Database): Promise<void> => {
  const { version, oldest, hasNext } = await versionOf(database);
  if (oldest > SCHEMA_VERSION) {
    throw new Error(
      `the database has schema version ${version}, which is newer than this Ledgerline ` +
        `(it knows versions up to ${SCHEMA_VERSION}): start the newer Ledgerline`,
    );
  }
  for (const [place, step] of MIGRATIONS.entries()) {
    if (place >= version) await database.query(migration(step, place + 1), [], true);
  }
  await noteWhenEmpty(database);
  if (hasNext) await database.query(CLEAN_NEXT, [], true);
};
