/** Bodies over a real socket, with their length declared and in chunks: both end the same way. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, test } from "node:test";
import { startListening } from "../../adapters/runtimes/node/listen.ts";
import { MAX_BODY_BYTES, readBody } from "../../http/body.ts";

/** What `readBody` gives for one request that is sent so: the text, or the status of a refusal. */
const readOver = async (
  send: (socket: Socket) => void,
  limit_ms: number,
): Promise<string | number> => {
  let resolve: (read: string | number) => void = () => undefined;
  const promise = new Promise<string | number>((settle) => resolve = settle);
  const server = await startListening(
    async (request) => {
      const read = await readBody(request, limit_ms);
      resolve(read.ok ? new TextDecoder().decode(read.value) : read.error.status);
      return new Response(null, { status: 202 });
    },
    { port: 0, host: "127.0.0.1", maxConnections: 10 },
  );
  const socket = connect(server.port, "127.0.0.1").on("error", () => undefined);
  try {
    await once(socket, "connect");
    send(socket);
    return await promise;
  } finally {
    socket.destroy();
    await server.end(0);
  }
};

const HEAD = "POST / HTTP/1.1\r\nHost: x\r\n";

/** How a body is framed: what comes before it, around each part, and after it. */
const FRAMES = [
  {
    name: "a length",
    head: (length: number) => `${HEAD}Content-Length: ${length}\r\n\r\n`,
    part: (text: string) => text,
    end: "",
  },
  {
    name: "chunks",
    head: () => `${HEAD}Transfer-Encoding: chunked\r\n\r\n`,
    part: (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`,
    end: "0\r\n\r\n",
  },
];

const ENOUGH_MS = 60_000;

for (const { name, head, part, end } of FRAMES) {
  describe(`a body with ${name}`, { timeout: 120_000 }, () => {
    test("is read whole, in one part or in many", async () => {
      for (const parts of [["{}"], ["{", '"a"', ":1", "}"], ["x".repeat(MAX_BODY_BYTES)]]) {
        const whole = parts.join("");
        const read = await readOver((socket) => {
          socket.setNoDelay(true).write(head(whole.length));
          for (const text of parts) socket.write(part(text));
          socket.write(end);
        }, ENOUGH_MS);
        assert.equal(read, whole);
      }
    });

    test("is 413 with one byte more than is read", async () => {
      const long = "x".repeat(MAX_BODY_BYTES + 1);
      const send = (socket: Socket) => void socket.write(`${head(long.length)}${part(long)}${end}`);
      assert.equal(await readOver(send, ENOUGH_MS), 413);
    });

    test("is 408 when its end does not come in time", async () => {
      const send = (socket: Socket) => void socket.write(`${head(10)}${part("abc")}`);
      assert.equal(await readOver(send, 50), 408);
    });

    test("is 400 when the client goes away before its end", async () => {
      const send = (socket: Socket) =>
        void socket.write(
          `${head(10)}${part("abc")}`,
          () => setTimeout(() => socket.destroy(), 50),
        );
      assert.equal(await readOver(send, ENOUGH_MS), 400);
    });
  });
}
