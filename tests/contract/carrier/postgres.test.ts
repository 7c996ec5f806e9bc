import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as runner from "node:test";
import { openSandboxCarrier } from "../../../adapters/carrier/sandbox/carrier.ts";
import { openSqlOrderBook } from "../../../adapters/carrier/sandbox/sql.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { openPool, type Pool } from "../../../adapters/log/postgres/connection.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { carrierContract } from "../../harness/contract/carrier.ts";
import { SANDBOX_OPTIONS, sandboxSubject } from "./sandbox.ts";

let server: PostgresServer | undefined;
let pool: Pool | undefined;

const thePool = (): Pool => pool ?? assert.fail("PostgreSQL did not start");

before(async () => {
  server = await startPostgres();
  pool = openPool({ url: await server.database() });
});
after(async () => {
  await pool?.close();
  await server?.stop();
});

describe("the sandbox's order book in PostgreSQL", () => {
  test("is opened by eight servers at the same time, where there is none yet", async () => {
    const order = { connectionId: null, orderedAt: 1, machineOrderedAt: 2 };
    const books = await Promise.all(Array.from({ length: 8 }, () => openSqlOrderBook(thePool())));
    const taken = await Promise.all(
      books.map((book, index) => book.take(`od_${index}`, { ...order, e164: "+12125550101" })),
    );
    assert.equal(taken.filter((sale) => sale !== null).length, 1);
  });

  test("is brought with its orders from where it was once made", async () => {
    const pool = openPool({ url: await server?.database() ?? assert.fail() });
    const order = { connectionId: null, orderedAt: 1, machineOrderedAt: 2 };
    const older = await openSqlOrderBook(pool);
    const sale = await older.take("od_1", { ...order, e164: "+12125550101" });
    await pool.query("alter table ledgerline.sandbox_order set schema public", []);
    const books = await Promise.all(Array.from({ length: 8 }, () => openSqlOrderBook(pool)));
    for (const book of books) assert.deepEqual(await book.sale("+12125550101"), sale);
    assert.equal((await books[0]?.take("od_2", { ...order, e164: "+12125550102" }))?.sequence, 2);
    await pool.close();
  });
});

carrierContract(runner, "sandbox, orders in PostgreSQL", async () => {
  const clock = openTestClock(0);
  const orders = await openSqlOrderBook(thePool());
  return sandboxSubject(openSandboxCarrier({ orders, clock }), clock);
}, SANDBOX_OPTIONS);
