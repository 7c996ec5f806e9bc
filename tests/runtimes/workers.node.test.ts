/** Several processes of one server on one port, over one PostgreSQL. */
import assert from "node:assert/strict";
import { copyFileSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { until } from "../support/eventually.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import {
  newFolder,
  removeServers,
  startProcess,
  startServer,
  type TestServer,
} from "../support/server.ts";

let postgres: PostgresServer;

before(async () => {
  postgres = await startPostgres();
});
after(async () => {
  await removeServers();
  await postgres.stop();
});

/** The sandbox's order for it stays pending for 3 s. */
const SLOW = "+14155550113";

const startWith = async (workers: number, more: Readonly<Record<string, string>> = {}) =>
  await startServer({
    environment: { DATABASE_URL: await postgres.database(), WORKERS: String(workers), ...more },
  });

/** The processes that a process started and that have not ended. */
const childrenOf = (parent: number): readonly number[] =>
  readdirSync("/proc").filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [state, ppid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(ppid) === parent && state !== "Z";
    } catch {
      return false;
    }
  }).map(Number);

const hasEnded = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
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

describe("two processes, of which one cannot start", { skip, timeout: 600_000 }, () => {
  test("go on where that is one that ran before, which is tried until it can", async () => {
    const folder = newFolder();
    const [node, away] = [join(folder, "node"), join(folder, "away")];
    copyFileSync(process.execPath, node);
    const DATABASE_URL = await postgres.database();
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
    const DATABASE_URL = await postgres.database();
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
    const DATABASE_URL = await postgres.database();
    await refused(
      { WORKERS: "256", DATABASE_URL },
      /^ledgerline: WORKERS: 256 processes need 1138 connections, and the database takes \d+\n$/,
    );
  });

  test("are refused on Deno", async () => {
    const DATABASE_URL = await postgres.database();
    const started = startProcess(newFolder(), {
      runtime: "deno",
      environment: { WORKERS: "2", DATABASE_URL },
    });
    assert.deepEqual(await started.ended, { code: 2, signal: null });
    assert.match(started.printed().err, /^ledgerline: WORKERS: must be 1 here: /);
  });
});
