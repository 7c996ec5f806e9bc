/** A custom ledger behind a custom server, on Node. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createApp } from "../../adapters/package/http.ts";
import { openMemoryLog } from "../../adapters/package/memory.ts";
import { openLedger } from "../../adapters/package/mod.ts";
import { listenerOf } from "../../adapters/package/node.ts";
import { openSandboxCarrier } from "../../adapters/package/sandbox.ts";

test("listenerOf() gives what a server of node:http answers with", async (context) => {
  const ledger = await openLedger({ log: openMemoryLog(), carrier: openSandboxCarrier() });
  context.after(() => ledger.close());
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  const user = { email: "alice@example.com", name: "Alice Johnson", sandbox: false };
  const issued = await ledger.operator.issueToken("acme", user);
  assert.ok(issued.ok);
  const server = createServer(listenerOf(createApp({ ledger, adminToken: null })));
  context.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/v1/phone-numbers/available?areaCode=415`, {
    headers: { authorization: `Bearer ${issued.value.token}`, connection: "close" },
  });
  assert.equal(answer.status, 200);
  assert.equal((await answer.json())[0].e164, "+14155550101");
});
