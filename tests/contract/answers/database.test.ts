import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as runner from "node:test";
import { openDatabaseAnswers, tidyAnswers } from "../../../adapters/answers/database.ts";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import type { Database } from "../../../adapters/log/sql/database.ts";
import type { DatabaseLog } from "../../../adapters/log/sql/log.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { HOUR_MS, SECOND_MS } from "../../../core/values/calendar.ts";
import { keptAnswersContract } from "../../harness/contract/kept-answers.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";

const bounds = { rows: 20, bytes: 30_000 };

let server: PostgresServer | undefined;
const logs: Record<string, DatabaseLog[]> = {};

before(async () => {
  server = await startPostgres();
  const url = await server.database();
  logs["PostgreSQL"] = [await openPostgresLog({ url }), await openPostgresLog({ url })];
  logs["PGlite"] = [await openPgliteLog({ folder: "memory" })];
});
after(async () => {
  for (const log of Object.values(logs).flat()) await log.close();
  await server?.stop();
});

const databasesOf = (name: string): readonly Database[] =>
  (logs[name] ?? []).map(({ database }) => database);

const databaseOf = (name: string): Database => databasesOf(name)[0] ?? assert.fail();

/** Moves the times in the table, as if the database's clock had been set by so much. */
const setClock = async (database: Database, by_ms: number): Promise<void> => {
  await database.query(
    `update ledgerline.answer set
       until = until - $1::float8 * interval '1 millisecond',
       leased = leased - $1::float8 * interval '1 millisecond'`,
    [String(by_ms)],
  );
};

const countOf = async (database: Database): Promise<number> => {
  const [row] = await database.query("select count(*)::text as count from ledgerline.answer", []);
  return Number(row?.["count"]);
};

const request = (key: string) => ({ caller: "caller", key, fingerprint: "f" });

/** An empty table, and what keeps answers in it. */
const opened = async (name: string) => {
  const database = databaseOf(name);
  await database.query("truncate ledgerline.answer", []);
  const answers = openDatabaseAnswers({ database });
  const answer = async (key: string): Promise<void> => {
    const state = await answers.begin(request(key));
    if (state.state !== "begun") return assert.fail(state.state);
    await answers.keep(request(key), state.lease, { status: 200, headers: null, body: key });
  };
  return { database, answers, answer };
};

const testClocks = (name: string): void => {
  test("a clock that is set back a day keeps no key under way, and no answer much longer", async () => {
    const { database, answers, answer } = await opened(name);
    await answer("answered");
    await answers.begin(request("begun"));
    await setClock(database, -20 * HOUR_MS);
    assert.equal((await answers.begin(request("begun"))).state, "begun");
    assert.equal((await answers.begin(request("answered"))).state, "answered");
    await setClock(database, -20 * HOUR_MS);
    assert.equal((await answers.begin(request("answered"))).state, "begun");
  });

  test("a clock that is set forth by a day loses what is under way, and no answer is another's", async () => {
    const { database, answers } = await opened(name);
    const state = await answers.begin(request("begun"));
    await setClock(database, 26 * HOUR_MS);
    const next = await answers.begin(request("begun"));
    assert.ok(state.state === "begun" && next.state === "begun" && state.lease !== next.lease);
    await answers.keep(request("begun"), state.lease, { status: 200, headers: null, body: "late" });
    await answers.keep(request("begun"), next.lease, { status: 200, headers: null, body: "next" });
    const found = await answers.begin(request("begun"));
    assert.deepEqual(found, {
      state: "answered",
      answer: { status: 200, headers: null, body: "next" },
    });
  });
};

