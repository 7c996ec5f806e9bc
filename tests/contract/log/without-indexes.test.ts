/**
 * What the statements give where the planner uses no index, in whose order it would come by chance:
 * rows lie in the tables in the order in which they were put there, which is none of those asked
 * for.
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { EVENT_BYTES, PAGE_BYTES } from "../../../adapters/log/page.ts";
import { openAudit } from "../../../adapters/log/sql/audit.ts";
import { openSqlLog } from "../../../adapters/log/sql/log.ts";
import { FIND, FIND_BY_INDEX, HASH, NEXT_DUE } from "../../../adapters/log/sql/statements.ts";
import type { ClaimKeys, EventLog, RecordedEvent, WorkItem } from "../../../core/ports/mod.ts";
import { appendTo } from "../../harness/contract/log/support.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();
const theLog = (): EventLog => openSqlLog(database(), () => Promise.resolve());

const ACTOR = '{"kind":"operator"}';

/** An event's position, command, fingerprint and size. */
type Marked = readonly [number, (string | null)?, (string | null)?, (number | null)?];

/** They are put in this order. */
const EVENTS: readonly Marked[] = [
  [4, "two", null, null],
  [3, "one", null, null],
  [5, null, null, null],
  [2, "one", "f", 2],
  [1, null, null, null],
  [6, "two", "g", 1],
];

const putEvent = (
  organization: string,
  [position, command = null, fingerprint = null, size = null]: Marked,
  data = "{}",
) =>
  database().query(
    `insert into ledgerline.event (organization, position, type, version, data, at, actor, command,
      fingerprint, size, hash)
    values ($1, $2::bigint, 'Tested', 1, $3, 1, $4, $5, $6, $7::integer, $8)`,
    [
      organization,
      position,
      data,
      ACTOR,
      command,
      fingerprint,
      size,
      `${organization}-${position}`,
    ],
  );

const putRow = (organization: string, kind: string, key: string, due: number | null = null) =>
  database().query(
    `insert into ledgerline.state (organization, kind, key, data, automation, due)
    values ($1, $2, $3, '{}', $4, $5::bigint)`,
    [organization, kind, key, due === null ? null : "tested", due],
  );

const putClaim = (organization: string, e164: string) =>
  database().query(
    "insert into ledgerline.claim (e164, organization, holder) values ($1, $2, 'pn_1')",
    [e164, organization],
  );

const fill = async (): Promise<void> => {
  for (const scan of ["indexscan", "indexonlyscan", "bitmapscan"]) {
    await database().query(`set enable_${scan} = off`, []);
  }
  await database().query("set enable_seqscan = on", []);
  await database().query("set enable_sort = off", []);
  for (const event of EVENTS) {
    for (const organization of ["b", "c", "a"]) await putEvent(organization, event);
  }
};

const placesOf = (events: readonly RecordedEvent[]): readonly string[] =>
  events.map(({ organization, position }) => `${organization}${position}`);

