/** Servers that are killed while both close the same organization. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADMIN_TOKEN } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { postgresOfServers } from "../support/postgres-of-servers.ts";
import { startServer, type TestServer } from "../support/server.ts";

const postgres = postgresOfServers();

const NUMBERS = 40;
const ENOUGH = {
  maxNumbers: 1_000,
  billing: "subscription",
  verification: "none",
  limits: {
    imports: 1,
    purchasesPerDay: 1_000,
    purchasesPer30Days: 1_000,
    highestSetup: "5",
    highestMonthly: "5",
    requestsPerMinute: 1_000,
    searchesPerMinute: 100,
  },
};
const environment = { PLANS: JSON.stringify({ Enough: ENOUGH }), RECOVERY_MS: "50" };

/** Buys so many numbers; gives the token. */
const filled = async (server: TestServer, id: string, area: number, count: number) => {
  const token = await server.organization(id, "Enough");
  for (let place = 0; place < count; place += 1) {
    const body = { phoneNumber: `+1${area}${2_240_000 + place}`, teamId: id };
    const bought = await server.request("POST", "/api/phone-numbers/purchase", { token, body });
    assert.equal(bought.status, 200, JSON.stringify(bought.json));
  }
  return token;
};

/** Has a carrier that takes its time for a release, so that none of many is at its end too soon. */
const SLOWLY = [
  `create function ledgerline.slowly() returns trigger language plpgsql as $$
    begin perform pg_sleep(0.1); return new; end $$`,
  `create trigger slowly before update of release_attempts on ledgerline.sandbox_order
    for each row execute function ledgerline.slowly()`,
];

const SOLD = "select 1 from ledgerline.sandbox_order where sold like '+1201%'";
const RELEASED = `
  select data::jsonb ->> 'holding' as holding from ledgerline.event
  where organization = 'acme' and type = 'Released'`;

test("what two servers close is released once each, though both are killed in the middle", async () => {
  const DATABASE_URL = await postgres().database();
  const start = () => startServer({ environment: { ...environment, DATABASE_URL } });
  const rows = (sql: string) => postgres().run(DATABASE_URL, sql);
  const both = await Promise.all([start(), start()]);
  const token = await filled(both[0], "acme", 201, NUMBERS);
  const other = await filled(both[1], "bolt", 202, 2);
  for (const sql of SLOWLY) await rows(sql);
  const path = "/admin/organizations/acme";
  const asked = both.map(({ request }) => request("DELETE", path, { token: ADMIN_TOKEN }));
  const outcomes = Promise.allSettled(asked);
  await until(async () => (await rows(RELEASED)).length > 2);
  await Promise.all(both.map((server) => server.kill("SIGKILL")));
  await outcomes;
  assert.ok((await rows(SOLD)).length > 0, "all were released before the servers were killed");

  const next = await start();
  await until(async () => (await rows(SOLD)).length === 0);
  await until(async () => (await next.admin("GET", "/admin/work")).work.length === 0);
  const released = (await rows(RELEASED)).map(({ holding }) => holding);
  assert.deepEqual([released.length, new Set(released).size], [NUMBERS, NUMBERS]);
  const numbers = async (id: string) =>
    (await next.admin("GET", `/admin/numbers?organization=${id}`)).numbers.length;
  assert.deepEqual([await numbers("acme"), await numbers("bolt")], [0, 2]);
  const status = async (of: string) =>
    (await next.request("GET", "/ledger/numbers", { token: of })).status;
  assert.deepEqual([await status(token), await status(other)], [401, 200]);
  await next.kill("SIGTERM");
});
