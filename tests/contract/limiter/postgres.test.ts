import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as runner from "node:test";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { openSharedLimiter } from "../../../adapters/limiter/postgres.ts";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { sweep } from "../../../adapters/log/sql/rates.ts";
import { rateLimiterContract } from "../../harness/contract/rate-limiter.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";

let server: PostgresServer | undefined;
let log: PostgresLog | undefined;

before(async () => {
  server = await startPostgres();
  log = await openPostgresLog({ url: await server.database() });
});
after(async () => {
  await log?.close();
  await server?.stop();
});

const database = (): Database => {
  assert.ok(log !== undefined);
  return log.database;
};

/** Moves the times in the table, as if the database's clock had been set by so much. */
const setClock = async (by_ms: number): Promise<void> => {
  const sql = "update ledgerline.rate set at = at - $1::float8 * interval '1 millisecond'";
  await database().query(sql, [String(by_ms)]);
};

/** Limiters on one database, and a count of their statements. */
const openLimiters = (count: number, drawsAhead = true) => {
  let [now, statements] = [0, 0];
  const query: Database["query"] = (sql, parameters) => {
    statements += 1;
    return database().query(sql, parameters);
  };
  const limiters = Array.from(
    { length: count },
    () =>
      openSharedLimiter({ database: { query }, now: () => now, drawsAhead, patienceMs: 60_000 }),
  );
  const advance = async (ms: number): Promise<void> => {
    now += ms;
    await setClock(ms);
  };
  return { limiters, advance, statements: () => statements };
};

/** What a server draws ahead of time: a second's worth. */
const ahead = (perMinute: number): number => Math.max(1, Math.floor(perMinute / 60));

for (const count of [1, 3]) {
  for (const drawsAhead of [true, false]) {
    rateLimiterContract(runner, `postgres, ${count} servers${drawsAhead ? ", ahead" : ""}`, () => ({
      ...openLimiters(count, drawsAhead),
      ahead,
    }));
  }
}

test("servers that share a bucket give out all of it, and no more", async () => {
  const { limiters } = openLimiters(2);
  const bucket = { key: "shared", perMinute: 20 };
  const start = performance.now();
  let [given, refused] = [0, 0];
  for (let place = 0; refused < 4; place++) {
    const { taken } = await limiters[place % 2]?.take([bucket]) ?? { taken: false };
    if (taken) [given, refused] = [given + 1, 0];
    else refused += 1;
  }
  const most = 20 + Math.ceil((performance.now() - start) * 20 / 60_000);
  assert.ok(given >= 20 && given <= most, `${given} of ${most}`);
});

test("what is over the limit costs the database nothing", async () => {
  const { limiters: [limiter], statements } = openLimiters(1);
  const bucket = { key: "hammered", perMinute: 3 };
  while ((await limiter?.take([bucket]))?.taken);
  const before = statements();
  for (let count = 0; count < 1_000; count++) await limiter?.take([bucket]);
  assert.ok(statements() - before <= 2, `${statements() - before} statements`);
});

test("a busy bucket costs a statement for each second's worth of it", async () => {
  const { limiters: [limiter], statements } = openLimiters(1);
  const bucket = { key: "busy", perMinute: 6_000 };
  for (let count = 0; count < 1_000; count++) await limiter?.take([bucket]);
  assert.ok(statements() <= 25, `${statements()} statements`);
});

test("a database's clock that is set grants at most a full bucket, and never blocks", async () => {
  const { limiters: [limiter], advance } = openLimiters(1, false);
  const bucket = { key: "clock", perMinute: 6 };
  const drain = async (): Promise<number> => {
    let count = 0;
    while ((await limiter?.take([bucket]))?.taken) count += 1;
    return count;
  };
  await drain();
  await setClock(3_600_000);
  await advance(0);
  assert.ok(await drain() <= 7, "an hour forwards fills the bucket once");
  await setClock(-3_600_000);
  // Time goes on by ten seconds for the limiter; the table's clock is an hour behind.
  await advance(10_001);
  await limiter?.take([bucket]);
  await advance(10_001);
  assert.equal((await limiter?.take([bucket]))?.taken, true, "an hour backwards does not block");
});

test("a database that is away, or silent, lets each server count alone", async () => {
  for (
    const query of [
      () => Promise.reject(new Error("away")),
      () => new Promise<never>(() => undefined),
    ]
  ) {
    const limiter = openSharedLimiter({ database: { query }, now: () => 0 });
    const bucket = { key: "away", perMinute: 4 };
    const taken = [];
    for (let count = 0; count < 6; count++) taken.push((await limiter.take([bucket])).taken);
    assert.deepEqual(taken, [true, true, true, true, false, false]);
  }
});

test("full buckets are forgotten in the table too", async () => {
  const { limiters: [limiter], advance } = openLimiters(1, false);
  await limiter?.take([{ key: "idle", perMinute: 5 }]);
  await advance(121_000);
  await limiter?.take([{ key: "used", perMinute: 5 }]);
  await sweep(database());
  const rows = await database().query("select key from ledgerline.rate order by key", []);
  assert.deepEqual(rows.map(({ key }) => key), ["used"]);
});

test("a plan that allows more than anyone can ask for harms no other one", async () => {
  const { limiters: [limiter] } = openLimiters(1, false);
  for (const perMinute of [Number.MAX_SAFE_INTEGER, 1e13, 1]) {
    const [vast, small] = [{ key: `vast-${perMinute}`, perMinute }, {
      key: `beside-${perMinute}`,
      perMinute: 2,
    }];
    const taken = [];
    for (let count = 0; count < 3; count++) {
      taken.push((await Promise.all([limiter?.take([vast]), limiter?.take([small])]))[1]?.taken);
    }
    assert.deepEqual(taken, [true, true, false]);
  }
  const rows = await database().query("select key from ledgerline.rate where key like 'vast%'", []);
  assert.equal(rows.length, 3, "all are counted in the database");
});

test("why a server counts alone is reported once, but not that the database is away", async () => {
  let now = 0;
  let error: Error = Object.assign(new Error("permission denied"), { code: "42501" });
  const notices: unknown[] = [];
  const limiter = openSharedLimiter({
    database: { query: () => Promise.reject(error) },
    now: () => now,
    onAlone: (why) => notices.push(why),
  });
  for (let count = 0; count < 4; count++) {
    assert.ok((await limiter.take([{ key: "rights", perMinute: 100 }])).taken);
    now += 3_000;
  }
  assert.equal(notices.length, 1);
  assert.match(String(notices[0]), /permission/);
  error = new Unavailable("away");
  const other = openSharedLimiter({
    database: { query: () => Promise.reject(error) },
    onAlone: (why) => notices.push(why),
  });
  assert.ok((await other.take([{ key: "rights", perMinute: 100 }])).taken);
  assert.equal(notices.length, 1);
});
