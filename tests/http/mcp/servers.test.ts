/** One confirmation at several servers over one PostgreSQL, whose clients all send it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { openApplication } from "../../../adapters/runtimes/server/listening.ts";
import { readSettings } from "../../../adapters/runtimes/server/settings.ts";
import { openMcp } from "../../../http/mcp/mod.ts";
import { ADMIN_TOKEN, operatorOf, requester } from "../../support/app.ts";
import { CREDITS } from "../../support/plans.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { agentOf } from "./agent.ts";

let postgres: PostgresServer;
before(async () => {
  postgres = await startPostgres();
});
after(() => postgres.stop());

const open = async (url: string, limits: "on" | "off" = "off") => {
  const settings = readSettings({
    DATABASE_URL: url,
    ADMIN_TOKEN,
    RATE_LIMITS: limits,
    PURCHASE_WAIT_MS: "60000",
  });
  assert.ok(settings.ok);
  const plans = {
    Credits: CREDITS,
    Searchless: {
      ...CREDITS,
      name: "Searchless",
      limits: { ...CREDITS.limits, requestsPerMinute: 1_000, searchesPerMinute: 0 },
    },
  };
  const log = await openPostgresLog({ url });
  const { ledger, fetch } = await openApplication(log, settings.value, { plans, mcp: openMcp() });
  const asked = async (request: Request): Promise<Response> => await fetch(request);
  return { fetch: asked, request: requester(asked), close: () => ledger.close() };
};

test("a confirmation that comes to two servers together buys one number, and charges once", async () => {
  const url = await postgres.database();
  const servers = [await open(url), await open(url)] as const;
  const { admin, organization } = operatorOf(servers[0].request);
  const token = await organization("acme", "Credits");
  await admin("POST", "/admin/organizations/acme/credits", { amount: "100.00" });
  const agents = await Promise.all(
    [0, 1, 0, 1, 0, 1].map((place) => agentOf(servers[place as 0 | 1].fetch, token)),
  );
  const first = agents[0] ?? assert.fail();
  const numbers = ["+14155550101", "+14155550102", "+14155550103", "+14155550104"];
  for (const [turn, e164] of numbers.entries()) {
    const { confirmation } = await first.does("buy_number", { e164 });
    const answers = await Promise.all(
      agents.map((agent) => agent.does("buy_number", { e164, confirmation })),
    );
    assert.equal(new Set(answers.map(({ number }) => number.id)).size, 1);
    assert.ok(answers.every(({ bought, number }) => bought && number.status === "active"));
    // One dollar to set it up, and one for its first month.
    const { credits } = await admin("GET", "/admin/organizations/acme");
    assert.equal(credits, `${100 - 2 * (turn + 1)}.00`);
  }
  const held = await first.does("list_numbers");
  assert.deepEqual(held.numbers.map(({ e164 }: { e164: string }) => e164), numbers);
  const orders = await postgres.run(url, "select e164 from ledgerline.sandbox_order");
  assert.equal(orders.length, numbers.length);
  for (const { close } of servers) await close();
});

test("a plan without searches is told no price, however many servers ask the database", async () => {
  const url = await postgres.database();
  const servers = [await open(url, "on"), await open(url, "on")];
  const token = await operatorOf((servers[0] ?? assert.fail()).request)
    .organization("acme", "Searchless");
  for (const { fetch, request } of [...servers, ...servers]) {
    const agent = await agentOf(fetch, token);
    assert.deepEqual((await agent.does("list_numbers")).numbers, []);
    for (
      const [tool, input] of [
        ["search_numbers", { country: "US" }],
        ["buy_number", { e164: "+14155550101" }],
      ] as const
    ) assert.match(await agent.refused(tool, input), /in 60 seconds\. \(RATE_LIMITED\)$/);
    const search = { token, body: { country: "US" } };
    const { status, headers } = await request("POST", "/ledger/searches", search);
    assert.deepEqual([status, headers.get("retry-after")], [429, "60"]);
    assert.match(headers.get("ratelimit") ?? "", /"searches";r=0;t=\d+$/);
  }
  for (const { close } of servers) await close();
});
