/** The calls on DIDs, agents and single numbers see and change one world, as all others do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openTestApp, SIP } from "../support/app.ts";

const DIDS = `/api/v1/sip-trunks/${SIP.id}/dids`;

test("a DID of one world does not exist in the other, and no agent of the other loses or gets it", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sell = () => openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const app = openTestApp({
    carrier: { ...sell(), name: "acme-tel" },
    sandbox: sell(),
    clock,
    setClock: clock.set,
    ids: openIds(clock),
  });
  const live = await app.organization("acme", "Growth");
  const user = { email: "bob@example.com", name: "Bob", sandbox: true };
  const { token: sandbox } = await app.admin("POST", "/admin/organizations/acme/tokens", user);
  const body = { country_code: "DE", number: "030 901820" };
  const made: Record<string, string> = {};
  for (const [world, token] of Object.entries({ live, sandbox })) {
    const { status, json } = await app.request("POST", DIDS, { token, body });
    assert.equal(status, 201, JSON.stringify(json));
    made[world] = json.data.id;
  }
  const call = (token: string, method: string, path: string, given?: unknown) =>
    app.request(method, path, { token, ...(given !== undefined && { body: given }) });
  const calling = (token: string, ids?: readonly (string | undefined)[]) =>
    call(token, "PUT", "/api/v1/agents/agent_1/calling", {
      direction: "inbound",
      ...(ids !== undefined && { phone_number_ids: ids }),
    });
  const idsOf = async (token: string) =>
    (await call(token, "GET", DIDS)).json.data.map(({ id }: { id: string }) => id);
  assert.deepEqual(await idsOf(live), [made["live"]]);
  assert.deepEqual(await idsOf(sandbox), [made["sandbox"]]);
  assert.equal((await calling(live, [made["live"]])).status, 200);
  assert.equal((await calling(sandbox, [made["live"]])).status, 404);
  // An empty set, and a direction alone, are of the caller's world only.
  assert.deepEqual((await calling(sandbox, [])).json.data.phone_numbers, []);
  await call(sandbox, "PUT", "/api/v1/agents/agent_1/calling", { direction: "outbound" });
  const mine = await call(live, "GET", `/ledger/numbers/${made["live"]}`);
  assert.deepEqual([mine.json.direction, mine.json.assistant.id], ["inbound", "agent_1"]);
  for (
    const [method, path] of [
      ["GET", `/ledger/numbers/${made["live"]}`],
      ["PATCH", `/ledger/numbers/${made["live"]}`],
      ["DELETE", `${DIDS}/${made["live"]}`],
    ] as const
  ) {
    const given = method === "PATCH" ? { label: "Theirs" } : undefined;
    assert.equal((await call(sandbox, method, path, given)).status, 404, method);
  }
  assert.equal((await call(sandbox, "DELETE", `${DIDS}/${made["sandbox"]}`)).status, 200);
  assert.deepEqual(await idsOf(live), [made["live"]]);
  await app.close();
});
