/**
 * The released steps of the schema stay what they were: databases have been made by them.
 * `released` has the text of each; a new step adds a file, and none is ever changed.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { MIGRATIONS } from "../../../adapters/log/sql/migrations.ts";
import { FOUND, migrate, SCHEMA_VERSION } from "../../../adapters/log/sql/schema.ts";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { sharedDatabase } from "../../support/database.ts";

const RELEASED = new URL("./released/", import.meta.url);

/** The oldest version whose code may go on beside each step, as it was released. */
const OLDEST = [1, 1, 1, 1, 5, 1, 1, 1, 1, 1, 1, 1];

const released = readdirSync(RELEASED)
  .sort((a, b) => Number.parseInt(a) - Number.parseInt(b))
  .map((name) => readFileSync(new URL(name, RELEASED), "utf8"));

test("every step of the schema has the text with which it was released", () => {
  assert.equal(released.length, MIGRATIONS.length);
  for (const [place, { sql, oldest }] of MIGRATIONS.entries()) {
    assert.equal(sql, released[place], `migration ${place + 1}`);
    assert.equal(oldest, OLDEST[place], `migration ${place + 1}`);
  }
});

/** All tables, columns, constraints and indexes of the log. */
const definitions = (database: Database) =>
  database.query(
    `
    select c.relname, c.relkind, c.reloptions::text, pg_get_indexdef(x.indexrelid) as index,
      (select json_agg(json_build_array(attname, atttypid::regtype, attnotnull, attcollation) order by attnum)
        from pg_attribute a where a.attrelid = c.oid and attnum > 0) as columns,
      (select json_agg(pg_get_constraintdef(k.oid) order by k.conname)
        from pg_constraint k where k.conrelid = c.oid) as rules
    from pg_class c left join pg_index x on x.indexrelid = c.oid
    where c.relnamespace = 'ledgerline'::regnamespace order by c.relname`,
    [],
  );

/** Makes the schema with the first released steps alone, as a version of then did. */
const makeAs = async (database: Database, steps: number): Promise<void> => {
  await database.query("drop schema ledgerline cascade", []);
  await database.query("create schema ledgerline", []);
  await database.query(
    "create table ledgerline.migration (version integer primary key, oldest integer)",
    [],
  );
  for (const [place, sql] of released.slice(0, steps).entries()) {
    await database.query(`do $step$ begin ${sql} end $step$`, []);
    await database.query("insert into ledgerline.migration values ($1::integer, 1)", [place + 1]);
  }
};

const database = sharedDatabase();

test("a database of any released version comes to the same schema as a new one", async () => {
  const wanted = await definitions(database());
  for (let steps = 0; steps <= released.length; steps++) {
    await makeAs(database(), steps);
    await migrate(database());
    assert.deepEqual(await definitions(database()), wanted, `from ${steps} steps`);
  }
});

test("rows that an older version listed are counted", async () => {
  await makeAs(database(), 8);
  await database().query(
    `insert into ledgerline.state (organization, kind, key, data, sort, tags)
    values ('acme', 'number', 'a', '{}', 1, E'\\nt\\n'), ('acme', 'number', 'b', '{}', 2, E'\\nt\\n'),
      ('acme', 'number', 'c', '{}', 2, E'\\nu\\n'), ('acme', 'token', 'd', '{}', null, null)`,
    [],
  );
  await migrate(database());
  const counts = await database()
    .query("select tags, count::text from ledgerline.listed order by tags", []);
  assert.deepEqual(counts.map(({ tags, count }) => [tags, count]), [
    ["\nt\n", "2"],
    ["\nu\n", "1"],
  ]);
  await database().query("delete from ledgerline.state", []);
  await database().query("delete from ledgerline.listed", []);
});

test("the index that finds rows has the condition that they are found by", async () => {
  const [plan] = await database().query(
    `explain select * from ledgerline.state where kind = 'number' and key = 'a' and ${FOUND}`,
    [],
  );
  assert.match(String(plan?.["QUERY PLAN"]), /state_found/);
});

test("a database that is up to date is read at a start, and not changed", async () => {
  const sent: string[] = [];
  const query: Database["query"] = (sql, ...rest) => {
    sent.push(sql);
    return database().query(sql, ...rest);
  };
  await migrate({ query });
  assert.ok(sent.length > 0);
  for (const sql of sent) assert.match(sql, /^\s*select\b/);
});

test("a database of a newer version is used where that allows it, and refused where not", async () => {
  const note = (version: number, oldest: number | null) =>
    database().query("insert into ledgerline.migration values ($1::integer, $2::integer)", [
      version,
      oldest,
    ]);
  await note(997, SCHEMA_VERSION);
  await migrate(database());
  await note(998, SCHEMA_VERSION + 1);
  await assert.rejects(migrate(database()), /schema version 998, which is newer/);
  await database().query("delete from ledgerline.migration where version = 998", []);
  // The first version's code did not say what goes on beside it.
  await note(999, null);
  await assert.rejects(migrate(database()), /schema version 999, which is newer/);
  await database().query("delete from ledgerline.migration where version > 900", []);
});
