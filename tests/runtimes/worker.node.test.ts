/** The worker where something is missing, wrong or gone, and what it does after its answers. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ADMIN_TOKEN } from "../support/app.ts";
import { freePort } from "../support/port.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { startProxy } from "../support/proxy.ts";
import { startWorker, type TestWorker, type WorkerInput } from "../support/workerd.ts";
import { type Client, clientOf, until } from "./conformance/target.ts";

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
  await until(() => Promise.resolve(logged()), (text) => words.test(text));
  assert.ok(!logged().includes(PASSWORD), logged());
};

const withPassword = (url: string): string => {
  const changed = new URL(url);
  changed.password = PASSWORD;
  return changed.href;
};

describe("a worker that is not set up", { timeout: 120_000 }, () => {
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

describe("a worker whose database cannot be reached", { timeout: 120_000 }, () => {
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

describe("a worker", { timeout: 120_000 }, () => {
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
      // Nobody but the trigger looks: the requests do so once an hour.
      await until(async () => {
        await worker.tick();
        return await isPending();
      }, (pending) => !pending);
      const connections = () =>
        server().run(
          url,
          `select pid from pg_stat_activity
           where datname = current_database() and application_name = 'ledgerline'`,
        );
      await until(connections, ({ length }) => length === 0);
      assert.equal(worker.logged(), "");
    });
  });
});