const testRows = (name: string): void => {
  test("each answer deletes more of what expired than it adds", async () => {
    const { database, answer } = await opened(name);
    for (let place = 0; place < 25; place++) await answer(`early-${place}`);
    await setClock(database, 26 * HOUR_MS);
    await answer("late-1");
    assert.equal(await countOf(database), 16);
    await answer("late-2");
    await answer("late-3");
    assert.equal(await countOf(database), 3);
  });

  test("a start deletes what expired, and what a wrong clock put far off", async () => {
    const { database, answers, answer } = await opened(name);
    await answer("early");
    await setClock(database, 26 * HOUR_MS);
    await answer("kept");
    await answer("far");
    const far = "update ledgerline.answer set until = until + interval '1 year' where key = 'far'";
    await database.query(far, []);
    await tidyAnswers(database, { isAlone: false });
    assert.equal(await countOf(database), 1);
    assert.equal((await answers.begin(request("kept"))).state, "answered");
  });

  test("a start ends what was under way where no other process can have it", async () => {
    const { database, answers } = await opened(name);
    await answers.begin(request("begun"));
    await tidyAnswers(database, { isAlone: false });
    assert.equal((await answers.begin(request("begun"))).state, "underway");
    await tidyAnswers(database, { isAlone: true });
    assert.equal((await answers.begin({ ...request("begun"), fingerprint: "g" })).state, "other");
    assert.equal((await answers.begin(request("begun"))).state, "begun");
  });

  test("a key that is taken is read, and nothing is written", async () => {
    const { database, answers, answer } = await opened(name);
    await answer("key");
    const version = async () =>
      await database.query(
        "select ctid::text, xmin::text, xmax::text from ledgerline.answer",
        [],
      );
    const written = await version();
    for (const fingerprint of ["f", "g"]) await answers.begin({ ...request("key"), fingerprint });
    assert.deepEqual(await version(), written);
  });

  test("a renewal that comes too late for its lease, and in time for no other, renews it", async () => {
    const { database, answers } = await opened(name);
    const state = await answers.begin(request("key"));
    await setClock(database, 60 * SECOND_MS);
    if (state.state !== "begun") return assert.fail();
    await answers.renew(request("key"), state.lease);
    assert.equal((await answers.begin(request("key"))).state, "underway");
  });
};

for (const name of ["PGlite", "PostgreSQL"]) {
  keptAnswersContract(runner, name, () => ({
    answers: databasesOf(name).map((database) => openDatabaseAnswers({ database, bounds })),
    advance: (ms) => setClock(databaseOf(name), ms),
    bounds,
  }));

  describe(`answers in ${name}`, () => {
    testClocks(name);
    testRows(name);
  });
}

test("a process that is alone asks once for an answer that is repeated, for ten minutes", async () => {
  let [now, asked] = [0, 0];
  const { query } = databaseOf("PGlite");
  const counted: Database["query"] = (...statement) => {
    asked += 1;
    return query(...statement);
  };
  const database = { query: counted };
  const answers = openDatabaseAnswers({ database, isAlone: true, now: () => now });
  const kept = { ...request("alone"), caller: "alone" };
  const state = await answers.begin(kept);
  if (state.state !== "begun") return assert.fail(state.state);
  assert.equal((await answers.begin(kept)).state, "underway");
  const answer = { status: 200, headers: null, body: "x" };
  await answers.keep(kept, state.lease, answer);
  assert.deepEqual(await answers.begin(kept), { state: "answered", answer });
  asked = 0;
  for (let time = 0; time < 3; time++) {
    assert.deepEqual(await answers.begin(kept), { state: "answered", answer });
    assert.equal((await answers.begin({ ...kept, fingerprint: "g" })).state, "other");
    assert.equal((await answers.begin({ ...kept, caller: "other" })).state === "other", false);
    asked -= 1;
  }
  assert.equal(asked, 0);
  now = 11 * 60 * SECOND_MS;
  assert.deepEqual(await answers.begin(kept), { state: "answered", answer });
  assert.equal(asked, 1);
});

test("a store that is away rejects, whatever it is asked", async () => {
  const away = new Unavailable("away");
  const answers = openDatabaseAnswers({ database: { query: () => Promise.reject(away) } });
  const request = { caller: "caller", key: "key", fingerprint: "f" };
  await assert.rejects(answers.begin(request), away);
  await assert.rejects(answers.renew(request, "lease"), away);
  await assert.rejects(
    answers.keep(request, "lease", { status: 200, headers: null, body: null }),
    away,
  );
  await assert.rejects(answers.free(request, "lease"), away);
});
