/**
 * The sandbox's order book in the same PostgreSQL as the log, whose connections are ended again and
 * again.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openSqlOrderBook } from "../../adapters/carrier/sandbox/sql.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import { openTestApp } from "../support/app.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { until } from "../support/eventually.ts";

const AT = "2026-01-31T10:00:00Z";
const PURCHASES = 16;
const AT_ONCE = 4;
/** How many answers there are between two ends. */
const BETWEEN = 3;

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

const TERMINATE = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'ledgerline'`;

describe(
  "purchases during which connections to the database are ended",
  { timeout: 600_000 },
  () => {
    test("are made, go on, or are answered 503: never 500, and nothing is the carrier's error", async () => {
      const url = await server.database();
      const log = await openPostgresLog({ url });
      const orders = await openSqlOrderBook(log.database);
      const carrier = openSandboxCarrier({ orders, clock: openTestClock(Date.parse(AT)) });
      const app = openTestApp({ at: AT, log, carrier, recoveryMs: 200 });
      const token = await app.organization("acme", "Scale");
      const statuses: number[] = [];
      let [taken, ended, isOver] = [0, 0, false];
      const buy = async (): Promise<void> => {
        for (let turn = taken++; turn < PURCHASES; turn = taken++) {
          const body = { filters: { countryCode: "US", numberType: "local", limit: 20 } };
          const found = await app.request("POST", "/api/phone-numbers/search", { token, body });
          statuses.push(found.status);
          const offered = found.json.numbers?.[turn % 20]?.phoneNumber;
          if (offered === undefined) continue;
          const bought = await app.request("POST", "/api/phone-numbers/purchase", {
            token,
            body: { phoneNumber: offered, teamId: "acme" },
          });
          statuses.push(bought.status);
        }
      };
      // Some get through in between, on a machine however slow.
      const untilMore = (before: number): Promise<void> =>
        until(() => isOver || statuses.length >= before + BETWEEN);
      const ending = (async () => {
        while (!isOver) {
          ended += (await server.run(url, TERMINATE)).length;
          await untilMore(statuses.length);
        }
      })();
      await Promise.all(Array.from({ length: AT_ONCE }, buy)).finally(() => {
        isOver = true;
      });
      await ending;
      await app.close();
      assert.ok(ended > 0);
      const unexpected = statuses.filter((status) =>
        ![200, 202, 403, 409, 429, 503].includes(status)
      );
      assert.deepEqual(unexpected, []);
      assert.ok(statuses.includes(200));
    });
  },
);
