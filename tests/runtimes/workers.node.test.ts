/** Several processes of one server on one port, over one PostgreSQL. */
import assert from "node:assert/strict";
import { copyFileSync, readdirSync, renameSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import { ADMIN_TOKEN } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { postgresOfServers } from "../support/postgres-of-servers.ts";
import { childrenOf, hasEnded, socketsOf } from "../support/processes.ts";
import { newFolder, startProcess, startServer, type TestServer } from "../support/server.ts";
import { valueIn } from "./metrics.ts";

const postgres = postgresOfServers();

/** The sandbox's order for it stays pending for 3 s. */
const SLOW = "+14155550113";

const startWith = async (workers: number, more: Readonly<Record<string, string>> = {}) =>
  await startServer({
    environment: { DATABASE_URL: await postgres().database(), WORKERS: String(workers), ...more },
  });

/** Asks on a connection of its own; resolves when that is closed. */
const hungUp = (port: number): Promise<unknown> => {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {}).resume();
  socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  return new Promise((resolve) => socket.once("close", resolve));
};

const buy = (server: TestServer, token: string, e164: string) =>
  server.request("POST", "/v1/phone-numbers", { token, body: { e164 } });

const skip = process.platform !== "linux" && "processes are found in /proc, which Linux has";

describe("three processes on one port", { skip, timeout: 600_000 }, () => {
  test("are announced once, sell a number once, and a plan's limit holds among them", async () => {
    const server = await startWith(3);
    assert.equal(childrenOf(server.pid).length, 3);
    assert.deepEqual(server.printed().out.match(/listening on/g)?.length, 1);
    const token = await server.organization("acme", "Growth");
    // Each of these comes on a connection of its own, or on one that is free.
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => buy(server, token, `+1212555${1000 + index % 15}`)),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 10);
    const { json } = await server.request("GET", "/v1/phone-numbers", { token });
    assert.equal(json.length, 10);
    assert.equal(new Set(json.map(({ e164 }: { e164: string }) => e164)).size, 10);
    assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
    assert.equal(server.printed().err, "");
  });

  test("go on when one is killed, which is started again", async () => {
    const server = await startWith(2);
    const token = await server.organization("acme", "Growth");
    const [killed = 0, other] = childrenOf(server.pid);
    process.kill(killed, "SIGKILL");
    await until(() => {
      const now = childrenOf(server.pid);
      return now.length === 2 && !now.includes(killed) && now.includes(other ?? 0);
    });
    assert.match(server.printed().err, /"process [12] ended \(SIGKILL\), and is started again in/);
    await until(async () => {
      const answer = await server.request("GET", "/v1/phone-numbers", { token }).catch(() => null);
      return answer?.status === 200;
    });
    assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
  });

  test("answer what is under way when they are stopped", async () => {
    const server = await startWith(2);
    const token = await server.organization("acme", "Growth");
    const buying = buy(server, token, SLOW);
    await until(async () =>
      (await server.request("GET", "/v1/phone-numbers", { token })).json.length === 1
    );
    const ended = server.kill("SIGTERM");
    const { status, json } = await buying;
    assert.deepEqual([status, json.setupStatus.issues], [200, []]);
    assert.deepEqual(await ended, { code: 0, signal: null });
  });

  test("end with the one that started them, whatever ends it", async () => {
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const server = await startWith(2);
      const children = childrenOf(server.pid);
      assert.equal(children.length, 2);
      await server.kill(signal);
      await until(() => children.every(hasEnded));
    }
  });
});

test(
  "a client that waits for a process that is killed is hung up on",
  { skip, timeout: 600_000 },
  async () => {
    const server = await startWith(2);
    const sockets = socketsOf(server.pid);
    const [killed = 0] = childrenOf(server.pid);
    process.kill(killed, "SIGSTOP");
    let over = 0;
    const asked = Array.from(
      { length: 6 },
      () => hungUp(server.port).then(() => over += 1),
    );
    // One is on its way to the process that is stopped; the other one answers the rest.
    await until(() => over === 5);
    process.kill(killed, "SIGKILL");
    await Promise.all(asked);
    await until(() => childrenOf(server.pid).length === 2 && socketsOf(server.pid) === sockets);
    assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
  },
);

/** What the processes show, asked on a connection of its own. */
const metricsOf = async ({ url }: TestServer): Promise<string> => {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, connection: "close" };
  const answer = await fetch(`${url}/metrics`, { headers });
  assert.equal(answer.status, 200);
  return await answer.text();
};

/** The values of a series by the process that has it. */
const byProcess = (text: string, name: string): ReadonlyMap<string, number> =>
  new Map(
    text.split("\n").filter((line) => line.startsWith(`${name}{process="`)).map((line) => [
      /process="(\d+)"/.exec(line)?.[1] ?? "",
      Number(line.slice(line.lastIndexOf(" ") + 1)),
    ]),
  );

const shownIn = (text: string): number | undefined => valueIn(text, "ledgerline_processes");

