import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openKeptClock } from "../../../adapters/clock/persisted.ts";
import { openPglite } from "../../../adapters/log/pglite/mod.ts";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { readMark } from "../../../adapters/log/sql/clock.ts";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../core/values/calendar.ts";
import { AGREEMENT_MS } from "../../../core/values/clock-trust.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";

/** A machine that is `ahead` of this one, on which `elapsed` more has passed. */
const machine = () => {
  let [ahead, elapsed] = [0, 0];
  const begun = performance.now();
  const monotonic = (): number => performance.now() - begun + elapsed;
  const start = Date.now();
  return {
    real: () => start + Math.round(monotonic()),
    set: (ms: number): void => void (ahead = ms),
    pass: (ms: number): void => void (elapsed += ms),
    watches: { monotonic, wall: () => start + Math.round(monotonic()) + ahead },
  };
};

const isNear = (a: number, b: number): boolean => Math.abs(a - b) < MINUTE_MS;

const FAILING: Database = { query: () => Promise.reject(new Error("it is away")) };

describe("clock kept in an embedded database", () => {
  it("is trusted at a first start, and records until when it ran", async () => {
    const { database, close } = await openPglite({ folder: "memory" });
    const { real, watches, pass } = machine();
    const clock = await openKeptClock(database, watches);
    assert.equal(clock.doubt(), null);
    await clock.compare(database);
    assert.ok(isNear((await readMark(database))?.at ?? 0, real()));
    pass(HOUR_MS);
    await clock.compare(database);
    assert.ok(isNear((await readMark(database))?.at ?? 0, real()));
    await close();
  });

  it("is doubted by the next start where it is days ahead, behind, or was down", async () => {
    const { database, close } = await openPglite({ folder: "memory" });
    const { real, set, watches, pass } = machine();
    await (await openKeptClock(database, watches)).compare(database);
    set(6 * DAY_MS);
    const ahead = await openKeptClock(database, watches);
    assert.equal(ahead.doubt()?.why, "unconfirmed");
    await ahead.compare(database);
    set(-6 * DAY_MS);
    const behind = await openKeptClock(database, watches);
    assert.equal(behind.doubt()?.why, "jumped");
    assert.ok(isNear(behind.now(), real()));
    set(0);
    assert.equal((await openKeptClock(database, watches)).doubt(), null);
    pass(DAY_MS);
    const down = await openKeptClock(database, watches);
    assert.ok(isNear(down.now(), real()));
    assert.equal(down.doubt()?.why, "unconfirmed");
    pass(HOUR_MS + MINUTE_MS);
    assert.equal(down.doubt(), null);
    await close();
  });

  it("goes on when the database cannot be written to", async () => {
    const { database, close } = await openPglite({ folder: "memory" });
    const { watches, pass, real } = machine();
    const clock = await openKeptClock(database, watches);
    pass(HOUR_MS);
    await clock.compare(FAILING);
    assert.ok(isNear(clock.now(), real()));
    await close();
  });
});

describe("clock held against PostgreSQL's", () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());

  it("is doubted alone among several servers, from its start, and whenever it jumps", async () => {
    const log = await openPostgresLog({ url: await server.database() });
    const { database } = log;
    const [right, wrong] = [machine(), machine()];
    wrong.set(6 * DAY_MS);
    const good = await openKeptClock(database, right.watches);
    const bad = await openKeptClock(database, wrong.watches);
    assert.equal(good.doubt(), null);
    assert.deepEqual([bad.doubt()?.why, bad.doubt()?.waits], ["differs", null]);
    assert.ok(isNear(bad.now(), wrong.real()));
    wrong.set(0);
    bad.now();
    wrong.pass(AGREEMENT_MS);
    // Its own time went on by five minutes, and the database's did not.
    await bad.compare(database);
    assert.equal(bad.doubt()?.why, "differs");
    assert.equal((await openKeptClock(database, right.watches)).doubt(), null);
    await log.close();
  });

  it("is doubted when it ran away by small steps that nothing else shows", async () => {
    const log = await openPostgresLog({ url: await server.database() });
    const { watches, pass } = machine();
    const clock = await openKeptClock(log.database, watches);
    // Both clocks of this machine run ahead together.
    for (let steps = 0; steps < 3; steps++) {
      pass(31 * SECOND_MS);
      await clock.compare(log.database);
    }
    assert.equal(clock.doubt()?.why, "differs");
    await clock.compare(FAILING);
    assert.equal(clock.doubt()?.why, "differs");
    await log.close();
  });

  it("asks nothing that is not needed: once in half a minute", async () => {
    const log = await openPostgresLog({ url: await server.database() });
    let asked = 0;
    const counted: Database = {
      ...log.database,
      query: (sql, parameters) => {
        asked++;
        return log.database.query(sql, parameters);
      },
    };
    const { watches, pass } = machine();
    const clock = await openKeptClock(counted, watches);
    for (let looks = 0; looks < 100; looks++) await clock.compare(counted);
    assert.equal(asked, 1);
    pass(30 * SECOND_MS);
    for (let looks = 0; looks < 100; looks++) await clock.compare(counted);
    assert.equal(asked, 2);
    await log.close();
  });
});
