/** Ledgers of two servers on one PostgreSQL: they share the automatic work. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openSqlOrderBook } from "../../adapters/carrier/sandbox/sql.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { LedgerOptions } from "../../adapters/ledger/mod.ts";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import type { Carrier, Charge } from "../../core/ports/mod.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import { openTestApp, type TestApp } from "../support/app.ts";
import { gate } from "../support/gate.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";

const START = Date.parse("2026-01-31T10:00:00Z");

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

type Make = (carrier: Carrier) => Partial<LedgerOptions>;

/** Two servers with one clock, which do only what they are asked to. */
const openTwo = async (make: Make) => {
  const url = await server.database();
  const clock = openTestClock(START);
  const open = async (): Promise<TestApp> => {
    const log = await openPostgresLog({ url });
    const carrier = openSandboxCarrier({ orders: await openSqlOrderBook(log.database), clock });
    return openTestApp({
      log,
      carrier,
      clock,
      setClock: clock.set,
      runsAutomations: false,
      waitMs: 60_000,
      ...make(carrier),
    });
  };
  return { clock, apps: [await open(), await open()] as const };
};

const TEAMS = 20;
const NUMBERS = 10;

describe("two servers", { timeout: 600_000 }, () => {
  test(`share ${TEAMS * NUMBERS} renewals, and each is charged by one of them`, async () => {
    const charged: Charge[][] = [];
    const { clock, apps } = await openTwo(() => {
      const mine: Charge[] = [];
      charged.push(mine);
      const charge = (asked: Charge): Promise<"paid"> => {
        mine.push(asked);
        return Promise.resolve("paid");
      };
      return { payments: { charge, refund: () => Promise.resolve("refunded") } };
    });
    const [one] = apps;
    for (let team = 0; team < TEAMS; team += 1) {
      const token = await one.organization(`team-${team}`, "Scale");
      await Promise.all(Array.from({ length: NUMBERS }, async (_, index) => {
        const e164 = `+1212555${2000 + NUMBERS * team + index}`;
        const body = { e164 };
        assert.equal((await one.request("POST", "/v1/phone-numbers", { token, body })).status, 200);
      }));
    }
    for (const mine of charged) mine.splice(0);
    clock.set(START + 29 * DAY_MS);
    const done = await Promise.all(apps.map(({ ledger }) => ledger.work.run()));
    assert.equal(done.reduce((sum, each) => sum + each), TEAMS * NUMBERS, done.join(" + "));
    for (const mine of charged) assert.ok(mine.length > 0);
    const keys = charged.flat().map(({ key }) => key);
    assert.equal(keys.length, TEAMS * NUMBERS);
    assert.equal(new Set(keys).size, TEAMS * NUMBERS);
    await Promise.all(apps.map((app) => app.close()));
  });

  test("reconcile one after the other", async () => {
    const asked = gate();
    const answered = gate();
    const { apps: [one, other] } = await openTwo((carrier) => ({
      carrier: {
        ...carrier,
        inventory: async (after) => {
          asked.open();
          await answered.opened;
          return await carrier.inventory(after);
        },
      },
    }));
    const first = one.ledger.reconciliation.run();
    await asked.opened;
    const refused = await other.ledger.reconciliation.run();
    assert.equal(!refused.ok && refused.error.code, "RECONCILIATION_RUNNING");
    answered.open();
    assert.equal((await first).ok, true);
    assert.equal((await other.ledger.reconciliation.run()).ok, true);
    await Promise.all([one.close(), other.close()]);
  });
});
