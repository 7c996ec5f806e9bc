/** What a statement that replaces all rows of an organization writes, and what it leaves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSqlLog } from "../../../adapters/log/sql/log.ts";
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { EventLog, Row } from "../../../core/ports/mod.ts";
import {
  appended,
  appendTo,
  newNumber,
  newOrganization,
  rowOf,
} from "../../harness/contract/log/support.ts";
import { plainRow } from "../../harness/contract/log/listing-model.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();
const openLog = (): EventLog => openSqlLog(database(), () => Promise.resolve());

const working = (key: string, data: unknown, due = 5, automation = "trials"): Row => ({
  ...rowOf(key, data),
  work: { automation, due },
});

/** Where the rows and claims of an organization lie: what is written lies somewhere else. */
const placesOf = async (organization: string): Promise<ReadonlyMap<string, string>> => {
  const places = await database().query(
    `select key as name, ctid::text as place from ledgerline.state where organization = $1
    union all select e164, ctid::text from ledgerline.claim where organization = $1`,
    [organization],
  );
  return new Map(places.map(({ name, place }) => [name ?? "", place ?? ""]));
};

test("rows and claims that are right are not written again, and all others are", async () => {
  const log = openLog();
  const organization = newOrganization();
  const [same, moved, dropped, added] = [newNumber(), newNumber(), newNumber(), newNumber()];
  const right = [rowOf("idle", 1), working("working", 1)];
  const before = [
    working("data", 1),
    working("due", 1),
    working("automation", 1),
    rowOf("work", 1),
  ];
  const after = [
    working("data", 2),
    working("due", 1, 6),
    working("automation", 1, 5, "renewals"),
    working("work", 1),
  ];
  const { head } = await appended(
    log,
    appendTo(organization, {
      rows: [...right, ...before, rowOf("dropped", 1)],
      claims: [same, moved, dropped].map((key) => ({ key, holder: "pn_1" })),
    }),
  );
  const places = await placesOf(organization);
  const claims = [
    { key: same, holder: "pn_1" },
    { key: moved, holder: "pn_2" },
    { key: added, holder: "pn_2" },
  ];
  const rows = [...right, ...after, rowOf("added", 1)];
  assert.equal(await log.replaceRows(organization, head, rows, claims), true);
  const now = await placesOf(organization);
  for (const name of ["idle", "working", same]) assert.equal(now.get(name), places.get(name));
  for (const name of ["data", "due", "automation", "work", moved]) {
    assert.notEqual(now.get(name), places.get(name), name);
  }
  assert.deepEqual(
    [...now.keys()].toSorted(),
    [...rows.map(({ key }) => key), same, moved, added].toSorted(),
  );
  const loaded = await log.load(organization, { kinds: ["number"], claims: [same, moved, added] });
  assert.deepEqual(loaded.rows, rows.toSorted((a, b) => a.key < b.key ? -1 : 1));
  assert.deepEqual(
    new Map(loaded.claims.map(({ key, holder }) => [key, holder])),
    new Map(claims.map(({ key, holder }) => [key, holder])),
  );
});

test("what is listed is counted again when rows are replaced, or rebuilt", async () => {
  const log = openLog();
  const organization = newOrganization();
  const rows = [plainRow("a", ["t"]), plainRow("b", ["t"]), plainRow("c", ["u"])];
  const { head } = await appended(log, appendTo(organization, { rows }));
  const totalOf = async (tag: string) =>
    (await log.list(organization, "listed", { tags: [tag] }, { limit: 0, isCounted: true })).total;
  const miscount = () =>
    database().query(
      `with gone as (delete from ledgerline.listed where organization = $1 and tags like '%u%')
      update ledgerline.listed set count = 9 where organization = $1 and tags like '%t%'`,
      [organization],
    );
  await miscount();
  assert.deepEqual([await totalOf("t"), await totalOf("u")], [9, 0]);
  assert.equal(await log.replaceRows(organization, head, rows, []), true);
  assert.deepEqual([await totalOf("t"), await totalOf("u")], [2, 1]);
  await miscount();
  await log.rebuild(async (next) => {
    const put = rows.map((row) => ({ change: "put", ...row }) as const);
    const advance = { organization, head, from: EMPTY_HEAD, taken: [], freed: [] };
    await next.put([{ ...advance, rows: put.slice(0, 2) }]);
    // By now what is there is counted.
    await next.lags("", 1);
    await next.put([{
      ...advance,
      from: head,
      rows: [...put.slice(2), { change: "remove", kind: "listed", key: "a" }],
    }]);
    await next.swap(() => Promise.resolve());
  });
  assert.deepEqual([await totalOf("t"), await totalOf("u")], [1, 1]);
  await appended(log, appendTo(organization, { expected: head, rows: [plainRow("d", ["u"])] }));
  assert.deepEqual([await totalOf("t"), await totalOf("u")], [1, 2]);
});

test("an organization without events gets rows at the empty head, and no other", async () => {
  const log = openLog();
  const organization = newOrganization();
  const rows = [rowOf("a", 1)];
  for (const head of [{ position: 1, hash: "" }, { position: 0, hash: "0" }]) {
    assert.equal(await log.replaceRows(organization, head, rows, []), false);
  }
  assert.equal(await log.replaceRows(organization, EMPTY_HEAD, rows, []), true);
  assert.deepEqual((await log.load(organization, { kinds: ["number"] })).rows, rows);
});
