/** A server that is killed while an agent's confirmed purchase is under way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { agentOf } from "../http/mcp/agent.ts";
import { until } from "../support/eventually.ts";
import { postgresOfServers } from "../support/postgres-of-servers.ts";
import { startServer, type TestServer } from "../support/server.ts";

const postgres = postgresOfServers();

const CREDITS = JSON.stringify({
  Credits: {
    maxNumbers: 10,
    billing: "credits",
    verification: "none",
    limits: {
      imports: 1,
      purchasesPerDay: 10,
      purchasesPer30Days: 10,
      highestSetup: "5",
      highestMonthly: "5",
      requestsPerMinute: 100,
      searchesPerMinute: 100,
    },
  },
});

const agentAt = ({ url }: TestServer, token: string) =>
  agentOf((request) => {
    const { pathname } = new URL(request.url);
    return fetch(new Request(new URL(pathname, url), request));
  }, token);

/** What is in the database once the purchase has come so far. */
const MOMENTS: Readonly<Record<string, string>> = {
  "is in the log": "select 1 from ledgerline.event where type = 'PurchaseRequested'",
  "is ordered": "select 1 from ledgerline.sandbox_order",
};

/** Kills the server as soon as this is in the database, and asks the next one. */
const buyThroughDeath = async (sign: string): Promise<void> => {
  const DATABASE_URL = await postgres().database();
  const start = () =>
    startServer({ environment: { DATABASE_URL, PLANS: CREDITS, PURCHASE_WAIT_MS: "60000" } });
  const first = await start();
  const token = await first.organization("acme", "Credits");
  await first.admin("POST", "/admin/organizations/acme/credits", { amount: "100.00" });
  const agent = await agentAt(first, token);
  // Confirmed by the carrier three seconds after it was ordered.
  const e164 = "+14155550113";
  const { confirmation } = await agent.does("buy_number", { e164 });
  const asked = Promise.allSettled([agent.does("buy_number", { e164, confirmation })]);
  await until(async () => (await postgres().run(DATABASE_URL, sign)).length === 1);
  await first.kill("SIGKILL");
  await asked;
  const next = await start();
  const again = await agentAt(next, token);
  const both = await Promise.all(
    [0, 1].map(() => again.does("buy_number", { e164, confirmation })),
  );
  const ids = both.map(({ bought, number }) => [bought, number.status, number.id]);
  const { numbers } = await again.does("list_numbers");
  assert.deepEqual(ids, [0, 1].map(() => [true, "active", numbers[0].id]));
  assert.equal(numbers.length, 1);
  const orders = await postgres().run(DATABASE_URL, "select 1 from ledgerline.sandbox_order");
  assert.equal(orders.length, 1);
  assert.equal((await next.admin("GET", "/admin/organizations/acme")).credits, "98.00");
  await next.kill("SIGTERM");
};

for (const [moment, sign] of Object.entries(MOMENTS)) {
  test(
    `a confirmation buys once where the server dies as the purchase ${moment}`,
    () => buyThroughDeath(sign),
  );
}
