/**
 * What unknown clients and callers cost a worker, each of whose requests has its own connection: a
 * bounded number at the same time, however many requests come. Connections are counted on their way
 * to PostgreSQL.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { openTestClock } from "../../adapters/clock/test.ts";
import { ADMIN_TOKEN } from "../support/app.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { type Proxy, startProxy } from "../support/proxy.ts";
import { openTelnyx } from "../harness/emulators/telnyx/mod.ts";
import { startWorker, type TestWorker } from "../support/workerd.ts";
import { type Client, clientOf } from "../runtimes/conformance/target.ts";
import { eventually } from "../support/eventually.ts";

const LIST = "/v1/phone-numbers";
const AT_ONCE = 60;
/**
 * How many requests an isolate serves for unknown clients, for one organization, and for all
 * callers.
 */
const STRANGERS = 4;
const EACH = 12;
const CALLERS = 16;
const READINESS = 1;
/** Connections that are closed already, of which the proxy does not know yet. */
const CLOSING = 4;

const { webhooks: { publicKey, sign } } = await openTelnyx({ clock: openTestClock(Date.now()) });

let postgres: PostgresServer;
let proxy: Proxy;
let worker: TestWorker;
let client: Client;
let token: string;

before(async () => {
  postgres = await startPostgres();
  proxy = await startProxy(await postgres.database());
  // RECOVERY_MS: so that no request finds that it is time to look for work.
  const variables = {
    ADMIN_TOKEN,
    DATABASE_URL: proxy.url,
    RECOVERY_MS: "3600000",
    TELNYX_PUBLIC_KEY: publicKey,
  };
  worker = await startWorker({ variables });
  client = clientOf({ url: worker.url, adminToken: ADMIN_TOKEN });
  token = await client.organization("acme");
  await statusesOf(1, () => list(token));
}, { timeout: 600_000 });
after(async () => {
  await worker?.stop();
  await proxy?.stop();
  await postgres?.stop();
});

/** A token of the right form, which was never issued. */
let drawn = 0;
const stranger = (): string => `tk_01m7z8rk8vgxyrk041x${drawn++}.QxLSuYcV_wADFJf0rHy1wSbbizqwD8Z`;

const list = (ofToken: string) => client.request("GET", LIST, { token: ofToken });

