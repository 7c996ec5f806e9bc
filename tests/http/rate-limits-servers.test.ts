/** Rate limits over several servers on one PostgreSQL. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import { openRates } from "../../adapters/runtimes/server/application.ts";
import { openApplication } from "../../adapters/runtimes/server/listening.ts";
import { readSettings } from "../../adapters/runtimes/server/settings.ts";
import { ADMIN_TOKEN, operatorOf, requester, type TestApp } from "../support/app.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";

let server: PostgresServer | undefined;
before(async () => {
  server = await startPostgres();
});
after(() => server?.stop());

/** A server's application on this database; `rates` where it is one of a worker's. */
const open = async (url: string, rates?: ReturnType<typeof openRates>) => {
  const settings = readSettings({ DATABASE_URL: url, ADMIN_TOKEN });
  assert.ok(settings.ok);
  const log = await openPostgresLog({ url });
  const { ledger, fetch } = await openApplication(log, settings.value, {
    runsAutomations: false,
    ...(rates !== undefined && { rates }),
  });
  return { request: requester(fetch), close: () => ledger.close() };
};

const SEARCH = "/v1/phone-numbers/available?areaCode=415";

const statusOf = async (request: TestApp["request"], token: string): Promise<number> =>
  (await request("GET", SEARCH, { token })).status;

test("two servers on one database share an organization's limit", async () => {
  const url = await server?.database() ?? assert.fail();
  const servers = [await open(url), await open(url)] as const;
  const token = await operatorOf(servers[0].request).organization("acme", "Free");
  const start = performance.now();
  const statuses = [];
  for (let count = 0; count < 30; count++) {
    statuses.push(await statusOf(servers[count % 2 === 0 ? 0 : 1].request, token));
  }
  const served = statuses.filter((status) => status === 200).length;
  const most = 20 + Math.ceil((performance.now() - start) * 20 / 60_000);
  assert.ok(served >= 20 && served <= most, `${served} of ${most}`);
  for (const { close } of servers) await close();
});

test("a worker's events, which do not share connections, share it too", async () => {
  const url = await server?.database() ?? assert.fail();
  const rates = openRates();
  const first = await open(url, rates);
  const token = await operatorOf(first.request).organization("acme", "Free");
  await first.close();
  const start = performance.now();
  let served = 0;
  for (let count = 0; count < 25; count++) {
    const event = await open(url, rates);
    if (await statusOf(event.request, token) === 200) served += 1;
    await event.close();
  }
  const most = 20 + Math.ceil((performance.now() - start) * 20 / 60_000);
  assert.ok(served >= 20 && served <= most, `${served} of ${most}`);
});
