import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as runner from "node:test";
import { openSandboxCarrier } from "../../../adapters/carrier/sandbox/carrier.ts";
import { openSqlOrderBook } from "../../../adapters/carrier/sandbox/sql.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { SANDBOX_OPTIONS, sandboxSubject } from "./sandbox.ts";
import { carrierContract } from "../../harness/contract/carrier.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();

carrierContract(runner, "sandbox, orders in SQL", async () => {
  const clock = openTestClock(0);
  const orders = await openSqlOrderBook(database());
  return sandboxSubject(openSandboxCarrier({ orders, clock }), clock);
}, SANDBOX_OPTIONS);

describe("sandbox orders in SQL", () => {
  const order = {
    e164: "+12125550101",
    connectionId: null,
    orderedAt: 1,
    machineOrderedAt: 2,
  } as const;

  it("are there again when the book is opened again", async () => {
    const taken = await (await openSqlOrderBook(database())).take("od_again", order);
    const book = await openSqlOrderBook(database());
    assert.ok(taken !== null);
    assert.deepEqual(await book.last("od_again"), taken);
    assert.deepEqual(await book.sold([order.e164, "+12125550198"]), new Set([order.e164]));
    assert.equal(await book.take("od_other", order), null);
  });

  it("keep count of failed releases when the book is opened between them", async () => {
    const e164 = "+12125550116";
    const taken = await (await openSqlOrderBook(database())).take("od_count", { ...order, e164 });
    assert.ok(taken !== null);
    const outcomes: string[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      outcomes.push(await (await openSqlOrderBook(database())).release(taken, 2));
    }
    assert.deepEqual(outcomes, ["failed", "failed", "released", "gone"]);
  });

  it("are asked of the database in one statement a call", async () => {
    let statements = 0;
    const counted: Database = {
      query: (sql, parameters) => {
        statements++;
        return database().query(sql, parameters);
      },
    };
    const orders = await openSqlOrderBook(counted);
    const carrier = openSandboxCarrier({ orders, clock: openTestClock(0) });
    const e164 = "+13125551234";
    const count = async (call: () => Promise<unknown>): Promise<number> => {
      const before = statements;
      await call();
      return statements - before;
    };
    assert.equal(statements, 1);
    const search = { country: "US", type: "local", areaCode: "312", limit: 100 } as const;
    const key = "od_one";
    assert.equal(await count(() => carrier.search(search)), 1);
    assert.equal(await count(() => carrier.quote(e164)), 1);
    assert.equal(await count(() => carrier.order({ key, e164, connectionId: null })), 1);
    assert.equal(await count(() => carrier.findOrder(key)), 1);
    assert.equal(
      await count(() => carrier.release({ carrierId: "sandbox_13125551234_1", e164 })),
      1,
    );
  });
});
