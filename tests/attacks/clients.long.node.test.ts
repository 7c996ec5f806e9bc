/** Clients that send half a request, or an ambiguous path, to a server on Node. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { type Listening, PATIENCE, startListening } from "../../adapters/runtimes/node/listen.ts";
import { ADMIN_TOKEN } from "../support/app.ts";
import { removeServers, startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/eventually.ts";

/** Sends this, and returns what came until the connection's end. */
const talk = async (port: number, text: string): Promise<string> => {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.setEncoding("latin1").on("data", (part: string) => received += part).on("error", () => {});
  socket.write(text, "latin1");
  await once(socket, "close");
  return received;
};

const statusOf = (received: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(received)?.[1]);

const HALF_A_BODY = "POST /v1/phone-numbers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n" +
  "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
const HALF_A_HEAD = "GET /v1/phone-numbers HTTP/1.1\r\nHost: x\r\nX-Slow: ";

/** Connections that send this and wait. */
const flood = (port: number, text: string, count: number): readonly Socket[] =>
  Array.from({ length: count }, () => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {}).write(text);
    return socket;
  });

const connected = async (sockets: readonly Socket[]): Promise<void> => {
  await Promise.all(
    sockets.map((socket) => socket.connecting ? once(socket, "connect").catch(() => {}) : null),
  );
};

describe("a server on Node", { timeout: 600_000 }, () => {
  let server: TestServer;
  let token: string;
  before(async () => {
    server = await startServer({ folder: "memory" });
    token = await server.organization("acme");
  });
  after(removeServers);

  test("serves others while 3,000 requests are half sent", async () => {
    const sockets = [
      ...flood(server.port, HALF_A_BODY, 1_500),
      ...flood(server.port, HALF_A_HEAD, 1_500),
    ];
    await connected(sockets);
    const { status } = await server.request("GET", "/v1/phone-numbers", { token });
    assert.equal(status, 200);
    for (const socket of sockets) socket.destroy();
    assert.equal(server.printed().err, "");
  });

  test("answers 400 to a target that a URL would turn into another path", async () => {
    const targets = [
      "/v1/../admin/organizations/acme",
      "/v1/%2e%2e/admin/organizations/acme",
      "/v1/.%2E/admin/organizations/acme",
      "/v1/..\\admin/organizations/acme",
      "\\admin/organizations/acme",
      "/\\admin/organizations/acme",
      "/./admin/organizations/acme",
      "http://x/v1/../admin/organizations/acme",
    ];
    const head = `Host: x\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\nConnection: close\r\n\r\n`;
    for (const target of targets) {
      const received = await talk(server.port, `GET ${target} HTTP/1.1\r\n${head}`);
      assert.equal(statusOf(received), 400, target);
      assert.doesNotMatch(received, /acme Inc/, target);
    }
    for (const target of ["//admin/organizations/acme", "/%61dmin/organizations/acme"]) {
      assert.equal(statusOf(await talk(server.port, `GET ${target} HTTP/1.1\r\n${head}`)), 404);
    }
    for (const target of ["/admin/organizations/acme", "http://x/admin/organizations/acme"]) {
      assert.equal(statusOf(await talk(server.port, `GET ${target} HTTP/1.1\r\n${head}`)), 200);
    }
  });

  test("answers HTTP/1.0 without Host, and gives every answer its headers", async () => {
    const asked = [
      ["GET /healthz HTTP/1.0\r\n\r\n", 200],
      ["GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n", 400],
      ["GET /healthz HTTP/1.1\r\n\r\n", 400],
      ["nonsense\r\n\r\n", 400],
      [`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`, 431],
      ["GET /v1/../admin HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    ] as const;
    for (const [text, status] of asked) {
      const received = await talk(server.port, text);
      assert.equal(statusOf(received), status, text.slice(0, 60));
      assert.match(received, /x-content-type-options: nosniff/i);
      assert.match(received, /x-request-id: [0-9a-f-]{36}/i);
    }
  });
});

describe("a listener", { timeout: 600_000 }, () => {
  const open: Listening[] = [];
  const listen = async (maxConnections: number, ms: number): Promise<number> => {
    const patience = { headersMs: ms, requestMs: 2 * ms, checkMs: 50 };
    const answer = async (request: Request): Promise<Response> =>
      new Response(await request.text());
    const at = { port: 0, host: "127.0.0.1", maxConnections };
    const listening = await startListening(answer, at, patience);
    open.push(listening);
    return listening.port;
  };
  after(async () => await Promise.all(open.map((one) => one.end(0))));

  test("ends a request that is half sent, whichever half is missing", async () => {
    const port = await listen(100, 300);
    for (const half of [HALF_A_HEAD, HALF_A_BODY]) {
      assert.equal(statusOf(await talk(port, half)), 408, half);
    }
    assert.ok(PATIENCE.headersMs < PATIENCE.requestMs);
    assert.ok(PATIENCE.requestMs + PATIENCE.checkMs <= 30_000);
  });

  test("gives the place of the oldest incomplete request to a new connection", async () => {
    const port = await listen(10, 60_000);
    const oldest = flood(port, HALF_A_HEAD, 1);
    await connected(oldest);
    const others = [...flood(port, HALF_A_BODY, 40), ...flood(port, "", 40)];
    await connected(others);
    const text = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi";
    assert.match(await talk(port, text), /^HTTP\/1\.1 200 [^]*hi$/);
    assert.equal(oldest[0]?.readyState, "closed");
    for (const socket of others) socket.destroy();
  });
});

test(
  "a server has /admin on a separate port, where ADMIN_PORT is set",
  { timeout: 600_000 },
  async () => {
    for (const runtime of ["node", "deno"] as const) {
      const environment = { ADMIN_PORT: "0" };
      const server = await startServer({ runtime, folder: "memory", environment });
      try {
        const line = /^ledgerline admin listening on (http:\/\/localhost:\d+)$/m;
        await until(() => line.test(server.printed().out));
        const [, admin = ""] = line.exec(server.printed().out) ?? [];
        const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
        const status = async (base: string, path: string): Promise<number> =>
          (await fetch(`${base}${path}`, { headers })).status;
        const path = "/admin/reconciliations";
        assert.deepEqual(
          [await status(server.url, path), await status(admin, path)],
          [404, 200],
          runtime,
        );
        assert.equal(await status(admin, "/v1/phone-numbers"), 404);
        assert.equal(await status(admin, "/readyz"), 200);
        assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
      } finally {
        await removeServers();
      }
    }
  },
);
