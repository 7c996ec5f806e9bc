/** Servers that share a PostgreSQL. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { startProxy } from "../support/proxy.ts";
import {
  newFolder,
  removeServers,
  startProcess,
  startServer,
  type TestServer,
} from "../support/server.ts";

const execute = promisify(execFile);

let postgres: PostgresServer;

const startOn = (url: string, environment: Readonly<Record<string, string>> = {}) =>
  startServer({ environment: { DATABASE_URL: url, ...environment } });

type Answer = Awaited<ReturnType<TestServer["request"]>>;

const buy = (server: TestServer, token: string, e164: string): Promise<Answer> =>
  server.request("POST", "/v1/phone-numbers", { token, body: { e164 } });

const countOf = (answers: readonly Answer[], wanted: number): number =>
  answers.filter(({ status }) => status === wanted).length;

const numbersOf = async (server: TestServer, token: string): Promise<readonly string[]> => {
  const { json } = await server.request("GET", "/v1/phone-numbers", { token });
  return json.map(({ e164 }: { e164: string }) => e164);
};

before(async () => {
  postgres = await startPostgres();
});
after(async () => {
  await removeServers();
  await postgres.stop();
});

describe("two servers on one PostgreSQL", { timeout: 600_000 }, () => {
  let servers: readonly [TestServer, TestServer];
  let url = "";

  before(async () => {
    url = await postgres.database();
    // At the same time, so that both find an empty database.
    servers = await Promise.all([startOn(url), startOn(url)]);
  });

  const atBoth = <Value>(count: number, make: (server: TestServer, index: number) => Value) =>
    Array.from({ length: count }, (_, index) => make(servers[index % 2] ?? servers[0], index));

  test("sell a number to one of forty concurrent buyers", async () => {
    const [one] = servers;
    const tokens = await Promise.all(
      Array.from({ length: 8 }, (_, index) => one.organization(`team-${index}`, "Scale")),
    );
    const e164 = "+14155550101";
    const answers = await Promise.all(
      atBoth(40, (server, index) => buy(server, tokens[index % 8] ?? "", e164)),
    );
    assert.equal(countOf(answers, 200), 1, JSON.stringify(answers.map(({ status }) => status)));
    const held = await Promise.all(tokens.map((token) => numbersOf(servers[1], token)));
    assert.deepEqual(held.flat(), [e164]);
  });

  test("sell ten of thirty numbers bought concurrently on a plan of ten", async () => {
    const token = await servers[0].organization("growing", "Growth");
    const answers = await Promise.all(
      atBoth(30, (server, index) => buy(server, token, `+1212555${1000 + index}`)),
    );
    const statuses = JSON.stringify(answers.map(({ status }) => status));
    assert.equal(countOf(answers, 200), 10, statuses);
    for (const server of servers) assert.equal((await numbersOf(server, token)).length, 10);
  });

  test("leave the command line beside them", async () => {
    const [one] = servers;
    const token = await one.organization("beside", "Growth");
    assert.equal((await buy(one, token, "+13125551234")).status, 200);
    const line = (...words: readonly string[]) =>
      execute("node", ["--import", "tsx", "adapters/cli/main.ts", ...words], {
        env: { PATH: process.env["PATH"], DATABASE_URL: url },
      });
    assert.match((await line("heads")).stdout, /^beside \d+ [0-9a-f]{64}$/m);
    assert.match((await line("export", "beside")).stdout, /"type":"NumberPurchased"/);
    await line("rebuild", "beside");
    assert.deepEqual(await numbersOf(one, token), ["+13125551234"]);
  });
});

describe("a server that dies", { timeout: 600_000 }, () => {
  test("leaves its purchase to another, who finishes it when the lease is over", async () => {
    const url = await postgres.database();
    const environment = { PURCHASE_WAIT_MS: "60000", LEASE_MS: "4000", RECOVERY_MS: "100" };
    const [dying, other] = await Promise.all([
      startOn(url, environment),
      startOn(url, environment),
    ]);
    const token = await dying.organization("heirs", "Growth");
    const status = async (): Promise<string | undefined> => {
      const path = "/api/phone-numbers/purchase?teamId=heirs";
      const { json } = await other.request("GET", path, { token });
      return json.numbers[0]?.status;
    };
    // Confirmed by the carrier three seconds after it was ordered.
    const lost = assert.rejects(buy(dying, token, "+14155550113"));
    while (await status() !== "purchasing");
    await dying.kill("SIGKILL");
    await lost;
    for (let now = await status(); now !== "active"; now = await status()) {
      assert.equal(now, "purchasing");
    }
    const orders = await postgres.run(url, "select e164 from ledgerline.sandbox_order");
    assert.deepEqual(orders.map(({ e164 }) => e164), ["+14155550113"]);
  });
});

(["node", "deno"] as const).forEach((runtime) => {
  describe(`a server on ${runtime} whose PostgreSQL goes away`, { timeout: 600_000 }, () => {
    test("answers 503, says so once, and goes on automatically when it is back", async (context) => {
      const proxy = await startProxy(await postgres.database());
      context.after(() => proxy.stop());
      const server = await startServer({ runtime, environment: { DATABASE_URL: proxy.url } });
      const token = await server.organization("patient", "Growth");
      proxy.close();
      const list = () =>
        fetch(`${server.url}/v1/phone-numbers`, { headers: { authorization: `Bearer ${token}` } });
      for (const answer of [await list(), await fetch(`${server.url}/readyz`)]) {
        assert.equal(answer.status, 503);
        assert.match(answer.headers.get("retry-after") ?? "", /^\d+$/);
      }
      assert.equal((await buy(server, token, "+14155550199")).status, 503);
      assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
      proxy.open();
      // The number may have been bought after all: a caller that gave up did not learn of it.
      while ((await fetch(`${server.url}/readyz`)).status !== 200);
      assert.equal((await buy(server, token, "+14155550198")).status, 200);
      const lines = server.printed().err.trim().split("\n").map((line) => JSON.parse(line).what);
      assert.match(
        lines[0] ?? "",
        /^the (?:database cannot be reached|connection to the database was lost): /,
      );
      assert.deepEqual(lines.slice(1), ["the database answers again"]);
    });

    test("does not start, and says why without the password, when nothing is there", async () => {
      const environment = { DATABASE_URL: "postgres://someone:secret@127.0.0.1:1/ledgerline" };
      const refused = startProcess(newFolder(), { runtime, environment });
      assert.deepEqual(await refused.ended, { code: 1, signal: null });
      const { out, err } = refused.printed();
      assert.equal(out, "");
      assert.match(
        err,
        /^ledgerline: the database cannot be reached: connect ECONNREFUSED [^\n]+\n$/,
      );
      assert.doesNotMatch(err, /secret/);
    });
  });
});
