/**
 * What becomes of a transaction whose connection is lost; nothing may throw where nobody catches
 * it.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPool } from "../../../adapters/log/postgres/connection.ts";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { type Proxy, startProxy } from "../../support/proxy.ts";

let server: PostgresServer;
let url: string;
let proxy: Proxy;

before(async () => {
  server = await startPostgres();
  url = await server.database();
  proxy = await startProxy(url);
});
after(async () => {
  await proxy.stop();
  await server.stop();
});

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Ends the backend that sleeps. */
const terminate = async (): Promise<void> => {
  const sleeper = `select pg_terminate_backend(pid) from pg_stat_activity
    where wait_event = 'PgSleep' and datname = current_database()`;
  while ((await server.run(url, sleeper)).length === 0);
};

const cutWhenAsleep = async (): Promise<void> => {
  const sleeper = `select from pg_stat_activity
    where wait_event = 'PgSleep' and datname = current_database()`;
  while ((await server.run(url, sleeper)).length === 0);
  proxy.cut();
};

/** Loses the connection between two statements, and gives the time in which that is noticed. */
const cutBetween = async (): Promise<void> => {
  proxy.cut();
  await server.run(url, "select");
  await turns();
};

/** A way to lose the connection, and what the work does then. */
const LOSSES: Readonly<Record<string, (transaction: Database) => Promise<unknown>>> = {
  "between statements, before another": async ({ query }) => {
    await cutBetween();
    await query("select 1", []);
  },
  "between statements, before the work throws": async () => {
    await cutBetween();
    throw new Error("enough");
  },
  "between statements, before the work ends": cutBetween,
  "in a statement, by the network": ({ query }) =>
    Promise.all([query("select pg_sleep(60)", []), cutWhenAsleep()]),
  "in a statement, by the server": ({ query }) =>
    Promise.all([query("select pg_sleep(60)", []), terminate()]),
};

const tryLosing = async (lose: (transaction: Database) => Promise<unknown>): Promise<void> => {
  const pool = openPool({ url: proxy.url });
  const { transaction } = pool;
  assert.ok(transaction !== undefined);
  const ended: Promise<unknown>[] = [];
  const lost = transaction(async (database) => {
    await database.query("select 1", []);
    ended.push(lose(database));
    await ended[0];
  });
  await assert.rejects(lost, Unavailable);
  await Promise.allSettled(ended);
  // Whatever is thrown where nobody catches it, is by now.
  await turns();
  assert.equal(await transaction(() => Promise.resolve(1)), 1);
  await pool.close();
};

describe("a transaction whose connection is lost", { timeout: 600_000 }, () => {
  for (const [when, lose] of Object.entries(LOSSES)) {
    test(`${when}, is Unavailable, and the next one is not`, () => tryLosing(lose));
  }
});

test("a transaction is not begun any more where the pool was closed", async () => {
  const pool = openPool({ url });
  assert.ok(pool.transaction !== undefined);
  await pool.close();
  let isBegun = false;
  const late = pool.transaction(() => {
    isBegun = true;
    return Promise.resolve();
  });
  await assert.rejects(late, Unavailable);
  assert.equal(isBegun, false);
});
