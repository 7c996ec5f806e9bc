/** What servers on one PostgreSQL keep of deliveries, where they are at the same endpoint. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import postgres from "postgres";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { openDeliveries } from "../../../adapters/log/sql/deliveries.ts";
import type { Deliveries, DeliveryProgress } from "../../../core/ports/mod.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { startProxy } from "../../support/proxy.ts";
import { until } from "../../support/eventually.ts";

let server: PostgresServer;
let url = "";
let logs: readonly PostgresLog[] = [];

before(async () => {
  server = await startPostgres();
  url = await server.database();
  logs = await Promise.all([openPostgresLog({ url }), openPostgresLog({ url })]);
});
after(async () => {
  await Promise.all(logs.map((log) => log.close()));
  await server.stop();
});

const server1 = (): Deliveries => logs[0]?.deliveries ?? assert.fail("it keeps no deliveries");
const server2 = (): Deliveries => logs[1]?.deliveries ?? assert.fail("it keeps no deliveries");

/** A session that waits for another. */
const WAITING = `select from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where not l.granted and a.datname = current_database()`;

const isWaiting = async (): Promise<boolean> => (await server.run(url, WAITING)).length > 0;

const progressOf = (
  endpoint: string,
  given: Partial<DeliveryProgress> = {},
): DeliveryProgress => ({
  endpoint,
  organization: "acme",
  position: 1,
  hash: "h",
  pending: [],
  blockedUntil: null,
  failures: 0,
  version: 0,
  ...given,
});

const attemptOf = (id: string, { endpoint, organization, position }: DeliveryProgress) => ({
  id,
  endpoint,
  organization,
  position,
  event: "ev_1",
  attempt: 1,
  at: 1,
  status: 200,
  failure: null,
  ms: 1,
  answer: "",
});

/** Runs `sql` and keeps its locks until `work` waits for them. */
const whileHeld = async <Value>(sql: string, work: () => Promise<Value>): Promise<Value> => {
  const other = postgres(url, { max: 1, onnotice: () => {} });
  try {
    let working: Promise<Value> | undefined;
    await other.begin(async (held) => {
      await held.unsafe(sql);
      working = work();
      await until(isWaiting);
    });
    return await (working ?? assert.fail("it did not begin"));
  } finally {
    await other.end();
  }
};

describe("servers at the same endpoint", { timeout: 600_000 }, () => {
  test("derive its secrets from one key, also where both ask first", async () => {
    for (let times = 0; times < 10; times += 1) {
      await server.run(url, "delete from ledgerline.webhook_key");
      const [one, other] = await Promise.all([server1().key(), server2().key()]);
      assert.equal(one, other);
    }
    await server.run(url, "delete from ledgerline.webhook_key");
    const key = await whileHeld(
      "insert into ledgerline.webhook_key (key) values ('other')",
      () => server1().key(),
    );
    assert.equal(key, "other");
  });

  test("move nothing back, where one was stopped for a while and lost its lease", async () => {
    const progress = progressOf("wh_stopped");
    await server1().record([{ progress, attempts: [] }]);
    const [read] = await server1().load([progress]);
    assert.ok(read !== undefined);
    for (const position of [2, 3]) {
      const [now] = await server2().load([progress]);
      assert.ok(now !== undefined);
      const next = { ...now, position };
      const change = { progress: next, attempts: [attemptOf(`da_${position}`, next)] };
      assert.deepEqual(await server2().record([change]), [true]);
    }
    const late = { ...read, position: 2 };
    assert.deepEqual(
      await server1().record([{ progress: late, attempts: [attemptOf("da_late", late)] }]),
      [false],
    );
    const [left] = await server1().load([progress]);
    assert.deepEqual(left, { ...progress, position: 3, version: 3 });
    const kept = await server1().attempts("wh_stopped", {}, 10);
    assert.deepEqual(kept.map(({ id }) => id), ["da_3", "da_2"]);
  });
});

test("what was written while its answer was lost is there once, and is read again", async (context) => {
  const line = await startProxy(await server.database());
  const log = await openPostgresLog({ url: line.url, connections: 1 });
  context.after(async () => {
    await log.close();
    await line.stop();
  });
  const { load, record, attempts } = log.deliveries ?? assert.fail("it keeps no deliveries");
  const progress = progressOf("wh_lost");
  const change = { progress, attempts: [attemptOf("da_1", progress)] };
  // The statement is prepared: it is carried out as soon as it arrives.
  await record([{ progress: progressOf("wh_before"), attempts: [] }]);
  line.decide((way) => way === "to the client" ? "cut" : "arrives");
  await assert.rejects(record([change]), Unavailable);
  line.decide(() => "arrives");
  line.open();
  await until(async () => (await load([progress]).catch(() => [])).length === 1);
  assert.deepEqual(await load([progress]), [{ ...progress, version: 1 }]);
  assert.equal((await attempts("wh_lost", {}, 10)).length, 1);
  assert.deepEqual(await record([change]), [false]);
  assert.equal((await attempts("wh_lost", {}, 10)).length, 1);
});

