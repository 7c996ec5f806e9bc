/** What else a database has that is rebuilt, and what a rebuild holds back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSqlLog } from "../../../adapters/log/sql/log.ts";
import type { EventLog, HeldClaim, NextRows } from "../../../core/ports/mod.ts";
import {
  appended,
  appendTo,
  changesOf,
  newNumber,
  newOrganization,
  rowOf,
} from "../../harness/contract/log/support.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();
const openLog = (): EventLog => openSqlLog(database(), () => Promise.resolve());

type Taken = Readonly<Record<string, readonly HeldClaim[]>>;

/** Puts a row for each log, and the claims that are given for it. */
const putAll = async (next: NextRows, taken: Taken = {}): Promise<void> => {
  for (const { organization, put, head } of await next.lags("", 10_000)) {
    const rows = changesOf({ rows: [rowOf("a", "rebuilt")] });
    await next.put([
      { organization, from: put, head, rows, taken: taken[organization] ?? [], freed: [] },
    ]);
  }
};

/** The tables of the log, and of others, with their options and indexes. */
const definitions = () =>
  database().query(
    `select n.nspname, c.relname, c.reloptions::text,
      (select json_agg(pg_get_indexdef(indexrelid) order by indexrelid::regclass::text)
        from pg_index where indrelid = c.oid) as indexes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('ledgerline', 'ledgerline_next', 'other') and c.relkind = 'r'
    order by 1, 2`,
    [],
  );

test("a rebuild leaves alone what has the names of its tables in another schema", async () => {
  const log = openLog();
  const organization = newOrganization();
  await appended(log, appendTo(organization));
  for (
    const sql of [
      "create schema other",
      "create table other.state (id integer primary key, claim text) with (fillfactor = 50)",
      "create index other_claim on other.state (claim)",
      "create table other.claim (id integer unique)",
      "insert into other.state values (1, 'kept')",
    ]
  ) await database().query(sql, []);
  const before = await definitions();
  await log.rebuild((next) => next.swap(() => putAll(next)));
  assert.deepEqual(await definitions(), before);
  assert.deepEqual(await database().query("select claim from other.state", []), [
    { claim: "kept" },
  ]);
  assert.deepEqual((await log.load(organization, { kinds: ["number"] })).rows, [
    rowOf("a", "rebuilt"),
  ]);
});

test("a rebuild says that a table of another refers to its own, and changes nothing", async () => {
  const log = openLog();
  const organization = newOrganization();
  const rows = [rowOf("a", "as it was")];
  await appended(log, appendTo(organization, { rows }));
  const refer = "create table public.referring (number text references ledgerline.claim)";
  await database().query(refer, []);
  await assert.rejects(
    log.rebuild((next) => next.swap(() => putAll(next))),
    /cannot drop table ledgerline\.claim because other objects depend on it/,
  );
  assert.deepEqual((await log.load(organization, { kinds: ["number"] })).rows, rows);
  await database().query("drop table public.referring", []);
  await log.rebuild((next) => next.swap(() => putAll(next)));
});

/** The claims that are held back, by their numbers. */
const heldBack = async (): Promise<readonly unknown[]> =>
  (await database().query("select e164 from ledgerline_next.late order by e164", []))
    .map(({ e164 }) => e164);

test("a rebuild holds back one of two claims on a number, and none that is alone", async () => {
  const log = openLog();
  const [one, other] = [newOrganization("a"), newOrganization("b")];
  const [contested, alone, further] = [newNumber(), newNumber(), newNumber()];
  const claim = (key: HeldClaim["key"]) => ({ key, holder: "pn_1" });
  await appended(log, appendTo(one));
  await appended(log, appendTo(other));
  const looked = log.rebuild(async (next) => {
    const from = { position: 0, hash: "" };
    const nothing = { from, head: from, rows: [], freed: [] };
    await next.put([
      { organization: one, taken: [contested, alone].map(claim), ...nothing },
      { organization: other, taken: [contested, further].map(claim), ...nothing },
    ]);
    await next.lags("", 1);
    assert.deepEqual(await heldBack(), [contested]);
    throw new Error("enough");
  });
  await assert.rejects(looked, /enough/);
});

test("a rebuild names the first of the numbers that two logs claim", async () => {
  const log = openLog();
  const [one, two] = [newOrganization("a"), newOrganization("b")];
  for (const organization of [one, two]) await appended(log, appendTo(organization));
  const numbers = Array.from({ length: 3 }, newNumber).toSorted();
  for (const order of [numbers, numbers.toReversed()]) {
    const taken = order.map((key) => ({ key, holder: "pn_1" }));
    await assert.rejects(
      log.rebuild((next) => next.swap(() => putAll(next, { [one]: taken, [two]: taken }))),
      (error: Error) => error.message.includes(numbers[0] ?? ""),
    );
  }
});
