/** What servers on one PostgreSQL do not wait for: what another session has locked. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import postgres from "postgres";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { openLeases } from "../../../adapters/log/sql/leases.ts";
import { sweep } from "../../../adapters/log/sql/rates.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";

let server: PostgresServer;
let url = "";
let log: PostgresLog;

before(async () => {
  server = await startPostgres();
  url = await server.database();
  // What waits for a lock after all is refused.
  await server.run(url, `alter database ${new URL(url).pathname.slice(1)} set lock_timeout = '3s'`);
  log = await openPostgresLog({ url });
});
after(async () => {
  await log.close();
  await server.stop();
});

/** Does something while another session has what this statement locks. */
const whileLocked = async (lock: string, work: () => Promise<void>): Promise<void> => {
  const locker = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await locker.begin(async (held) => {
      await held.unsafe(lock);
      await work();
    });
  } finally {
    await locker.end();
  }
};

describe("what another session has locked", { timeout: 600_000 }, () => {
  test("is not leased, though it has lapsed, and the rest is", async () => {
    const keys = ["1", "2", "3"].map((key) => ({ organization: "acme", kind: "number", key }));
    await openLeases(log.database).take(keys, 600_000);
    await log.database.query("update ledgerline.lease set until = to_timestamp(0)", []);
    const lock = "select from ledgerline.lease where key = '2' for update";
    await whileLocked(lock, async () => {
      const given = await openLeases(log.database).take(keys, 600_000);
      assert.deepEqual(given.map(({ key }) => key).toSorted(), ["1", "3"]);
    });
  });

  test("stays where buckets are forgotten, and the rest does not", async () => {
    await log.database.query(
      `insert into ledgerline.rate (key, capacity, granted, tokens, at)
      select key, 1, 0, 1, to_timestamp(0) from unnest(array['a', 'b', 'c']) key`,
      [],
    );
    const lock = "select from ledgerline.rate where key = 'b' for update";
    await whileLocked(lock, async () => {
      await sweep(log.database);
      const left = await log.database.query("select key from ledgerline.rate", []);
      assert.deepEqual(left.map(({ key }) => key), ["b"]);
    });
  });
});
