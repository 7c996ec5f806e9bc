/** What comes over a socket from clients that are large, odd, hasty or disconnected. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { removeServers, startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/eventually.ts";
import { pause } from "../support/pause.ts";

const KIB = 1_024;
// The sandbox's magic number whose order stays pending for 3 s.
const SLOW = "+14155550113";

type Talk = {
  readonly socket: Socket;
  /** Everything received so far. */
  readonly text: () => string;
  /** The statuses of the answers so far. */
  readonly statuses: () => readonly number[];
  readonly isClosed: () => boolean;
  /** Waits for so many answers in all, or the end of the connection. */
  readonly answers: (count: number) => Promise<readonly number[]>;
};

const talkTo = async ({ port }: TestServer): Promise<Talk> => {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  let text = "";
  let closed = false;
  socket.setEncoding("utf8").on("data", (part: string) => text += part);
  // A server may cut a connection while its client still writes.
  socket.on("error", () => {}).on("close", () => closed = true);
  const statuses = () => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, code]) => Number(code));
  return {
    socket,
    text: () => text,
    statuses,
    isClosed: () => closed,
    answers: async (count) => {
      await until(() => closed || statuses().length >= count);
      return statuses();
    },
  };
};

const head = (line: string, token: string, ...headers: readonly string[]): string =>
  [`${line} HTTP/1.1`, "Host: localhost", `Authorization: Bearer ${token}`, ...headers, "", ""]
    .join("\r\n");

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

const purchase = (token: string, e164: string): string => {
  const body = JSON.stringify({ e164 });
  return head(
    "POST /v1/phone-numbers",
    token,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
  ) + body;
};

let server: TestServer;
let token: string;

const list = (): string => head("GET /v1/phone-numbers", token);

const chunked = (): string =>
  head(
    "POST /v1/phone-numbers",
    token,
    "Content-Type: application/json",
    "Transfer-Encoding: chunked",
  );

const statusOf = async (e164: string): Promise<string | undefined> => {
  const { json } = await server.request("GET", "/api/phone-numbers/purchase?teamId=acme", {
    token,
  });
  type Listed = { readonly phone_number: string; readonly status: string };
  return json.numbers.find((number: Listed) => number.phone_number === e164)?.status;
};

/** Whatever happened to one connection, others are served. */
const stillServes = async (): Promise<void> => {
  const { status } = await server.request("GET", "/v1/phone-numbers", { token });
  assert.equal(status, 200);
  assert.equal(server.printed().err, "");
};

