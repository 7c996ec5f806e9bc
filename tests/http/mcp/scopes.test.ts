/** An agent whose token only reads looks at everything, and changes nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { TOOLS } from "../../../http/mcp/speak.ts";
import { agentOf, withAgent } from "./agent.ts";

const NUMBER = "+14155550101";
const REFUSED = /^The token only reads; .* \(TOKEN_READ_ONLY\)$/;

test("tools that write refuse a token that only reads, and tell what they would do", async () => {
  const log = openMemoryLog();
  await withAgent(async ({ agent: writer, app }) => {
    const { token } = await app.admin("POST", "/admin/organizations/team_1/tokens", {
      email: "bob@example.com",
      name: "Bob",
      scope: "read",
    });
    const agent = await agentOf(app.fetch, token);
    await writer.does("search_numbers", { country: "US", areaCode: "415" });
    await agent.does("search_numbers", { country: "US", areaCode: "212" });
    const offer = await writer.does("buy_number", { e164: NUMBER });
    const { confirmation } = offer;
    const { id } = (await writer.does("buy_number", { e164: NUMBER, confirmation })).number;
    const other = { e164: "+14155550102" };
    const told = await agent.does("buy_number", other);
    const leaving = await agent.does("release_number", { id });
    const { head } = await log.load("team_1", {});
    const used = new Set(["search_numbers"]);
    const refuses = async (tool: string, input: Readonly<Record<string, unknown>>) => {
      used.add(tool);
      assert.match(await agent.refused(tool, input), REFUSED, tool);
    };
    const reads = async (tool: string, input: Readonly<Record<string, unknown>> = {}) => {
      used.add(tool);
      await agent.does(tool, input);
    };
    await refuses("buy_number", { ...other, confirmation: told.confirmation });
    await refuses("release_number", { id, confirmation: leaving.confirmation });
    await refuses("route_number", { id, assistant: "agent_1" });
    await reads("list_numbers");
    await reads("get_number", { id });
    await reads("number_history", { id });
    await reads("verification_status");
    // A new tool is to be tried here as well.
    assert.deepEqual([...used].toSorted(), TOOLS.map(({ name }) => name).toSorted());
    assert.deepEqual((await log.load("team_1", {})).head, head);
  }, { log });
});