const events = (): void => {
  test("events come by position, the first of them first", async () => {
    const log = theLog();
    assert.deepEqual(placesOf(await log.events("b", 0, 9)), ["b1", "b2", "b3", "b4", "b5", "b6"]);
    assert.deepEqual(placesOf(await log.events("b", 1, 2)), ["b2", "b3"]);
    assert.deepEqual(
      placesOf(await log.scan({ organization: "a", position: 4 }, 5)),
      ["a5", "a6", "b1", "b2", "b3"],
    );
  });

  test("heads are the last events, by organization", async () => {
    const log = theLog();
    const head = (organization: string) => ({ position: 6, hash: `${organization}-6` });
    const heads = (await log.heads("", 3)).map((each) => [each.organization, each.head]);
    assert.deepEqual(heads, ["a", "b", "c"].map((each) => [each, head(each)]));
    assert.deepEqual((await log.heads("a", 1)).map((each) => each.organization), ["b"]);
    assert.deepEqual((await log.load("b", {})).head, head("b"));
  });

  test("an event's hash is that of its own organization and position", async () => {
    const rows = await database().query(HASH, ["b", 3]);
    assert.deepEqual(rows.map((row) => row["hash"]), ["b-3"]);
    assert.deepEqual(await database().query(HASH, ["b", 7]), []);
  });

  test("a command's events are those from its first, as many as it has", async () => {
    const log = theLog();
    const fingerprints = { one: "f", two: "g" };
    for (const [id, positions] of [["one", ["b2", "b3"]], ["two", ["b6"]]] as const) {
      const command = { id, fingerprint: "another" };
      const repeated = await log.append(appendTo("b", { expected: "any", command }));
      assert.ok(repeated.outcome === "repeated");
      assert.equal(repeated.fingerprint, fingerprints[id]);
      assert.deepEqual(placesOf(repeated.events), positions);
      const [loaded] = (await log.load("b", { commands: [id] })).commands;
      assert.deepEqual(placesOf(loaded?.events ?? []), positions);
      assert.equal(loaded?.fingerprint, fingerprints[id]);
    }
  });

  test("those before an event that cannot be read come by position, each log's first", async () => {
    const log = theLog();
    for (const organization of ["y", "x"]) {
      for (const position of [3, 2, 1]) await putEvent(organization, [position]);
    }
    await putEvent("x", [4], "{");
    assert.deepEqual(placesOf(await log.events("x", 0, 9)), ["x1", "x2", "x3"]);
    assert.deepEqual(placesOf(await log.events("x", 1, 2)), ["x2", "x3"]);
    const scanned = await log.scan({ organization: "c", position: 5 }, 9);
    assert.deepEqual(placesOf(scanned), ["c6", "x1", "x2", "x3"]);
    await assert.rejects(log.events("x", 3, 9), /UnreadableEvent/);
  });

  test("a page ends with the event that takes it to its bytes", async () => {
    const log = theLog();
    const fits = PAGE_BYTES - EVENT_BYTES - ACTOR.length;
    for (const [organization, bytes, most] of [["z", fits, 1], ["zz", fits - 1, 2]] as const) {
      const data = `"${"x".repeat(bytes - 2)}"`;
      for (const position of [3, 2, 1]) await putEvent(organization, [position], data);
      assert.equal((await log.events(organization, 0, 9)).length, most);
    }
  });
};

const rebuilds = (): void => {
  test("logs that a rebuild has not put, or not wholly, come by organization", async () => {
    await theLog().rebuild(async (next) => {
      const lags = async (after: string, limit: number) =>
        (await next.lags(after, limit)).map(({ organization, put, head }) =>
          `${organization} ${put.position} ${put.hash} of ${head.position}`
        );
      assert.deepEqual(await lags("", 2), ["a 0  of 6", "b 0  of 6"]);
      const from = { position: 0, hash: "" };
      const nothing = { from, rows: [], taken: [], freed: [] };
      await next.put([
        { organization: "a", head: { position: 6, hash: "a-6" }, ...nothing },
        { organization: "c", head: { position: 5, hash: "c-5" }, ...nothing },
        { organization: "b", head: { position: 2, hash: "b-2" }, ...nothing },
      ]);
      assert.deepEqual(await lags("", 2), ["b 2 b-2 of 6", "c 5 c-5 of 6"]);
      assert.deepEqual(await lags("a", 1), ["b 2 b-2 of 6"]);
      assert.deepEqual(await lags("b", 1), ["c 5 c-5 of 6"]);
      await next.put([{ organization: "b", head: { position: 4, hash: "b-4" }, ...nothing }]);
      assert.deepEqual(await lags("a", 1), ["b 4 b-4 of 6"]);
    });
  });
};

const ITEMS: readonly WorkItem[] = [
  ["a", "plan", "k", 5],
  ["a", "plan", "l", 5],
  ["a", "quote", "a", 5],
  ["b", "plan", "a", 5],
  ["a", "plan", "m", 6],
].map(([organization, kind, key, due]) => ({
  organization: String(organization),
  kind: String(kind),
  key: String(key),
  automation: "tested",
  due: Number(due),
}));

