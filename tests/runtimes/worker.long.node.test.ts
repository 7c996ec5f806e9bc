/** The worker where something is missing or wrong, and what it does after its answers. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { ADMIN_TOKEN } from "../support/app.ts";
import { freePort } from "../support/port.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { startProxy } from "../support/proxy.ts";
import { startWorker, type TestWorker, type WorkerInput } from "../support/workerd.ts";
import { type Client, clientOf } from "./conformance/target.ts";
import { eventually } from "../support/eventually.ts";

const PASSWORD = "0pen-sesame";
// The sandbox's magic line whose order stays pending for 3 s.
const SLOW = "+14155550113";
const AN_HOUR_MS = "3600000";
// Of the form that tokens have, so that it is looked up.
const NOBODYS = "tk_01m7z8rk8vgxyrk041xg0q15jr.QxLSuYcV_wADFJf0rHy1wSbbizqwD8ZtnpMzRJaUtKQ";

let postgres: PostgresServer | undefined;

before(async () => {
  postgres = await startPostgres();
});
after(async () => await postgres?.stop());

const server = (): PostgresServer => {
  assert.ok(postgres !== undefined);
  return postgres;
};

/** Does something with a worker that is then stopped; it has an admin token. */
const withWorker = async (
  { variables, ...others }: WorkerInput,
  use: (worker: TestWorker, client: Client) => Promise<void>,
): Promise<void> => {
  const worker = await startWorker({ variables: { ADMIN_TOKEN, ...variables }, ...others });
  try {
    await use(worker, clientOf({ url: worker.url, adminToken: ADMIN_TOKEN }));
  } finally {
    await worker.stop();
  }
};

const assertUnavailable = async ({ request }: Client): Promise<void> => {
  const { status, json, headers } = await request("GET", "/v1/phone-numbers", { token: NOBODYS });
  assert.equal(status, 503);
  assert.equal(json.code, "SERVICE_UNAVAILABLE");
  assert.equal(headers.get("retry-after"), "1");
  assert.equal((await request("GET", "/readyz")).status, 503);
  assert.equal((await request("GET", "/healthz")).status, 200);
};

/** Waits for a line of the log that has these words, and sees that no secret is in any. */
const assertLogged = async ({ logged }: TestWorker, words: RegExp): Promise<void> => {
  await eventually(() => Promise.resolve(logged()), (text) => words.test(text));
  assert.ok(!logged().includes(PASSWORD), logged());
};

const withPassword = (url: string): string => {
  const changed = new URL(url);
  changed.password = PASSWORD;
  return changed.href;
};

describe("a worker that is not set up", { timeout: 600_000 }, () => {
  test("answers 503 and names the setting", async () => {
    // A variable where there should be a binding.
    const variables = { HYPERDRIVE: withPassword("postgres://postgres@127.0.0.1/ledgerline") };
    await withWorker({ variables }, async (worker, client) => {
      await assertUnavailable(client);
      await assertLogged(worker, /"HYPERDRIVE: must be a Hyperdrive binding"/);
      await assert.rejects(worker.tick(), /exception/);
    });
  });

  test("answers 503 and says why, when the password is wrong", async () => {
    const variables = { DATABASE_URL: withPassword(await server().database()) };
    await withWorker({ variables }, async (worker, client) => {
      await assertUnavailable(client);
      await assertLogged(worker, /DATABASE_URL.*password authentication failed/);
      await assert.rejects(worker.tick(), /exception/);
    });
  });
});

describe("a worker whose database cannot be reached", { timeout: 600_000 }, () => {
  test("answers 503 meanwhile, and is well again without a deployment", async () => {
    const database = await server().database();
    const port = await freePort();
    const url = new URL(database);
    url.port = String(port);
    await withWorker({ variables: { DATABASE_URL: url.href } }, async (worker, client) => {
      await assertUnavailable(client);
      await assertLogged(worker, /DATABASE_URL.*cannot be reached/);
      const assertWell = async (): Promise<void> => {
        assert.equal((await client.request("GET", "/readyz")).status, 200);
        const token = await client.organization("acme");
        const numbers = await client.request("GET", "/v1/phone-numbers", { token });
        assert.deepEqual([numbers.status, numbers.json], [200, []]);
      };
      const proxy = await startProxy(database, port);
      await assertWell();
      await proxy.stop();
      await assertUnavailable(client);
      const again = await startProxy(database, port);
      await assertWell();
      await again.stop();
    });
  });
});

/** A port whose connections are counted, and closed. */
const countConnections = async () => {
  let count = 0;
  const listener = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  return { port, count: () => count, stop: () => listener.close() };
};

