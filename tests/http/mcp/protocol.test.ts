/** `POST /mcp` as any program may send to it: what is not the protocol, too much, too often. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RateLimiter } from "../../../core/ports/mod.ts";
import { createApp } from "../../../adapters/runtimes/library/http.ts";
import { openMcp } from "../../../http/mcp/mod.ts";
import { openTestApp, requester } from "../../support/app.ts";
import { gate } from "../../support/gate.ts";
import { runs } from "../../support/runs.ts";
import { agentOf, withAgent } from "./agent.ts";

const HEADERS = { accept: "application/json, text/event-stream" };

const callTool = (name: string, input: unknown, id: unknown = 1) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: input },
});

test("it is reached with a token, by POST alone, and only where it is given", async () => {
  await withAgent(async ({ app, token }) => {
    const unknown = await app.request("POST", "/mcp", { body: callTool("list_numbers", {}) });
    assert.deepEqual([unknown.status, unknown.json.code], [401, "UNAUTHORIZED"]);
    assert.ok(unknown.headers.get("www-authenticate"));
    for (const method of ["GET", "DELETE", "PUT"]) {
      const { status, headers } = await app.request(method, "/mcp", { token, headers: HEADERS });
      assert.deepEqual([status, headers.get("allow")], [405, "POST"], method);
    }
    const { status, json } = await app.request("GET", "/mcp/sse", { token });
    assert.deepEqual([status, json.code], [404, "NOT_FOUND"]);
  });
  const app = openTestApp();
  const token = await app.organization("team_1");
  const { status } = await app.request("POST", "/mcp", { token, body: {} });
  assert.equal(status, 404);
  await app.close();
});

test("what is not a message of the protocol is refused, and fails nothing", () =>
  withAgent(async ({ app, token }) => {
    const post = (body: unknown) => app.request("POST", "/mcp", { token, body, headers: HEADERS });
    const several = await post([callTool("list_numbers", {}), callTool("list_numbers", {}, 2)]);
    assert.equal(several.status, 400);
    const large = await post(callTool("list_numbers", { search: "x".repeat(1_000_000) }));
    assert.equal(large.status, 413);
    const value = fc.oneof(fc.constantFrom("2.0", "tools/call", "list_numbers"), fc.jsonValue());
    const message = fc.record(
      { jsonrpc: value, id: value, method: value, params: value, result: value, error: value },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(message, async (body) => {
        const { status } = await post(body);
        assert.ok(status >= 200 && status < 500, `${status} ${JSON.stringify(body)}`);
      }),
      { numRuns: runs(200) },
    );
  }));

test("a notification is taken without an answer, and no stream is opened", () =>
  withAgent(async ({ app, agent, token }) => {
    const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
    const { status, json } = await app.request("POST", "/mcp", {
      token,
      body: notification,
      headers: HEADERS,
    });
    assert.deepEqual([status, json], [202, null]);
    const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
    for (const accept of ["*/*", "text/html"]) {
      const ponged = await app.request("POST", "/mcp", { token, body: ping, headers: { accept } });
      assert.deepEqual([ponged.status, ponged.json.result], [200, {}], accept);
    }
    await assert.rejects(agent.client.listen({ toolsListChanged: true }), /limit/i);
  }));

/** A limiter that counts what is taken, and has a few searches to give. */
const counting = (searches: number) => {
  const taken = { requests: 0, searches: 0 };
  const limiter: RateLimiter = {
    take: (buckets) => {
      const isSearch = buckets.some(({ key }) => key.startsWith("searches:"));
      const levels = buckets.map(() => ({ remaining: 0, full_ms: 1_000 }));
      if (isSearch && taken.searches === searches) return { taken: false, wait_ms: 1_000, levels };
      taken[isSearch ? "searches" : "requests"] += 1;
      return { taken: true, wait_ms: 0, levels };
    },
  };
  return { limiter, taken };
};