describe("what several processes measure", { skip, timeout: 600_000 }, () => {
  const METRICS = { METRICS: "token" };

  test("is shown by each of them together, and what they read of the database once", async () => {
    const server = await startWith(3, METRICS);
    for (let count = 0; count < 30; count++) {
      await fetch(`${server.url}/v1/phone-numbers`, { headers: { connection: "close" } });
    }
    const texts = await Promise.all(Array.from({ length: 9 }, () => metricsOf(server)));
    for (const text of texts) {
      assert.equal(shownIn(text), 3);
      assert.equal(byProcess(text, "process_resident_memory_bytes").size, 3);
      assert.equal(byProcess(text, "ledgerline_log_available").size, 3);
      const asked = text.split("\n").filter((line) =>
        /^ledgerline_http_requests_total\{process="\d",dialect="speko".*status="401"/.test(line)
      );
      const counts = asked.map((line) => Number(line.slice(line.lastIndexOf(" "))));
      assert.equal(counts.reduce((sum, count) => sum + count, 0), 30);
      assert.deepEqual(text.match(/^# TYPE ledgerline_log_appends_total /gm)?.length, 1);
      assert.match(text, /^ledgerline_work_due\{automation="[^"]+"\} 0$/m);
      assert.doesNotMatch(text, /^ledgerline_work_due\{process/m);
    }
    assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
    assert.equal(server.printed().err, "");
  });

  test("leaves one out that hangs, and has it again once it runs; one that is new begins anew", async () => {
    const server = await startWith(3, METRICS);
    const begun = byProcess(await metricsOf(server), "process_start_time_seconds");
    assert.equal(begun.size, 3);
    const [hung = 0] = childrenOf(server.pid);
    process.kill(hung, "SIGSTOP");
    // A connection may be given to the one that hangs, and is then answered by it.
    const scrapes = Array.from({ length: 4 }, () => metricsOf(server));
    assert.equal(shownIn(await Promise.race(scrapes)), 2);
    process.kill(hung, "SIGCONT");
    await Promise.all(scrapes);
    await until(async () => shownIn(await metricsOf(server)) === 3);
    process.kill(hung, "SIGKILL");
    await until(async () => {
      const text = await metricsOf(server).catch(() => "");
      const now = byProcess(text, "process_start_time_seconds");
      return now.size === 3 && [...now].some(([place, at]) => at > (begun.get(place) ?? at));
    });
    assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
  });
});

describe("two processes, of which one cannot start", { skip, timeout: 600_000 }, () => {
  test("go on where that is one that ran before, which is tried until it can", async () => {
    const folder = newFolder();
    const [node, away] = [join(folder, "node"), join(folder, "away")];
    copyFileSync(process.execPath, node);
    const DATABASE_URL = await postgres().database();
    const server = await startServer({
      environment: { DATABASE_URL, WORKERS: "2" },
      under: ["sh", "-c", 'shift; exec "$0" "$@"', node],
    });
    const token = await server.organization("acme", "Growth");
    renameSync(node, away);
    process.kill(childrenOf(server.pid)[0] ?? 0, "SIGKILL");
    await until(() => /"process [12] ended \(spawn .* ENOENT\), and/.test(server.printed().err));
    const { status } = await server.request("GET", "/v1/phone-numbers", { token });
    assert.equal(status, 200);
    renameSync(away, node);
    await until(() => childrenOf(server.pid).length === 2);
    assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
  });

  test("say so where it ends before it listens and says nothing itself", async () => {
    // Takes connections, and never answers.
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const environment = { WORKERS: "2", DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/d` };
    const started = startProcess(newFolder(), { environment });
    await until(() => childrenOf(started.pid).length === 1);
    process.kill(childrenOf(started.pid)[0] ?? 0, "SIGKILL");
    assert.deepEqual(await started.ended, { code: 1, signal: null });
    assert.deepEqual(started.printed(), {
      out: "",
      err: "ledgerline: process 1 ended (SIGKILL) before it listened\n",
    });
    silent.close();
  });
});

describe("several processes", { timeout: 600_000 }, () => {
  const refused = async (environment: Readonly<Record<string, string>>, why: RegExp) => {
    const folder = newFolder();
    const started = startProcess(folder, { environment });
    assert.deepEqual(await started.ended, { code: 2, signal: null });
    const { out, err } = started.printed();
    assert.equal(out, "");
    assert.match(err, why);
    assert.deepEqual(readdirSync(folder), []);
  };

  test("are refused over an embedded database, which one alone can have", async () => {
    await refused({ WORKERS: "2" }, /^ledgerline: WORKERS: must be 1 without DATABASE_URL: .*\n$/);
  });

  test("are refused in a process that is itself one of a cluster", async () => {
    const DATABASE_URL = await postgres().database();
    await refused(
      { WORKERS: "2", DATABASE_URL, NODE_UNIQUE_ID: "1" },
      /^ledgerline: WORKERS: must be 1 in a process that another cluster .*\n$/,
    );
  });

  test("are refused with a test clock, which each would have for itself", async () => {
    const environment = { WORKERS: "2", DATABASE_URL: "postgres://u@localhost/d" };
    await refused(
      { ...environment, TEST_CLOCK: "2026-01-31T10:00:00Z" },
      /^ledgerline: WORKERS: must be 1 with TEST_CLOCK, .*\n$/,
    );
  });

  test("are refused once, and none is left, where the database takes too few connections", async () => {
    const DATABASE_URL = await postgres().database();
    await refused(
      { WORKERS: "256", DATABASE_URL },
      /^ledgerline: WORKERS: 256 processes need 1138 connections, and the database takes \d+\n$/,
    );
  });

  test("are refused on Deno", async () => {
    const DATABASE_URL = await postgres().database();
    const started = startProcess(newFolder(), {
      runtime: "deno",
      environment: { WORKERS: "2", DATABASE_URL },
    });
    assert.deepEqual(await started.ended, { code: 2, signal: null });
    assert.match(started.printed().err, /^ledgerline: WORKERS: must be 1 here: /);
  });
});