describe("a worker that strangers ask", { timeout: 600_000 }, () => {
  test("opens no connection for what it refuses without its ledger", async () => {
    const database = await countConnections();
    const DATABASE_URL = `postgres://u:p@127.0.0.1:${database.port}/x`;
    await withWorker({ variables: { DATABASE_URL } }, async (_, { request }) => {
      const asked: readonly (readonly [string, string, string | undefined, number])[] = [
        ["GET", "/", undefined, 404],
        ["GET", "/v1/nowhere", NOBODYS, 404],
        ["GET", "/%61dmin/organizations/acme", ADMIN_TOKEN, 404],
        ["PUT", "/v1/phone-numbers", NOBODYS, 405],
        ["GET", "/v1/phone-numbers", undefined, 401],
        ["GET", "/api/v1/phone-numbers", "tk_1.", 401],
        ["POST", "/v1/phone-numbers", "guess", 401],
        ["GET", "/admin/organizations/acme", `${ADMIN_TOKEN}s`, 401],
        ["POST", "/webhooks/telnyx", undefined, 503],
        ["GET", `/v1/phone-numbers?${"x".repeat(9_000)}`, NOBODYS, 414],
        ["GET", "/healthz", undefined, 200],
      ];
      for (const [method, path, token, expected] of asked) {
        const { status, headers } = await request(
          method,
          path,
          token === undefined ? {} : { token },
        );
        assert.equal(status, expected, path);
        assert.equal(headers.get("x-content-type-options"), "nosniff");
        assert.ok(headers.has("x-request-id"));
      }
      assert.equal(database.count(), 0);
      assert.equal((await request("GET", "/v1/phone-numbers", { token: NOBODYS })).status, 503);
      assert.ok(database.count() > 0, "so that this test can fail");
    });
    database.stop();
  });

  test("holds no connection while bodies arrive, and answers others meanwhile", async () => {
    const url = await server().database();
    await withWorker({ variables: { DATABASE_URL: url } }, async (worker, client) => {
      const token = await client.organization("acme", "Free");
      const { hostname, port } = new URL(worker.url);
      const half =
        `POST /v1/phone-numbers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
      const sockets = Array.from({ length: 25 }, () => {
        const socket = connect(Number(port), hostname);
        socket.on("error", () => {}).write(half);
        return socket;
      });
      await Promise.all(sockets.map((socket) => once(socket, "connect")));
      const ours = `select pid from pg_stat_activity
        where datname = current_database() and application_name = 'ledgerline'`;
      for (let round = 0; round < 5; round++) {
        const { status } = await client.request("GET", "/v1/phone-numbers", { token });
        assert.equal(status, 200);
        await eventually(() => server().run(url, ours), ({ length }) => length === 0);
      }
      assert.ok(sockets.every(({ destroyed }) => !destroyed), "the bodies are still awaited");
      for (const socket of sockets) socket.destroy();
    });
  });

  test("has no port for /admin, and says so", async () => {
    const variables = { DATABASE_URL: await server().database(), ADMIN_PORT: "9000" };
    await withWorker({ variables }, async (worker, client) => {
      await assertUnavailable(client);
      await assertLogged(worker, /"ADMIN_PORT: must not be set/);
    });
  });
});

describe("a worker", { timeout: 600_000 }, () => {
  test("takes the database of a Hyperdrive binding rather than DATABASE_URL", async () => {
    const hyperdrive = await server().database();
    const variables = { DATABASE_URL: "postgres://nobody@127.0.0.1:1/nowhere" };
    await withWorker({ variables, hyperdrive }, async (worker, client) => {
      await client.organization("acme");
      const ours = "select type from ledgerline.event where organization = 'acme'";
      assert.ok((await server().run(hyperdrive, ours)).length > 0);
      assert.equal(worker.logged(), "");
    });
  });

  test("sells by the plans that it was made with", async () => {
    const variables = { DATABASE_URL: await server().database() };
    await withWorker({ variables, main: "plans.ts" }, async (worker, client) => {
      const token = await client.organization("acme", "Starter");
      const buy = async (e164: string) =>
        (await client.request("POST", "/v1/phone-numbers", { token, body: { e164 } })).status;
      assert.deepEqual([await buy("+14155550101"), await buy("+14155550102")], [200, 403]);
      assert.equal(worker.logged(), "");
    });
  });

  test("does at its cron trigger what is due, and lets go of its connections", async () => {
    const url = await server().database();
    const variables = { DATABASE_URL: url, PURCHASE_WAIT_MS: "0", RECOVERY_MS: AN_HOUR_MS };
    await withWorker({ variables }, async (worker, client) => {
      const token = await client.organization("acme");
      const body = { e164: SLOW };
      await client.request("POST", "/v1/phone-numbers", { token, body });
      const { request } = client;
      const isPending = async (): Promise<boolean> => {
        const { json: [number] } = await request("GET", "/v1/phone-numbers", { token });
        return number.setupStatus.issues.includes("PURCHASE_PENDING");
      };
      assert.ok(await isPending());
      // Only the trigger looks for work: the requests do so once an hour.
      await eventually(async () => {
        await worker.tick();
        return await isPending();
      }, (pending) => !pending);
      const connections = () =>
        server().run(
          url,
          `select pid from pg_stat_activity
           where datname = current_database() and application_name = 'ledgerline'`,
        );
      await eventually(connections, ({ length }) => length === 0);
      assert.equal(worker.logged(), "");
    });
  });
});