const bodies = (): void => {
  test("answers 413 and serves on when a chunked body is over 64 KiB", async () => {
    const talk = await talkTo(server);
    talk.socket.write(chunked());
    for (let sent = 0; sent < 65; sent++) talk.socket.write(chunk("x".repeat(KIB)));
    talk.socket.write(chunk(""));
    assert.deepEqual(await talk.answers(1), [413]);
    assert.match(talk.text(), /"code":"/);
    talk.socket.write(list());
    const statuses = await talk.answers(2);
    // Either the connection goes on in step, or it was closed with nothing after the answer.
    assert.deepEqual(statuses, talk.isClosed() ? [413] : [413, 200]);
    await stillServes();
    talk.socket.destroy();
  });

  test("takes a chunked body when it is within 64 KiB", async () => {
    const talk = await talkTo(server);
    const body = JSON.stringify({ e164: "+14155550120" });
    talk.socket.write(chunked() + [...body].map(chunk).join("") + chunk(""));
    assert.deepEqual(await talk.answers(1), [200]);
    talk.socket.destroy();
  });

  test("answers 413 before the end when a body never ends", async () => {
    const talk = await talkTo(server);
    talk.socket.write(chunked());
    const flood = chunk("x".repeat(KIB));
    let sent_kib = 0;
    while (talk.statuses().length === 0 && !talk.isClosed() && sent_kib < 64 * KIB) {
      if (!talk.socket.write(flood)) {
        // The server may close the connection meanwhile.
        await Promise.race([
          once(talk.socket, "drain").catch(() => {}),
          pause(100, "it is closed"),
        ]);
      }
      sent_kib++;
    }
    assert.deepEqual(await talk.answers(1), [413]);
    talk.socket.destroy();
    await stillServes();
  });

  test("answers 413 without the body when its length is given as over 64 KiB", async () => {
    const talk = await talkTo(server);
    talk.socket.write(
      head(
        "POST /v1/phone-numbers",
        token,
        "Content-Type: application/json",
        "Content-Length: 99999999",
      ),
    );
    assert.deepEqual(await talk.answers(1), [413]);
    talk.socket.destroy();
    await stillServes();
  });
};

const odd = (): void => {
  test("answers 431 and hangs up when headers are too many or too long", async () => {
    for (
      const headers of [
        Array.from({ length: 20_000 }, (_, index) => `X-${index}: 1`),
        [`X-Long: ${"x".repeat(200 * KIB)}`],
      ]
    ) {
      const talk = await talkTo(server);
      talk.socket.write(head("GET /v1/phone-numbers", token, ...headers));
      await until(talk.isClosed);
      // Some of the flood is unread when the server hangs up; its answer may be lost with it.
      assert.ok(["431", ""].includes(talk.statuses().join()));
    }
    await stillServes();
  });

  test("answers 400 and hangs up when what comes is not HTTP, or ambiguous", async () => {
    for (
      const text of [
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "GET /v1/phone-numbers\r\n\r\n",
        head("GET /v1/phone-numbers", token, "A header without a colon"),
        head("POST /v1/phone-numbers", token, "Content-Length: 5", "Transfer-Encoding: chunked"),
        head("POST /v1/phone-numbers", token, "Content-Length: 5", "Content-Length: 6"),
      ]
    ) {
      const talk = await talkTo(server);
      talk.socket.write(text, "latin1");
      await until(talk.isClosed);
      assert.deepEqual(talk.statuses(), [400]);
    }
    await stillServes();
  });
};

const hasty = (): void => {
  test("answers in order when requests are pipelined", async () => {
    const talk = await talkTo(server);
    talk.socket.write([
      purchase(token, "+14155550121"),
      purchase(token, "+14155550121"),
      head("GET /v1/nowhere", token),
      list(),
      purchase("unknown", "+14155550122"),
    ].join(""));
    assert.deepEqual(await talk.answers(5), [200, 409, 404, 200, 401]);
    talk.socket.destroy();
  });

  test("takes a request when it comes byte by byte", async () => {
    const talk = await talkTo(server);
    talk.socket.setNoDelay(true);
    for (const byte of purchase(token, "+14155550123")) {
      talk.socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(await talk.answers(1), [200]);
    talk.socket.destroy();
  });

  test("finishes a purchase automatically when its client disconnects", async () => {
    const slow = await talkTo(server);
    slow.socket.write(purchase(token, SLOW));
    await until(async () => await statusOf(SLOW) === "purchasing");
    slow.socket.destroy();
    const quick = ["+14155550124", "+14155550125", "+14155550126"];
    for (const e164 of quick) {
      const talk = await talkTo(server);
      talk.socket.write(purchase(token, e164));
      talk.socket.destroySoon();
    }
    await until(async () => await statusOf(SLOW) === "active");
    // Clients that hang up immediately may go unanswered, but a number is never left half bought.
    for (const e164 of quick) {
      await until(async () => ["active", undefined].includes(await statusOf(e164)));
    }
    await stillServes();
  });
};

describe("the server", { timeout: 600_000 }, () => {
  before(async () => {
    server = await startServer({ environment: { PURCHASE_WAIT_MS: "5000", RECOVERY_MS: "50" } });
    token = await server.organization("acme", "Scale");
  });
  after(removeServers);

  bodies();
  odd();
  hasty();
});
