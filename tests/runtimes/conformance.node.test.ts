/** Every server on every runtime, over real HTTP: the same tests, and the same conversation. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ADMIN_TOKEN } from "../support/app.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { newFolder, removeServers, type ServerOptions, startServer } from "../support/server.ts";
import { startWorker } from "../support/workerd.ts";
import { START } from "./conformance/conversation.ts";
import { conform, ENVIRONMENT, type Started } from "./conformance/suite.ts";

let postgres: PostgresServer | undefined;

before(async () => {
  postgres = await startPostgres();
});
after(async () => {
  await removeServers();
  await postgres?.stop();
});

const newDatabase = async (): Promise<string> => {
  assert.ok(postgres !== undefined);
  return await postgres.database();
};

const variables = { ...ENVIRONMENT, TEST_CLOCK: START, ADMIN_TOKEN };

const startOn = async (
  options: Pick<ServerOptions, "runtime" | "module">,
  database: Readonly<Record<string, string>>,
): Promise<Started> => {
  const environment = { ...variables, ...database };
  const server = await startServer({ ...options, folder: newFolder(), environment });
  const { url } = server;
  return {
    url,
    adminToken: ADMIN_TOKEN,
    stop: async () => {
      assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
      assert.equal(server.printed().err, "");
    },
  };
};

const startOnWorkerd = async (): Promise<Started> => {
  const worker = await startWorker({
    variables: { ...variables, DATABASE_URL: await newDatabase() },
  });
  return {
    url: worker.url,
    adminToken: ADMIN_TOKEN,
    stop: async () => {
      await worker.stop();
      assert.equal(worker.logged(), "");
    },
  };
};

const NODE = { runtime: "node" } as const;
const DENO = { runtime: "deno" } as const;
const PROGRAM = { ...DENO, module: "tests/runtimes/deno/serve.ts" };

const onPostgres = async () => ({ DATABASE_URL: await newDatabase() });

const recordings = [
  conform("the server on Node, embedded", () => startOn(NODE, {})),
  conform("the server on Node, with PostgreSQL", async () => startOn(NODE, await onPostgres())),
  conform("the server on Deno, embedded", () => startOn(DENO, {})),
  conform("a program on Deno, with PostgreSQL", async () => startOn(PROGRAM, await onPostgres())),
  conform("the worker on workerd, with PostgreSQL", startOnWorkerd),
];

describe("all of them", () => {
  test("say the same", () => {
    const [first, ...others] = recordings.map(({ conversation }) => conversation?.lines);
    assert.ok(first !== undefined);
    for (const other of others) assert.deepEqual(other, first);
  });
});
