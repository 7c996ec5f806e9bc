/**
 * The same conversation with a server on Node and with one on Deno, and each on the other's data.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { removeServers, startServer } from "../support/server.ts";
import { type Conversation, converse, START, STATUSES } from "./conformance/conversation.ts";

const environment = { TEST_CLOCK: START, RECOVERY_MS: "50" };
const RUNTIMES = ["node", "deno"] as const;

describe("the server", { timeout: 600_000 }, () => {
  after(removeServers);

  test("says the same on Node and on Deno, and goes on with the other's data", async () => {
    const conversations = new Map<string, Conversation & { readonly folder: string }>();
    for (const runtime of RUNTIMES) {
      const server = await startServer({ runtime, environment });
      const conversation = await converse(server);
      assert.equal(conversation.lines.map(([, status]) => status).join(" "), STATUSES);
      conversations.set(runtime, { ...conversation, folder: server.folder });
      assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
      assert.equal(server.printed().err, "");
    }
    const [onNode, onDeno] = RUNTIMES.map((runtime) => conversations.get(runtime));
    assert.deepEqual(onDeno?.lines, onNode?.lines);
    assert.match(JSON.stringify(onNode?.lines), /"Renewed"/);

    for (const [runtime, written] of [["node", onDeno], ["deno", onNode]] as const) {
      assert.ok(written);
      const { folder, token, lines } = written;
      const server = await startServer({
        runtime,
        folder,
        environment: { ...environment, TEST_CLOCK: "2026-03-01T10:00:00Z" },
      });
      const { json } = await server.request("GET", "/v1/phone-numbers", { token });
      assert.equal(json.length, 1);
      const [, , before] = lines.at(-1) ?? [];
      assert.ok(Array.isArray(before));
      assert.deepEqual(json, [{ ...before[0], id: json[0].id }]);
      const e164 = "+14155550170";
      const bought = await server.request("POST", "/v1/phone-numbers", { token, body: { e164 } });
      assert.equal(bought.status, 200);
      assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
    }
  });
});
