/** Agents whose callers may not, or may no longer, do what they ask for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { agentOf, withAgent } from "./agent.ts";

const NUMBER = "+14155550101";

test("a revoked token is refused from its next message on, and its confirmations with it", () =>
  withAgent(async ({ agent, app, token }) => {
    const { confirmation } = await agent.does("buy_number", { e164: NUMBER });
    const { tokens } = await app.admin("GET", "/admin/organizations/team_1/tokens");
    const { token: other } = await app.admin("POST", "/admin/organizations/team_1/tokens", {
      email: "alice@example.com",
      name: "Alice Johnson",
    });
    await app.admin("DELETE", `/admin/tokens/${tokens[0].id}`);
    for (const tool of ["list_numbers", "search_numbers", "buy_number"]) {
      await assert.rejects(agent.use(tool, { e164: NUMBER, confirmation }), /401|Unauthorized/);
    }
    const body = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    const { status, json } = await app.request("POST", "/mcp", { token, body });
    assert.deepEqual([status, json.code], [401, "UNAUTHORIZED"]);
    const next = await agentOf(app.fetch, other);
    const text = await next.refused("buy_number", { e164: NUMBER, confirmation });
    assert.match(text, /\(CONFIRMATION_UNFIT\)$/);
    assert.deepEqual((await next.does("list_numbers")).numbers, []);
  }));

test("a closed organization's agents are refused, and none of its confirmations outlives it", () =>
  withAgent(async ({ agent, app }) => {
    const { confirmation } = await agent.does("buy_number", { e164: NUMBER });
    await app.admin("DELETE", "/admin/organizations/team_1");
    await assert.rejects(agent.does("list_numbers"), /401|Unauthorized/);
    await assert.rejects(agent.does("buy_number", { e164: NUMBER, confirmation }), /401|Unauth/);
    const again = await agentOf(app.fetch, await app.organization("team_1"));
    const text = await again.refused("buy_number", { e164: NUMBER, confirmation });
    assert.match(text, /\(CONFIRMATION_UNFIT\)$/);
    assert.deepEqual((await again.does("list_numbers")).numbers, []);
  }));

test("an agent whose token only reads is told everything, and changes nothing", () =>
  withAgent(async ({ agent, app }) => {
    const { confirmation } = await agent.does("buy_number", { e164: NUMBER });
    const { number } = await agent.does("buy_number", { e164: NUMBER, confirmation });
    const { token } = await app.admin("POST", "/admin/organizations/team_1/tokens", {
      email: "bob@example.com",
      name: "Bob",
      scope: "read",
    });
    const reader = await agentOf(app.fetch, token);
    const { id } = number;
    for (const [tool, input] of [["get_number", { id }], ["number_history", { id }]] as const) {
      assert.deepEqual(await reader.does(tool, input), await agent.does(tool, input));
    }
    const other = { e164: "+14155550102" };
    const [bought, released] = [
      await reader.does("buy_number", other),
      await reader.does("release_number", { id }),
    ];
    for (
      const [tool, input] of [
        ["route_number", { id, label: "Mine" }],
        ["buy_number", { ...other, confirmation: bought.confirmation }],
        ["release_number", { id, confirmation: released.confirmation }],
      ] as const
    ) assert.match(await reader.refused(tool, input), /\(TOKEN_READ_ONLY\)$/);
    assert.deepEqual(await agent.does("get_number", { id }), number);
    assert.equal((await agent.does("list_numbers")).numbers.length, 1);
  }));

test("a confirmation says what it bought, also where the plan has no place left for it", () =>
  withAgent(async ({ agent, app }) => {
    const { confirmation } = await agent.does("buy_number", { e164: NUMBER });
    const { number } = await agent.does("buy_number", { e164: NUMBER, confirmation });
    const told = await agent.does("release_number", { id: number.id });
    await agent.does("release_number", { id: number.id, confirmation: told.confirmation });
    await app.admin("PUT", "/admin/organizations/team_1", { name: "team_1 Inc", plan: "Free" });
    const other = await agent.refused("buy_number", { e164: "+14155550102" });
    assert.match(other, /\(PLAN_LIMIT_REACHED\)$/);
    const late = await agent.does("buy_number", { e164: NUMBER, confirmation });
    assert.match(late.says, /with this confirmation before, and is released now/);
    assert.equal(late.number.id, number.id);
  }));

test("no page of release requests tells whether another organization has a request", () =>
  withAgent(async ({ app, token }) => {
    const ask = async (one: string, e164: string): Promise<string> => {
      const bought = await app.request("POST", "/ledger/numbers", { token: one, body: { e164 } });
      const body = { number: bought.json.id, reason: "No longer needed." };
      return (await app.request("POST", "/ledger/release-requests", { token: one, body })).json.id;
    };
    const mine = await ask(token, NUMBER);
    const theirs = await ask(await app.organization("team_2"), "+14155550102");
    const page = (after: string) =>
      app.request("GET", `/ledger/release-requests?after=${after}`, { token });
    const unknown = await page("rr_00000000000000000000000000");
    assert.deepEqual([unknown.status, unknown.json.code], [400, "VALIDATION_ERROR"]);
    assert.deepEqual((await page(theirs)).json, unknown.json);
    assert.deepEqual((await page(mine)).json, { releaseRequests: [], next: null });
  }));
