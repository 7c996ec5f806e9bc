/** The same conversation with a server on Node and with one on Deno, and each on the other's data. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { removeServers, startServer, type TestServer } from "../support/server.ts";

const DAY_S = 24 * 60 * 60;
const START = "2026-01-31T10:00:00Z";
const environment = { TEST_CLOCK: START, RECOVERY_MS: "50" };
const RUNTIMES = ["node", "deno"] as const;

type Line = readonly [call: string, status: number, json: unknown];

/** Writes down what was asked and answered. Ids and hashes, which differ, are numbered as they come. */
const openTranscript = () => {
  const ids = new Map<string, string>();
  const lines: Line[] = [];
  const plain = (text: string): string =>
    text.replaceAll(/\b(?:[a-z]{2}_[0-9a-z]{26}|[0-9a-f]{64})\b/g, (id) => {
      const known = ids.get(id) ?? `id ${ids.size + 1}`;
      ids.set(id, known);
      return known;
    });
  return {
    lines,
    write: (call: string, { status, json }: { readonly status: number; readonly json: unknown }) =>
      void lines.push([plain(call), status, JSON.parse(plain(JSON.stringify(json)))]),
  };
};

type Conversation = { readonly token: string; readonly lines: readonly Line[] };

const converse = async (server: TestServer): Promise<Conversation> => {
  const { lines, write } = openTranscript();
  const token = await server.organization("acme");
  const say = async (method: string, path: string, body?: unknown) => {
    const answer = await server.request(method, path, { token, body });
    write(`${method} ${path}`, answer);
    return answer.json;
  };
  const listAll = async () => {
    await say("GET", "/api/phone-numbers/purchase?teamId=acme");
    await say("GET", "/api/v1/phone-numbers?page=1");
    await say("GET", "/v1/phone-numbers");
  };
  const filters = { countryCode: "US", areaCode: "415", limit: 3 };
  const { numbers: [first] } = await say("POST", "/api/phone-numbers/search", { filters });
  const [second] = (await say("GET", "/v1/phone-numbers/available?areaCode=415&limit=2")).slice(1);
  const { phoneNumber } = await say("POST", "/api/phone-numbers/purchase", {
    phoneNumber: first.phoneNumber,
    teamId: "acme",
  });
  const { id } = await say("POST", "/v1/phone-numbers", {
    e164: second.e164,
    label: "São Paulo ☎",
  });
  await say("POST", "/v1/phone-numbers", { e164: second.e164 });
  await listAll();
  const assistant = "/api/assistants/as_1/telephony/phone-numbers";
  await say("PATCH", assistant, { phoneNumberIds: [phoneNumber.id] });
  await say("GET", assistant);
  await server.advance(29 * DAY_S);
  await listAll();
  await say("GET", `/ledger/numbers/${phoneNumber.id}/history`);
  await say("POST", `/api/v1/phone-numbers/${id}/request-release`, {
    reason: "No longer needed by the team.",
  });
  await say("DELETE", `/v1/phone-numbers/${id}`);
  await say("GET", `/v1/phone-numbers/${id}`);
  await listAll();
  return { token, lines };
};

/** What the calls above are answered, in order. */
const STATUSES = "200 200 200 200 409 200 200 200 200 200 200 200 200 200 201 200 404 200 200 200";

describe("the server", { timeout: 180_000 }, () => {
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
