import type { Database } from "./database.ts";

/**
 * The kinds of rows that `find` looks up over all organizations: those whose keys we made, so that
 * no two organizations have the same one.
 */
const FOUND_KINDS = ["number", "order", "verification", "releaseRequest", "token"];

/** The condition of the index that `find` uses, as SQL. */
export const FOUND = `kind in (${FOUND_KINDS.map((kind) => `'${kind}'`).join(", ")})`;

/** Whether rows of this kind are in the index that `find` uses. */
export const isFound = (kind: string): boolean => FOUND_KINDS.includes(kind);

/** One step of the schema. */
export type Migration = {
  readonly sql: string;
  /** The oldest version whose code may go on appending, and start, beside what this step made. */
  readonly oldest: number;
};

/**
 * The migrations in order; a migration's version is its place, from 1 on. One that was released is
 * never changed. They add, so that servers of the version before go on while new ones start: where
 * one cannot, `oldest` says so, and all servers must be stopped for it. JSON is kept as text: jsonb
 * refuses NUL and would change the bytes that are hashed. Ids sort by code point (collation "C"), so
 * that pages are the same wherever the database runs.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    oldest: 1,
    sql: `
  create table ledgerline.event (
    organization text collate "C" not null,
    position bigint not null,
    type text not null,
    version integer not null,
    data text not null,
    at bigint not null,
    actor text not null,
    command text,
    fingerprint text,
    size integer,
    hash text not null,
    primary key (organization, position)
  );
  comment on column ledgerline.event.fingerprint is
    'of the command, on the first event that came of it; size is how many events did';
  create unique index event_command on ledgerline.event (organization, command)
    where fingerprint is not null;

  create table ledgerline.claim (
    e164 text collate "C" primary key,
    organization text collate "C" not null,
    holder text not null
  );
  create index claim_organization on ledgerline.claim (organization);

  create table ledgerline.state (
    organization text collate "C" not null,
    kind text collate "C" not null,
    key text collate "C" not null,
    data text not null,
    automation text,
    due bigint,
    primary key (organization, kind, key)
  ) with (fillfactor = 70);
  create index state_due on ledgerline.state (due) where due is not null;
  create index state_found on ledgerline.state (key, kind, organization)
    where ${FOUND};
  `,
  },
  // Unlogged: leases cost no sync to disk, and after a crash there need be none.
  {
    oldest: 1,
    sql: `
  create unlogged table ledgerline.lease (
    organization text collate "C" not null,
    kind text collate "C" not null,
    key text collate "C" not null,
    holder text not null,
    until timestamptz not null,
    primary key (organization, kind, key)
  );
  `,
  },
  // The list of organizations, without going through their events.
  {
    oldest: 1,
    sql: "create index event_first on ledgerline.event (organization) where position = 1;",
  },
  // Unlogged: after a crash all buckets are full.
  {
    oldest: 1,
    sql: `
  create unlogged table ledgerline.rate (
    key text collate "C" primary key,
    capacity float8 not null,
    granted float8 not null,
    tokens float8 not null,
    at timestamptz not null
  ) with (fillfactor = 50);
  comment on table ledgerline.rate is
    'token buckets of rate limits; granted is what the last draw got';
  `,
  },
];

/** The version of the schema that this code reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

// Any number will do, as long as every server takes the same one.
const LOCK = 7_153_446_201;

// One DO block is one statement, hence one transaction, whatever the driver. The lock lets one of
// several servers that start together do the work, and the others find it done.
const migration = ({ sql, oldest }: Migration, version: number): string => `
do $migration$
begin
  perform pg_advisory_xact_lock(${LOCK});
  if to_regnamespace('ledgerline') is null then create schema ledgerline; end if;
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

const versionOf = async (database: Database) => {
  const [found] = await database.query("select to_regclass('ledgerline.migration') as name", []);
  const exists = (found?.["name"] ?? null) !== null;
  const [row] = exists ? await database.query(VERSION, []) : [];
  return { version: Number(row?.["version"] ?? 0), oldest: Number(row?.["oldest"] ?? 0) };
};

/**
 * Brings the schema up to this code's version. Refuses with an Error a database that newer code has
 * migrated so that this code would not know what its own appends must keep true there.
 */
export const migrate = async (database: Database): Promise<void> => {
  const { version, oldest } = await versionOf(database);
  if (oldest > SCHEMA_VERSION) {
    throw new Error(
      `the database has schema version ${version}, which is newer than this Ledgerline ` +
        `(it knows versions up to ${SCHEMA_VERSION}): start the newer Ledgerline`,
    );
  }
  for (const [place, step] of MIGRATIONS.entries()) {
    if (place >= version) await database.query(migration(step, place + 1), [], true);
  }
};
