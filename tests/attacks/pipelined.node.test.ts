/** Bytes that are not a request, behind one in progress: each answer goes to its own request. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { startListening } from "../../adapters/runtimes/node/listen.ts";
import { gate } from "../support/gate.ts";
import { pause } from "../support/pause.ts";

const statusesOf = (received: string): readonly number[] =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

const SLOW = "POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
const HEAD = "POST /next HTTP/1.1\r\nHost: x\r\n";
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

/**
 * Runs this against a server that answers `/slow` with 201 only when released, and all else as
 * given: by default with 202, and a method that Node does not know with 405, as the application.
 */
const withSlow = async (
  work: (at: { readonly port: number; readonly begun: Promise<void>; letGo(): void }) => unknown,
  next: (request: Request) => Response | Promise<Response> = async (request) => {
    await request.arrayBuffer();
    return new Response(null, { status: request.method === "UNKNOWN" ? 405 : 202 });
  },
  requestMs = 60_000,
): Promise<void> => {
  const [begun, released] = [gate(), gate()];
  const slow = await startListening(
    async (request) => {
      if (new URL(request.url).pathname !== "/slow") return next(request);
      begun.open();
      await released.opened;
      return new Response(null, { status: 201 });
    },
    { port: 0, host: "127.0.0.1", maxConnections: 10 },
    { headersMs: requestMs, requestMs, checkMs: 20 },
  );
  try {
    await work({ port: slow.port, begun: begun.opened, letGo: released.open });
  } finally {
    released.open();
    await slow.end(0);
  }
};

/** What a connection receives until its end: nothing before the slow request is released. */
const talkSlowly = async (
  text: string,
  { next, requestMs, late = "", come }: {
    readonly next?: (request: Request) => Response | Promise<Response>;
    readonly requestMs?: number;
    /** What it sends later, and when that has come. */
    readonly late?: string;
    readonly come?: Promise<void>;
  } = {},
): Promise<string> => {
  let received = "";
  await withSlow(
    async ({ port, begun, letGo }) => {
      const socket = connect(port, "127.0.0.1");
      socket.setEncoding("latin1").on("data", (part: string) => received += part);
      const closed = once(socket, "close");
      socket.on("error", () => {}).write(text, "latin1");
      await begun;
      await pause(requestMs === undefined ? 200 : 2 * requestMs, "an answer too early would come");
      assert.equal(received, "", "an answer came before the first request had its own");
      if (late !== "") socket.write(late, "latin1");
      await come;
      letGo();
      await closed;
    },
    next,
    requestMs,
  );
  return received;
};

describe("unreadable bytes after a request in progress", { timeout: 600_000 }, () => {
  const faults: Readonly<Record<string, readonly [string, number]>> = {
    "a bad chunk": [`${CHUNKED}ZZ\r\n`, 400],
    "a chunk longer than it says": [`${CHUNKED}1\r\nabc\r\n`, 400],
    "a bad header line": [`${HEAD}a b: c\r\n\r\n`, 400],
    "no method": ["\x16\x03\x01\r\n\r\n", 400],
    "an unknown method": ["FOO /next HTTP/1.1\r\nHost: x\r\n\r\n", 405],
    "headers that are too long": [`${HEAD}a: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    "a tunnel": ["CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 405],
  };
  for (const [what, [text, status]] of Object.entries(faults)) {
    test(`is answered in its turn: ${what}`, async () => {
      assert.deepEqual(statusesOf(await talkSlowly(SLOW + text)), [201, status]);
      const received = await talkSlowly(SLOW + SLOW + text);
      assert.deepEqual(statusesOf(received), [201, 201, status]);
    });
  }

  test("is answered in its turn when its body or its headers are late", async () => {
    const requestMs = 400;
    for (const text of [`${HEAD}Content-Length: 9\r\n\r\nabc`, `${HEAD}A: `]) {
      assert.deepEqual(statusesOf(await talkSlowly(SLOW + text, { requestMs })), [201, 408]);
    }
  });

  test("is no longer late when it came while the first was in progress", async () => {
    const requestMs = 400;
    const [body, last] = ["Content-Length: 3\r\n\r\nabc", "Connection: close\r\n"];
    for (const cut of [HEAD.length + last.length + body.length - 1, HEAD.length + 3]) {
      const text = HEAD + last + body;
      const come = gate();
      const received = await talkSlowly(SLOW + text.slice(0, cut), {
        requestMs,
        late: text.slice(cut),
        come: come.opened,
        next: async (request) => {
          await request.arrayBuffer();
          come.open();
          return new Response(null, { status: 202 });
        },
      });
      assert.deepEqual(statusesOf(received), [201, 202], received);
    }
  });

  test("is not answered twice where it had its answer before its body", async () => {
    const next = () => new Response(null, { status: 401 });
    assert.deepEqual(statusesOf(await talkSlowly(`${SLOW}${CHUNKED}ZZ\r\n`, { next })), [201, 401]);
    const expecting = `${HEAD}Expect: foo\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n`;
    assert.deepEqual(statusesOf(await talkSlowly(SLOW + expecting)), [201, 417]);
  });

  test("is answered with the name of its status, whichever that is", async () => {
    for (
      const [status, name] of [[429, "Too Many Requests"], [503, "Service Unavailable"]] as const
    ) {
      const received = await talkSlowly(SLOW, {
        // Node reports the method only where a packet begins with it.
        late: "FOO / HTTP/1.1\r\nHost: x\r\n\r\n",
        next: () => new Response(null, { status }),
      });
      assert.match(received, new RegExp(`^HTTP/1.1 ${status} ${name}\r$`, "m"));
    }
  });
});
