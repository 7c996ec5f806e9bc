/** What is sent over a real socket that breaks before the answer, on the current runtime. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { sentOnce } from "../../../adapters/fetch/send-once.ts";

/**
 * A server that reads requests and hangs up; it counts the connections, and keeps what was sent.
 */
const openRude = async () => {
  const said: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    let text = "";
    socket.on("data", (data) => {
      if (text === "") said.push("");
      text += String(data);
      said[said.length - 1] = text;
      if (text.includes("the body")) socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object", "the server has no port");
  return { url: `http://127.0.0.1:${address.port}/`, said, close: () => server.close() };
};

test("a POST is sent once, and whole, when the connection breaks before its answer", async () => {
  const { url, said, close } = await openRude();
  const post = fetch(url, { method: "POST", ...sentOnce("the body") });
  await assert.rejects(post);
  close();
  assert.equal(said.length, 1);
  assert.match(said[0] ?? "", /^POST \/ HTTP\/1\.1\r\n[^]*the body/);
});