test("each message is a request of its organization, and one that asks the carrier a search", () => {
  const { limiter, taken } = counting(2);
  return withAgent(async ({ agent }) => {
    const before = taken.requests;
    await agent.does("list_numbers");
    assert.deepEqual(taken, { requests: before + 1, searches: 0 });
    await agent.does("search_numbers", { country: "US", areaCode: "415" });
    // A price is asked for as a search is.
    const { confirmation } = await agent.does("buy_number", { e164: "+14155550101" });
    assert.deepEqual(taken, { requests: before + 3, searches: 2 });
    const inputs = [
      ["search_numbers", { country: "US", areaCode: "212" }],
      ["buy_number", { e164: "+14155550101" }],
      ["buy_number", { e164: "+14155550101", confirmation }],
    ] as const;
    for (const [tool, input] of inputs) {
      assert.match(await agent.refused(tool, input), /\(RATE_LIMITED\)$/);
    }
    assert.deepEqual((await agent.does("list_numbers")).numbers, []);
  }, { limiter });
});

test("a key of the request neither repeats an answer nor makes two commands one", () =>
  withAgent(async ({ app, token, agent }) => {
    const use = async (name: string, input: unknown): Promise<Response> =>
      await app.fetch(
        new Request("http://localhost/mcp", {
          method: "POST",
          headers: {
            ...HEADERS,
            authorization: `Bearer ${token}`,
            "content-type": "application/json",
            "idempotency-key": "one",
          },
          body: JSON.stringify(callTool(name, input)),
        }),
      );
    const bought = [];
    for (const e164 of ["+14155550101", "+14155550102"]) {
      const { confirmation } = await agent.does("buy_number", { e164 });
      const answer = await use("buy_number", { e164, confirmation });
      assert.equal(answer.status, 200);
      assert.equal((await answer.json()).id, 1);
      assert.equal(answer.headers.get("idempotency-replayed"), null);
      bought.push(e164);
    }
    const { numbers } = await agent.does("list_numbers");
    assert.deepEqual(numbers.map(({ e164 }: { e164: string }) => e164), bought);
  }));

test("many agents together are answered, each for its own organization", () =>
  withAgent(async ({ app }) => {
    const agents = await Promise.all(
      Array.from({ length: 8 }, async (_, place) => {
        const token = await app.organization(`crowd_${place}`);
        return await agentOf(app.fetch, token, place % 2 === 0 ? "auto" : "legacy");
      }),
    );
    await Promise.all(agents.map(async (agent, place) => {
      const e164 = `+1415555010${place}`;
      const { confirmation } = await agent.does("buy_number", { e164 });
      await agent.does("buy_number", { e164, confirmation });
      const { numbers } = await agent.does("list_numbers");
      assert.deepEqual(numbers.map((number: { e164: string }) => number.e164), [e164]);
    }));
  }));

test("messages that read a lot wait for each other, and too many of one organization are refused", () =>
  withAgent(async ({ app: { ledger, organization }, token }) => {
    const [busy, crowded, may] = [gate(), gate(), gate()];
    let running = 0;
    const list: typeof ledger.numbers.list = async (...asked) => {
      if (asked[0].organization !== "team_1") return await ledger.numbers.list(...asked);
      // One more than a page has tells whether there is another.
      assert.equal(asked[1]?.limit, 21);
      running += 1;
      if (running === 2) busy.open();
      if (running > 2) crowded.open();
      await may.opened;
      running -= 1;
      return [];
    };
    const numbers = { ...ledger.numbers, list };
    const app = createApp({ ledger: { ...ledger, numbers }, adminToken: null, mcp: openMcp() });
    const ask = requester(app.fetch);
    const read = async (by: string): Promise<string> => {
      const body = callTool("list_numbers", {});
      const { json } = await ask("POST", "/mcp", { token: by, body, headers: HEADERS });
      return json.result.isError === true ? json.result.content[0].text : "read";
    };
    // Two run, and 64 wait.
    const reading = Array.from({ length: 67 }, () => read(token));
    await busy.opened;
    const told = await Promise.race([...reading, crowded.opened.then(() => "a third one runs")]);
    assert.match(told, /\(RATE_LIMITED\)$/);
    assert.equal(await read(await organization("team_2")), "read");
    may.open();
    assert.equal((await Promise.all(reading)).filter((told) => told === "read").length, 66);
  }));
