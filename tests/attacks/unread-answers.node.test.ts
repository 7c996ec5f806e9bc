/** Clients that do not read their answers, and lose their place when all are in use. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { after, describe, test } from "node:test";
import {
  boundConnections,
  type ConnectionBounds,
  MAX_PIPELINED,
} from "../../adapters/runtimes/node/connections.ts";
import { PATIENCE, startListening } from "../../adapters/runtimes/node/listen.ts";
import { until } from "../support/eventually.ts";

const AN_HOUR_MS = 3_600_000;
/** An answer that fits into the system's buffers, and one that does not. */
const LARGE = new Uint8Array(1_000_000);
const HUGE = new Uint8Array(24_000_000);
const ANSWERS = new Map([["/large", LARGE], ["/huge", HUGE]]);
const GET = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";
const LAST = "GET /small HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const KEPT = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";
const HALF = "GET /small HTTP/1.1\r\nHost: x\r\nX-Slow: ";

const servers: Server[] = [];
const clients: Socket[] = [];
after(() => {
  for (const client of clients) client.destroy();
  for (const server of servers) server.close().closeAllConnections();
});

const listenerOf: RequestListener = ({ url }, response) => {
  response.end(ANSWERS.get(url ?? "") ?? "small");
};

/** A server with these bounds, and the server's end of each connection, in order of arrival. */
const serve = async (bounds: Partial<ConnectionBounds>, listener = listenerOf) => {
  const server = createServer({ keepAliveTimeout: AN_HOUR_MS }, (request, response) => {
    if (!request.socket.destroyed) listener(request, response);
  });
  boundConnections(server, { limit: 100, stalledMs: AN_HOUR_MS, unreadMs: AN_HOUR_MS, ...bounds });
  const ends: Socket[] = [];
  server.on("connection", (socket) => ends.push(socket));
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { server, ends, port: (server.address() as AddressInfo).port };
};

/** A connection that sends this and reads nothing. */
const send = async (port: number, text: string): Promise<Socket> => {
  const socket = connect(port, "127.0.0.1").pause();
  clients.push(socket);
  socket.on("error", () => {}).write(text);
  await once(socket, "connect");
  return socket;
};

/** Sends this, and returns what comes until it ends with `end`, or the connection ends. */
const ask = async (socket: Socket, text: string, end?: string): Promise<string> => {
  let received = "";
  socket.on("error", () => {});
  if (!socket.write(text)) await once(socket, "drain");
  if (socket.destroyed) return "";
  return await new Promise((resolve) => {
    socket.on("data", (part: Uint8Array) => {
      received += String(part);
      if (end !== undefined && received.endsWith(end)) resolve(received);
    });
    socket.once("close", () => resolve(received));
    socket.resume();
  });
};

const open = (port: number): Socket => {
  const socket = connect(port, "127.0.0.1");
  clients.push(socket);
  return socket;
};

describe("a client that does not read", { timeout: 600_000 }, () => {
  test("does not keep others out, whether it pipelines many requests or sends one", async () => {
    for (const text of [GET.replace("large", "huge"), GET.repeat(24), GET.repeat(MAX_PIPELINED)]) {
      const { port, ends } = await serve({ limit: 10 });
      await Promise.all(Array.from({ length: 20 }, () => send(port, text)));
      await until(() => ends.filter((end) => !end.destroyed).length === 10);
      await until(() => ends.every((end) => end.destroyed || end.writableLength > 0));
      assert.match(await ask(open(port), LAST), /^HTTP\/1\.1 200 [^]*small$/);
    }
  });

  test("is disconnected after a time, though places are free", async () => {
    const { port, ends } = await serve({ stalledMs: 150, unreadMs: 150 });
    await send(port, GET.repeat(12));
    await until(() => ends[0]?.writableLength !== 0);
    await until(() => ends[0]?.destroyed === true);
    assert.ok(PATIENCE.stalledMs + PATIENCE.unreadMs <= 90_000);
  });

  test("is not one that reads slowly, nor one whose answer takes its time", async () => {
    const { port } = await serve({ stalledMs: 1_000, unreadMs: 1_000 }, (request, response) => {
      if (request.url === "/huge") response.end(HUGE);
      else setTimeout(() => response.end("small"), 4_000);
    });
    const late = ask(open(port), LAST);
    const slow = await send(port, LAST.replace("small", "huge"));
    let bytes = 0;
    slow.on("data", (part: Uint8Array) => {
      bytes += part.byteLength;
      slow.pause();
      setTimeout(() => slow.resume(), 10);
    }).resume();
    await once(slow, "close");
    assert.ok(bytes > HUGE.length, `only ${bytes} bytes came`);
    assert.match(await late, /small$/);
  });

  test("has at most a hundred requests in progress, and then loses its connection", async () => {
    let begun = 0;
    const waiting: (() => void)[] = [];
    const { port, ends } = await serve({}, (_, response) => {
      begun += 1;
      waiting.push(() => response.end("small"));
    });
    const honest = open(port);
    const answers = ask(honest, KEPT.repeat(MAX_PIPELINED - 1) + LAST);
    await until(() => begun === MAX_PIPELINED);
    for (const answer of waiting) answer();
    assert.equal((await answers).split("small").length - 1, MAX_PIPELINED);
    begun = 0;
    await send(port, KEPT.repeat(1_000));
    await until(() => ends[1]?.destroyed === true);
    assert.equal(begun, MAX_PIPELINED);
  });

  test("does not delay the end of the server when it leaves with answers pending", async () => {
    let begun = 0;
    const never = (): Promise<Response> => {
      begun += 1;
      return new Promise(() => {});
    };
    const at = { port: 0, host: "127.0.0.1", maxConnections: 10 };
    const { port, end } = await startListening(never, at);
    const client = await send(port, KEPT.repeat(5));
    await until(() => begun === 5);
    client.destroy();
    await end(AN_HOUR_MS);
  });
});

describe("an idle connection", { timeout: 600_000 }, () => {
  const kept = async (port: number): Promise<Socket> => {
    const socket = open(port);
    assert.match(await ask(socket, KEPT, "small"), / 200 /);
    return socket;
  };

  test("keeps its place in a flood of half-sent or unread requests that came later", async () => {
    for (const flood of [HALF, "", `${KEPT}${HALF}`, GET.repeat(50)]) {
      const { port, ends } = await serve({ limit: 10 });
      const pool = await Promise.all([kept(port), kept(port), kept(port)]);
      for (let sent = 0; sent < 30; sent += 1) {
        await send(port, flood === `${KEPT}${HALF}` ? KEPT : flood);
        if (flood === `${KEPT}${HALF}`) {
          await until(() => (ends.at(-1)?.bytesWritten ?? 0) > 0);
          clients.at(-1)?.write(HALF);
        }
        await until(() =>
          ends.length === sent + 4 && (ends.at(-1)?.bytesRead ?? 0) >= flood.length
        );
        if (flood.startsWith(GET)) {
          await until(() => ends.at(-1)?.writableLength !== 0);
        }
      }
      for (const socket of pool) {
        assert.match(await ask(socket, KEPT, "small"), / 200 /, JSON.stringify(flood.slice(0, 80)));
      }
    }
  });

  test("loses it before one that was idle later, however old that is", async () => {
    const { port, ends } = await serve({ limit: 2 });
    const older = await kept(port);
    await kept(port);
    assert.match(await ask(older, KEPT, "small"), / 200 /);
    await kept(port);
    assert.deepEqual(ends.map((end) => end.destroyed), [false, true, false]);
  });
});