describe("servers at the same progress", { timeout: 600_000 }, () => {
  test("wait for what the other writes, and then see it", async () => {
    const [progress, beside] = [
      progressOf("wh_held"),
      progressOf("wh_held", { organization: "b" }),
    ];
    await server1().record([progress, beside].map((one) => ({ progress: one, attempts: [] })));
    const again = [progress, beside].map((one) => ({
      progress: { ...one, version: 1, position: 9 },
      attempts: [attemptOf(`da_${one.organization}`, one)],
    }));
    const written = await whileHeld(
      `update ledgerline.delivery set version = 2, position = 5
        where endpoint = 'wh_held' and organization = 'acme'`,
      () => server1().record(again),
    );
    assert.deepEqual(written, [false, true]);
    const all = await server2().progress("wh_held", "", 10);
    assert.deepEqual(all.map(({ position }) => position), [5, 9]);
    assert.equal((await server2().attempts("wh_held", {}, 10)).length, 1);
    const begun = await whileHeld(
      `insert into ledgerline.delivery
        (endpoint, organization, position, hash, pending, failures, version)
        values ('wh_held', 'c', 1, 'h', '[]', 0, 1)`,
      () => server1().record([{ progress: { ...progress, organization: "c" }, attempts: [] }]),
    );
    assert.deepEqual(begun, [false]);
    const dropped = await whileHeld(
      "delete from ledgerline.delivery where endpoint = 'wh_held' and organization = 'b'",
      () => server1().record([{ progress: { ...beside, version: 2 }, attempts: [] }]),
    );
    assert.deepEqual(dropped, [false]);
    const removed = await whileHeld(
      "update ledgerline.delivery set version = 7 where endpoint = 'wh_held'",
      () => server1().remove("wh_held", 10),
    );
    assert.equal(removed, 2);
    assert.deepEqual(await server2().progress("wh_held", "", 10), []);
  });
});

describe("servers at the same endpoints", { timeout: 600_000 }, () => {
  test("do not block each other, in whatever order they write", async () => {
    const refused: unknown[] = [];
    const [one, other] = logs.map(({ database }) =>
      openDeliveries({
        query: (...asked) =>
          database.query(...asked).catch((error: unknown) => {
            refused.push(error);
            throw error;
          }),
      })
    );
    assert.ok(one !== undefined && other !== undefined);
    const all = Array.from(
      { length: 30 },
      (_, place) => progressOf(`wh_${place % 3}`, { organization: `org-${place}` }),
    );
    for (let version = 0; version < 20; version += 1) {
      const changes = all.map((progress) => ({ progress: { ...progress, version }, attempts: [] }));
      const [written, others] = await Promise.all([
        one.record(changes),
        other.record(changes.toReversed()),
      ]);
      for (const [place, isWritten] of written.entries()) {
        assert.notEqual(isWritten, others[all.length - 1 - place], `${version} ${place}`);
      }
    }
    const kept = await one.load(all);
    assert.deepEqual(kept.map(({ version }) => version), all.map(() => 20));
    assert.deepEqual(refused, []);
  });

  test("forget what no other forgets at this time, without waiting", async () => {
    await server1().forget(2, 1_000);
    const progress = progressOf("wh_skipped");
    const attempts = ["a", "b", "c"].map((id) => attemptOf(id, progress));
    await server1().record([{ progress: null, attempts }]);
    const other = postgres(url, { max: 1, onnotice: () => {} });
    try {
      await other.begin(async (held) => {
        await held`select from ledgerline.delivery_attempt
          where endpoint = 'wh_skipped' and id = 'b' for update`;
        assert.equal(await server1().forget(2, 10), 2);
      });
    } finally {
      await other.end();
    }
    const left = await server1().attempts("wh_skipped", {}, 10);
    assert.deepEqual(left.map(({ id }) => id), ["b"]);
  });

  test("forget attempts at the same time, each once", async () => {
    const progress = progressOf("wh_forgotten");
    const attempts = Array.from({ length: 200 }, (_, place) => attemptOf(`da_${place}`, progress));
    await server1().forget(2, 1_000);
    await server1().record([{ progress: null, attempts }]);
    const dropped = await Promise.all(
      [server1(), server2(), server1(), server2()].map(({ forget }) => forget(2, 50)),
    );
    const left = await server1().attempts("wh_forgotten", {}, 1_000);
    assert.equal(left.length, 200 - dropped.reduce((a, b) => a + b, 0));
  });
});
