/**
 * A worker whose database is away, or takes no writes: what one event detected, the next ones know.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ADMIN_TOKEN } from "../support/app.ts";
import { freePort } from "../support/port.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { startProxy } from "../support/proxy.ts";
import { startWorker, type TestWorker } from "../support/workerd.ts";
import { type Client, clientOf } from "./conformance/target.ts";
import { eventually } from "../support/eventually.ts";

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

const withWorker = async (
  url: string,
  use: (client: Client, worker: TestWorker) => Promise<void>,
): Promise<void> => {
  const worker = await startWorker({ variables: { ADMIN_TOKEN, DATABASE_URL: url } });
  try {
    await use(clientOf({ url: worker.url, adminToken: ADMIN_TOKEN }), worker);
  } finally {
    await worker.stop();
  }
};

/** What was logged of a database that is away: a line from each event that found it out. */
const linesOf = ({ logged }: TestWorker): readonly string[] =>
  logged().split("\n").filter((line) =>
    /the database cannot be reached|the connection to the database was lost|gave no answer/.test(
      line,
    )
  );

const EVENTS = 20;

const listNumbers = async ({ request }: Client, token: string): Promise<number> =>
  (await request("GET", "/v1/phone-numbers", { token })).status;

test(
  "a worker whose database is away says so immediately, once that is known",
  { timeout: 600_000 },
  async () => {
    const database = await server.database();
    const port = await freePort();
    const url = new URL(database);
    url.port = String(port);
    const proxy = await startProxy(database, port);
    await withWorker(url.href, async (client, worker) => {
      const token = await client.organization("acme");
      assert.equal(await listNumbers(client, token), 200);
      await proxy.stop();
      // The first callers wait, and try again, since it may be a failover.
      assert.equal(await listNumbers(client, token), 503);
      await eventually(() => Promise.resolve(linesOf(worker).length), (lines) => lines > 0);
      for (let event = 0; event < EVENTS; event++) {
        assert.equal(await listNumbers(client, token), 503);
      }
      assert.equal((await client.request("GET", "/readyz")).status, 503);
      const again = await startProxy(database, port);
      await eventually(() => listNumbers(client, token), (status) => status === 200);
      assert.equal((await client.request("GET", "/readyz")).status, 200);
      await again.stop();
    });
  },
);

describe("a worker whose database is read-only", { timeout: 600_000 }, () => {
  test("reads, says so at /readyz, and refuses writes immediately, once that is known", async () => {
    const database = await server.database();
    const name = new URL(database).pathname.slice(1);
    const proxy = await startProxy(database);
    await withWorker(proxy.url, async (client) => {
      const token = await client.organization("acme");
      await server.run(database, `alter database ${name} set default_transaction_read_only = on`);
      let sent = 0;
      proxy.decide((way) => {
        if (way === "to the server") sent += 1;
        return "arrives";
      });
      const write = async (): Promise<number> => {
        sent = 0;
        const change = { name: "Acme Corporation", plan: "Growth" };
        const asked = { token: ADMIN_TOKEN, body: change };
        const { status } = await client.request("PUT", "/admin/organizations/acme", asked);
        assert.equal(status, 503);
        return sent;
      };
      const first = await write();
      const second = await write();
      assert.ok(second * 2 < first, `${first} and then ${second} pieces were sent`);
      assert.equal(await listNumbers(client, token), 200);
      const ready = await client.request("GET", "/readyz");
      assert.deepEqual([ready.status, ready.json], [503, {
        status: "unavailable",
        database: "read-only",
      }]);
      await server.run(
        database,
        `set transaction read write; alter database ${name} reset default_transaction_read_only`,
      );
      await eventually(() => client.request("GET", "/readyz"), ({ status }) => status === 200);
      const change = { name: "Acme Corporation", plan: "Growth" };
      const asked = { token: ADMIN_TOKEN, body: change };
      assert.equal((await client.request("PUT", "/admin/organizations/acme", asked)).status, 200);
    });
    await proxy.stop();
  });
});
