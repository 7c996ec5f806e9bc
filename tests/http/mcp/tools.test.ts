/** The tools of `POST /mcp`, driven by the official client of the Model Context Protocol. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { agentOf, withAgent } from "./agent.ts";

const NUMBER = "+14155550101";

for (const mode of ["auto", "legacy"] as const) {
  test(`a client finds the tools and what hosts have to ask a person for (${mode})`, () =>
    withAgent(async ({ app, token }) => {
      const { client } = await agentOf(app.fetch, token, mode);
      const { tools } = await client.listTools();
      const hints = tools.map(({ name, annotations }) => {
        const { readOnlyHint, destructiveHint, idempotentHint } = annotations ?? {};
        return [name, readOnlyHint, destructiveHint, idempotentHint];
      });
      assert.deepEqual(hints, [
        ["search_numbers", true, false, true],
        ["list_numbers", true, false, true],
        ["get_number", true, false, true],
        ["number_history", true, false, true],
        ["route_number", false, false, true],
        ["verification_status", true, false, true],
        ["buy_number", false, true, true],
        ["release_number", false, true, true],
      ]);
      for (const { name, title, description, inputSchema, outputSchema } of tools) {
        assert.ok(title !== undefined && description !== undefined, name);
        assert.deepEqual([inputSchema.type, outputSchema?.type], ["object", "object"], name);
      }
    }));
}

test("an agent searches, buys, routes, reads and releases a number", () =>
  withAgent(async ({ agent }) => {
    const { offers } = await agent.does("search_numbers", { country: "US", areaCode: "415" });
    assert.ok(offers.some(({ e164 }: { e164: string }) => e164 === NUMBER));
    const { bought, confirmation, purchase, says } = await agent.does("buy_number", {
      e164: NUMBER,
      label: "Front desk",
    });
    assert.deepEqual([bought, purchase.monthlyUsd, purchase.paidFrom], [
      false,
      "1.00",
      "subscription",
    ]);
    assert.match(says, /^\+14155550101 would cost 1\.00 US dollars once and 1\.00 a month, paid/);
    assert.deepEqual((await agent.does("list_numbers")).numbers, []);
    const done = await agent.does("buy_number", {
      e164: NUMBER,
      label: "Front desk",
      confirmation,
    });
    const { id } = done.number;
    assert.deepEqual([done.bought, done.number.label], [true, "Front desk"]);
    const routed = await agent.does("route_number", { id, assistant: "agent_1" });
    assert.equal(routed.assistant.id, "agent_1");
    assert.deepEqual(await agent.does("get_number", { id }), routed);
    const { numbers, next } = await agent.does("list_numbers", { limit: 1 });
    assert.deepEqual([numbers.length, numbers[0].id, next], [1, id, null]);
    const { events } = await agent.does("number_history", { id, limit: 2 });
    assert.deepEqual(events.map(({ type }: { type: string }) => type), [
      "PurchaseRequested",
      "ChargeStarted",
    ]);
    assert.equal((await agent.does("verification_status")).status, "missing");
    const told = await agent.does("release_number", { id });
    assert.equal(told.released, false);
    assert.equal((await agent.does("get_number", { id })).status, "active");
    const released = await agent.does("release_number", { id, confirmation: told.confirmation });
    assert.equal(released.released, true);
    assert.deepEqual((await agent.does("list_numbers")).numbers, []);
    assert.equal((await agent.does("number_history", { id })).events.at(-1).type, "Released");
  }));

test("one confirmation buys one number once, however often it is sent", () =>
  withAgent(async ({ agent, app, token }) => {
    const { confirmation } = await agent.does("buy_number", { e164: NUMBER });
    const other = await agentOf(app.fetch, token);
    const both = await Promise.all(
      [agent, other, agent].map((each) => each.does("buy_number", { e164: NUMBER, confirmation })),
    );
    const again = await agent.does("buy_number", { e164: NUMBER, confirmation });
    const ids = new Set([...both, again].map(({ number }) => number.id));
    assert.equal(ids.size, 1);
    assert.equal((await agent.does("list_numbers")).numbers.length, 1);
    const text = await agent.refused("buy_number", { e164: "+14155550102", confirmation });
    assert.match(text, /\(CONFIRMATION_UNFIT\)$/);
    // Once it is released, it is not had again with it; a new confirmation buys it again.
    const [id = ""] = ids;
    const told = await agent.does("release_number", { id });
    await agent.does("release_number", { id, confirmation: told.confirmation });
    const late = await agent.does("buy_number", { e164: NUMBER, confirmation });
    assert.match(late.says, /with this confirmation before, and is released now/);
    const second = await agent.does("buy_number", { e164: NUMBER });
    const anew = await agent.does("buy_number", {
      e164: NUMBER,
      confirmation: second.confirmation,
    });
    assert.notEqual(anew.number.id, id);
    // Without it, it is refused as any number that the caller has.
    assert.match(await agent.refused("buy_number", { e164: NUMBER }), /\(NUMBER_ALREADY_YOURS\)$/);
  }));

test("a confirmation is of one caller, one input, one price and an hour or two", () =>
  withAgent(async ({ agent, app }) => {
    const { confirmation } = await agent.does("buy_number", { e164: NUMBER });
    const colleague = await app.admin("POST", "/admin/organizations/team_1/tokens", {
      email: "bob@example.com",
      name: "Bob",
    });
    const stranger = await app.organization("team_2");
    for (const token of [colleague.token, stranger]) {
      const other = await agentOf(app.fetch, token);
      const text = await other.refused("buy_number", { e164: NUMBER, confirmation });
      assert.match(text, /\(CONFIRMATION_UNFIT\)$/);
    }
    for (const input of [{ e164: "+14155550102" }, { e164: NUMBER, label: "Other" }]) {
      const text = await agent.refused("buy_number", { ...input, confirmation });
      assert.match(text, /\(CONFIRMATION_UNFIT\)$/);
    }
    for (const made of [confirmation.slice(0, 64), "0".repeat(96)]) {
      const text = await agent.refused("buy_number", { e164: NUMBER, confirmation: made });
      assert.match(text, /\(CONFIRMATION_UNFIT\)$/);
    }
    for (const made of ["", `${confirmation}0`, "yes"]) {
      const text = await agent.refused("buy_number", { e164: NUMBER, confirmation: made });
      assert.match(text, /confirmation must be what the call without it gave/);
    }
    await app.advance(3_600);
    await app.advance(3_600);
    const late = await agent.refused("buy_number", { e164: NUMBER, confirmation });
    assert.match(late, /too old.*\(CONFIRMATION_UNFIT\)$/);
    await app.advance(1_800);
    const { confirmation: next } = await agent.does("buy_number", { e164: NUMBER });
    await app.advance(3_600);
    const { bought } = await agent.does("buy_number", { e164: NUMBER, confirmation: next });
    assert.equal(bought, true);
    assert.deepEqual((await agent.does("list_numbers")).numbers.length, 1);
  }));

test("a confirmation of a release is of that number", () =>
  withAgent(async ({ agent, app, token }) => {
    const ids = await Promise.all([NUMBER, "+14155550102"].map(async (e164) => {
      const { status, json } = await app.request("POST", "/ledger/numbers", {
        token,
        body: { e164 },
      });
      assert.equal(status, 201);
      return json.id;
    }));
    const { confirmation } = await agent.does("release_number", { id: ids[0] });
    const text = await agent.refused("release_number", { id: ids[1], confirmation });
    assert.match(text, /\(CONFIRMATION_UNFIT\)$/);
    await agent.does("release_number", { id: ids[0], confirmation });
    const twice = await agent.refused("release_number", { id: ids[0], confirmation });
    assert.match(twice, /\(NUMBER_UNKNOWN\)$/);
  }));

test("a tool refuses as the ledger's own call does, in its words and with its code", () =>
  withAgent(async ({ agent, app, token }) => {
    const own = await app.request("GET", "/ledger/numbers/pn_none", { token });
    const text = await agent.refused("get_number", { id: "pn_none" });
    assert.equal(text, `${own.json.detail} (${own.json.code})`);
    const future = await agent.refused("list_numbers", { asOf: "2030-01-01T00:00:00Z" });
    assert.match(future, /asOf must not be in the future\. \(VALIDATION_ERROR\)/);
    const taken = { e164: NUMBER };
    const other = await app.organization("team_2");
    const { status } = await app.request("POST", "/ledger/numbers", { token: other, body: taken });
    assert.equal(status, 201);
    const theirs = await app.request("POST", "/ledger/numbers", { token, body: taken });
    const sold = await agent.refused("buy_number", taken);
    assert.equal(sold, `${theirs.json.detail} (${theirs.json.code})`);
  }));

test("no input of a tool fails the server, or does anything", () =>
  withAgent(async ({ agent, app, token }) => {
    const { json } = await app.request("POST", "/ledger/numbers", {
      token,
      body: { e164: NUMBER },
    });
    const inputs: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
      ["list_numbers", { limit: 0 }],
      ["list_numbers", { limit: 1e9 }],
      ["list_numbers", { limit: 1.5 }],
      ["list_numbers", { limit: true }],
      ["list_numbers", { limit: { valueOf: 1 } }],
      ["list_numbers", { nothing: 1 }],
      ["list_numbers", { after: "pn_\u0000" }],
      ["list_numbers", { after: "\ud800" }],
      ["get_number", {}],
      ["get_number", { id: ["pn_1"] }],
      ["get_number", { id: "../../admin/organizations" }],
      ["get_number", { id: "x".repeat(10_000) }],
      ["number_history", { id: json.id, after: -1 }],
      ["route_number", { id: json.id, assistant: 7 }],
      ["route_number", { id: json.id, autoRenew: false }],
      ["buy_number", { e164: "x" }],
      ["buy_number", { e164: "+14155550102", organization: "team_2" }],
      ["release_number", { id: json.id, confirmation: null }],
      ["search_numbers", { country: "USA" }],
      ["search_numbers", []] as never,
    ];
    for (const [tool, input] of inputs) {
      const answer = await agent.use(tool, input).catch((error: unknown) => error);
      if (answer instanceof Error) continue;
      assert.ok((answer as { isRefused: boolean }).isRefused, `${tool} ${JSON.stringify(input)}`);
    }
    assert.deepEqual(await agent.does("get_number", { id: json.id }), json);
    await assert.rejects(
      agent.client.callTool({ name: "drop_tables", arguments: {} }),
      /drop_tables/,
    );
  }));

test("a tool acts for its caller's organization alone", () =>
  withAgent(async ({ agent, app }) => {
    const stranger = await app.organization("team_2");
    const { json } = await app.request("POST", "/ledger/numbers", {
      token: stranger,
      body: { e164: NUMBER },
    });
    for (const tool of ["get_number", "number_history", "release_number"]) {
      assert.match(await agent.refused(tool, { id: json.id }), /\(NUMBER_UNKNOWN\)$/);
    }
    const routed = await agent.refused("route_number", { id: json.id, assistant: "agent_1" });
    assert.match(routed, /\(NUMBER_UNKNOWN\)$/);
    assert.deepEqual((await agent.does("list_numbers")).numbers, []);
  }));