const rows = (): void => {
  test("what is due comes by time, organization, kind and key, also page by page", async () => {
    const log = theLog();
    for (const place of [4, 3, 1, 2, 0]) {
      const { organization, kind, key, due } = ITEMS[place] ?? assert.fail();
      await putRow(organization, kind, key, due);
    }
    assert.deepEqual(await log.due(6, 9), ITEMS);
    const paged: WorkItem[] = [];
    for (let page = await log.due(6, 1); page.length > 0;) {
      paged.push(...page);
      assert.equal(page.length, 1);
      assert.ok(paged.length <= ITEMS.length, "a page begins where the one before it did");
      page = await log.due(6, 1, page[0]);
    }
    assert.deepEqual(paged, ITEMS);
    assert.deepEqual(await log.due(5, 9, ITEMS[2]), [ITEMS[3]]);
    assert.equal((await database().query(NEXT_DUE, [4])).length, 1);
    assert.deepEqual([await log.nextDue(4), await log.nextDue(5), await log.nextDue(6)], [
      5,
      6,
      null,
    ]);
  });

  test("the rows of a range of keys come from the last on, and no others", async () => {
    const log = theLog();
    for (const kind of ["token", "kind of the test"]) {
      for (const key of ["t3", "t1", "t4", "t2"]) {
        await putRow("a", kind, key);
        await putRow("a", `${kind} beside`, key);
      }
      const keys = async (from: string, below: string, limit: number) =>
        (await log.rowsOf(kind, { from, below }, limit)).map(({ row }) => `${row.kind} ${row.key}`);
      assert.deepEqual(
        await keys("t1", "t4", 9),
        ["t3", "t2", "t1"].map((key) => `${kind} ${key}`),
      );
      assert.deepEqual(await keys("t1", "t5", 1), [`${kind} t4`]);
    }
  });

  test("of rows with one key, that of the first organization is found, alone", async () => {
    const log = theLog();
    for (const [kind, sql] of [["order", FIND_BY_INDEX], ["kind of the test", FIND]] as const) {
      for (const organization of ["c", "b", "d"]) {
        await putRow(organization, kind, "found");
        await putRow(organization, kind, "another");
        await putRow(organization, `${kind} beside`, "found");
      }
      assert.equal((await log.find(kind, "found"))?.organization, "b");
      assert.equal((await database().query(sql, [kind, "found"])).length, 1);
    }
  });
};

const claims = (): void => {
  test("claims come by key, the first of them, with the rows of their holders", async () => {
    const log = theLog();
    for (const end of [3, 1, 4, 2]) await putClaim("q", `+198765432${end}`);
    for (const kind of ["route", "number", "order"]) await putRow("q", kind, "pn_1");
    await putRow("r", "number", "pn_1");
    const found = async (keys: ClaimKeys) =>
      (await log.claims(keys, ["route", "number"])).map(({ claim, rows }) =>
        `${claim.key.slice(-1)} ${rows.map(({ kind }) => kind)}`
      );
    const after = "+1987654321";
    const expected = (...ends: readonly number[]) => ends.map((end) => `${end} number,route`);
    assert.deepEqual(await found({ after, below: ",", limit: 2 }), expected(2, 3));
    assert.deepEqual(await found(["+1987654324", "+1987654321"]), expected(1, 4));
  });
};

const audits = (): void => {
  test("an audit's marks come by position", async () => {
    const audit = openAudit(database());
    const marks = async (until: number) =>
      (await audit.marks("b", until)).map(({ position }) => position);
    assert.deepEqual(await marks(6), [2, 6]);
    assert.deepEqual(await marks(5), [2]);
    await putEvent("m", [2, "one", "f", null]);
    await putEvent("m", [1, "two", null, 1]);
    assert.deepEqual(await audit.marks("m", 2), [
      { position: 1, size: 1, isNamed: false },
      { position: 2, size: null, isNamed: true },
    ]);
  });

  test("an audit's strays have rows or claims and no log, and come by organization", async () => {
    const audit = openAudit(database());
    for (const organization of ["s4", "s1", "s0", "s3", "s5"]) {
      for (const key of ["k", "j"]) await putRow(organization, "plan", key);
    }
    for (const [place, organization] of ["s5", "s2", "s4", "c"].entries()) {
      for (const end of [2, 1]) await putClaim(organization, `+1415555000${place}${end}`);
    }
    // A log without its first event is none.
    await putEvent("s3", [2]);
    await putEvent("s5", [1]);
    assert.deepEqual(await audit.strays("s", 9), ["s0", "s1", "s2", "s3", "s4"]);
    assert.deepEqual(await audit.strays("s", 2), ["s0", "s1"]);
    assert.deepEqual(await audit.strays("s1", 2), ["s2", "s3"]);
    assert.deepEqual(await audit.strays("s4", 2), []);
  });
};

describe("without indexes", { timeout: 600_000 }, () => {
  before(fill);
  events();
  rebuilds();
  rows();
  claims();
  audits();
});
