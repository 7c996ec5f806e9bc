/** A list that breaks off while a server of Node sends it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startListening } from "../../adapters/runtimes/node/listen.ts";
import { openWithNumbers } from "../support/many-numbers.ts";

const COUNT = 600;

test("a list that breaks off is reported once, and the client sees that it is not whole", async (t) => {
  let pages = 0;
  const app = await openWithNumbers(COUNT, (log) => ({
    list: (...asked) =>
      ++pages < 10 ? log.list(...asked) : Promise.reject(new Error("a page is lost")),
  }));
  const at = { port: 0, host: "127.0.0.1", maxConnections: 10 };
  const listening = await startListening(app.fetch, at);
  // What is printed here would be no line of JSON, as all others of a server are.
  const printed = t.mock.method(console, "error", () => {});
  const response = await fetch(`http://127.0.0.1:${listening.port}/ledger/numbers`, {
    headers: { authorization: `Bearer ${app.token}` },
  });
  assert.equal(response.status, 200);
  await assert.rejects(response.text());
  await listening.end(0);
  await assert.rejects(app.close(), (error: unknown) => {
    assert.ok(error instanceof AggregateError);
    return error.errors.length === 1 && /a page is lost/.test(String(error.errors[0]));
  });
  const lines = printed.mock.calls.map((call) => String(call.arguments[0]));
  assert.deepEqual(lines.filter((line) => line.includes("a page is lost")), []);
});
