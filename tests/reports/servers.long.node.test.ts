/** Public reports about servers that end, share a database, or lose it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SIP } from "../support/app.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { startProxy } from "../support/proxy.ts";
import { newFolder, removeServers, startServer } from "../support/server.ts";
import { eventually } from "../support/eventually.ts";

const NUMBER = "+14155550101";
/** The carrier takes its order, and confirms it three seconds later. */
const SLOW = "+14155550113";

let postgres: PostgresServer | undefined;

const database = (): Promise<string> => {
  if (postgres === undefined) throw new Error("PostgreSQL did not start");
  return postgres.database();
};

before(async () => {
  postgres = await startPostgres();
});
after(async () => {
  await removeServers();
  await postgres?.stop();
});

// https://github.com/vellum-ai/vellum-assistant/issues/6792
test("a server that is killed after the carrier took an order lists the number when it is started again", async () => {
  const folder = newFolder();
  const environment = { PURCHASE_WAIT_MS: "500" };
  const first = await startServer({ folder, environment });
  const token = await first.organization("acme");
  const body = { phoneNumber: SLOW, teamId: "acme" };
  const bought = await first.request("POST", "/api/phone-numbers/purchase", { token, body });
  assert.equal(bought.status, 202);
  await first.kill("SIGKILL");
  const second = await startServer({ folder, environment });
  const list = async () =>
    (await second.request("GET", "/api/phone-numbers/purchase?teamId=acme", { token })).json
      .numbers;
  const [listed] = await list();
  assert.deepEqual([listed?.id, listed?.phone_number], [bought.json.phoneNumber.id, SLOW]);
  await eventually(list, ([number]) => number?.status === "active");
});

// https://github.com/hushh-labs/hushh-research/issues/6044
test("a server and another on its database give a number that one buys and the other imports to one holder", async () => {
  const url = await database();
  const start = () => startServer({ environment: { DATABASE_URL: url } });
  const [one, other] = await Promise.all([start(), start()]);
  const tokens = {
    acme: await one.organization("acme"),
    umbrella: await one.organization("umbrella"),
  };
  for (let last = 0; last < 8; last++) {
    const e164 = `+1415555013${last}`;
    const imported = { e164, sipConnectionInstallationId: SIP.id };
    await Promise.all([
      one.request("POST", "/v1/phone-numbers", { token: tokens.acme, body: { e164 } }),
      other.request("POST", "/v1/phone-numbers/import", {
        token: tokens.umbrella,
        body: imported,
      }),
    ]);
    const holders: string[] = [];
    for (const [name, token] of Object.entries(tokens)) {
      const { json } = await other.request("GET", "/v1/phone-numbers", { token });
      if (json.some((number: { e164: string }) => number.e164 === e164)) holders.push(name);
    }
    assert.deepEqual(holders, ["acme"], e164);
  }
});

// https://github.com/juspay/clairvoyance/issues/897
test("a server whose database is cut before it orders answers 503, and nothing is ordered", async () => {
  const proxy = await startProxy(await database());
  const server = await startServer({ environment: { DATABASE_URL: proxy.url } });
  const token = await server.organization("acme");
  const buy = () => server.request("POST", "/v1/phone-numbers", { token, body: { e164: NUMBER } });
  proxy.close();
  const { status, headers } = await buy();
  assert.equal(status, 503);
  assert.match(headers.get("retry-after") ?? "", /^\d+$/);
  proxy.open();
  await eventually(() => server.request("GET", "/readyz"), (ready) => ready.status === 200);
  const { json } = await server.request("GET", "/v1/phone-numbers", { token });
  assert.deepEqual(json, []);
  assert.equal((await buy()).status, 200);
  await server.kill("SIGTERM");
  await proxy.stop();
});