/** How often each status is answered to this many concurrent requests. */
const statusesOf = async (
  times: number,
  ask: () => Promise<{ readonly status: number }>,
): Promise<Readonly<Record<number, number>>> => {
  const counts: Record<number, number> = {};
  for (const { status } of await Promise.all(Array.from({ length: times }, ask))) {
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
};

const mostWas = (bound: number, what: string): void => {
  const most = proxy.most();
  assert.ok(most <= bound + CLOSING, `${most} concurrent connections for ${what}`);
};

/**
 * This many clients repeat a request until the returned function is called, which waits for them to
 * end.
 */
const flood = (
  clients: number,
  ask: () => Promise<{ readonly status: number }>,
): () => Promise<Set<number>> => {
  let isOver = false;
  const seen = new Set<number>();
  const all = Array.from({ length: clients }, async () => {
    while (!isOver) seen.add((await ask()).status);
  });
  return async () => {
    isOver = true;
    await Promise.all(all);
    return seen;
  };
};

beforeEach(async () => {
  const sessions = `select pid from pg_stat_activity
    where datname = current_database() and application_name = 'ledgerline'`;
  const url = new URL(proxy.url);
  await eventually(() => postgres.run(url.href, sessions), ({ length }) => length === 0);
  proxy.recount();
});

describe("unknown clients of a worker", { timeout: 600_000 }, () => {
  test("whether it is ready is checked once for all requests", async () => {
    const made = proxy.made();
    assert.deepEqual(
      await statusesOf(AT_ONCE, () => client.request("GET", "/readyz")),
      { 200: AT_ONCE },
    );
    mostWas(READINESS, "/readyz");
    assert.ok(proxy.made() > made, "so that this test can fail");
  });

  test("unknown tokens are looked up four at a time, and all are refused", async () => {
    const made = proxy.made();
    assert.deepEqual(await statusesOf(AT_ONCE, () => list(stranger())), { 401: AT_ONCE });
    mostWas(STRANGERS, "tokens that were never issued");
    assert.ok(proxy.made() >= made + AT_ONCE, "each was looked up");
  });

  test("a refused token costs no second look-up, with a body or without", async () => {
    const ours = stranger();
    const before = proxy.made();
    assert.equal((await list(ours)).status, 401);
    const made = proxy.made();
    assert.equal(made, before + 1);
    assert.deepEqual(await statusesOf(AT_ONCE, () => list(ours)), { 401: AT_ONCE });
    const body = { e164: "+14155550101", padding: "x".repeat(70_000) };
    assert.deepEqual(
      await statusesOf(20, () => client.request("POST", LIST, { token: ours, body })),
      { 401: 20 },
    );
    assert.equal(proxy.made(), made);
  });

  test("a webhook of the carrier's costs a connection once, however often it is sent again", async () => {
    const payload = { customer_reference: "an-order", status: "success" };
    const body = JSON.stringify({ data: { event_type: "number_order.complete", payload } });
    const headers = await sign(body, Date.now());
    const post = () => client.request("POST", "/webhooks/telnyx", { body, headers });
    const made = proxy.made();
    assert.equal((await post()).status, 200);
    assert.equal(proxy.made(), made + 1);
    assert.deepEqual(await statusesOf(AT_ONCE, post), { 200: AT_ONCE });
    assert.equal(proxy.made(), made + 1);
  });

  test("one token that was never issued is looked up four times when many send it concurrently", async () => {
    const ours = stranger();
    const made = proxy.made();
    assert.deepEqual(await statusesOf(AT_ONCE, () => list(ours)), { 401: AT_ONCE });
    assert.ok(proxy.made() - made <= STRANGERS, `${proxy.made() - made} connections`);
  });
});

describe("callers of a worker", { timeout: 600_000 }, () => {
  test("are answered while unknown clients flood it, and all together have a bound", async () => {
    const others = await client.organization("globex");
    const first = { acme: await list(token), globex: await list(others) };
    assert.deepEqual([first.acme.status, first.globex.status], [200, 200]);
    proxy.recount();
    const endings = [
      flood(30, () => list(stranger())),
      flood(30, () => client.request("GET", "/readyz")),
      flood(30, () => client.request("GET", LIST, { token: others })),
    ];
    const answers: number[] = [];
    for (let count = 0; count < 8; count++) answers.push((await list(token)).status);
    const [strangers, ready, globex] = await Promise.all(endings.map((end) => end()));
    assert.deepEqual(new Set(answers), new Set([200]));
    assert.deepEqual(ready, new Set([200]));
    // Both request more than their share, and may have to retry.
    for (const status of globex ?? []) assert.ok(status === 200 || status === 503);
    for (const status of strangers ?? []) assert.ok(status === 401 || status === 503);
    mostWas(CALLERS + STRANGERS + READINESS, "everybody");
  });

  test("do not get all of its connections, where they are of one organization", async () => {
    assert.deepEqual(await statusesOf(AT_ONCE, () => list(token)), { 200: AT_ONCE });
    mostWas(EACH, "one organization");
  });

  test("are served at their token's first use while unknown clients come, and refused once it is revoked", async () => {
    const end = flood(40, () => list(stranger()));
    const fresh = await client.organization("initech");
    assert.equal((await list(fresh)).status, 200);
    assert.equal((await list(fresh)).status, 200);
    const [id] = fresh.split(".");
    await client.admin("DELETE", `/admin/tokens/${id}`);
    assert.equal((await list(fresh)).status, 401);
    await end();
  });

  test("free their places where they disconnect before their answer", async () => {
    for (let count = 0; count < AT_ONCE; count++) {
      const gone = new AbortController();
      const asked = fetch(new URL(LIST, worker.url), {
        headers: { authorization: `Bearer ${count % 2 === 0 ? token : stranger()}` },
        signal: gone.signal,
      });
      setTimeout(() => gone.abort(), 5);
      await asked.then((answer) => answer.body?.cancel(), () => null);
    }
    assert.deepEqual(await statusesOf(AT_ONCE, () => list(token)), { 200: AT_ONCE });
    assert.deepEqual(await statusesOf(AT_ONCE, () => list(stranger())), { 401: AT_ONCE });
    mostWas(CALLERS + STRANGERS, "those who went away and those who came after them");
  });
});
