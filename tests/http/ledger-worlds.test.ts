/** Callers of the sandbox and of the live carrier each see and change one world, in every call. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openTestApp, SIP } from "../support/app.ts";
import { assertProblem, bought, expected } from "./ledger-support.ts";
import { type Talk, userOf } from "./talk-support.ts";

const LIST = "/ledger/numbers";

test("what is of one world does not exist in the other", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sell = () => openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const app = openTestApp({
    carrier: { ...sell(), name: "acme-tel" },
    sandbox: sell(),
    clock,
    setClock: clock.set,
  });
  const live = userOf(app, await app.organization("acme"));
  const user = { email: "bob@example.com", name: "Bob", sandbox: true };
  const { token } = await app.admin("POST", "/admin/organizations/acme/tokens", user);
  const sandbox = userOf(app, token);
  const made = async (call: Talk) => {
    const { id } = await bought(call, "+14155550101");
    const body = { e164: "+4922812345678", sipConnection: SIP.id };
    const imported = expected(await call("POST", "/ledger/imports", { body }), 201);
    const wish = { body: { number: id, reason: "No longer needed." } };
    const request = expected(await call("POST", "/ledger/release-requests", wish), 201);
    return { id, imported: imported.id, request: request.id };
  };
  const [mine, theirs] = [await made(sandbox), await made(live)];
  const worlds = { [mine.id]: true, [mine.imported]: true, [theirs.id]: false };
  const known = { ...worlds, [theirs.imported]: false };
  const sandboxOf = (rows: readonly { readonly id: string; readonly sandbox: boolean }[]) =>
    Object.fromEntries(rows.map(({ id, sandbox: isSandbox }) => [id, isSandbox]));
  assert.deepEqual(sandboxOf((await app.admin("GET", "/admin/numbers")).numbers), known);
  const { holders } = await app.admin("GET", "/ledger/holders/+14155550101");
  assert.deepEqual(sandboxOf(holders), { [mine.id]: true, [theirs.id]: false });
  const [acme] = (await app.admin("GET", "/admin/organizations")).organizations;
  assert.deepEqual([acme.numbers, acme.imports], [1, 1]);
  const idsOf = async (query: string) =>
    expected(await sandbox("GET", `${LIST}${query}`), 200).numbers
      .map(({ id }: { id: string }) => id);
  const both = [mine.id, mine.imported];
  for (const query of ["", "?limit=5", "?asOf=2026-01-31T10:00:00Z", "?search=1&status=active"]) {
    assert.deepEqual(await idsOf(query), both, query);
  }
  for (const id of [theirs.id, theirs.imported]) {
    assertProblem(await sandbox("GET", `${LIST}?after=${id}`), 400, "VALIDATION_ERROR");
    assertProblem(await sandbox("DELETE", `/ledger/imports/${id}`), 404, "NUMBER_UNKNOWN");
    const past = await sandbox("GET", `${LIST}/${id}?asOf=2026-01-31T10:00:00Z`);
    assertProblem(past, 404, "NUMBER_UNKNOWN");
    const set = { body: { numbers: [id] } };
    const assigned = await sandbox("PUT", "/ledger/assistants/agent_1/numbers", set);
    assertProblem(assigned, 404, "NUMBER_UNKNOWN");
    const asked = await sandbox("POST", "/ledger/release-requests", {
      body: { number: id, reason: "Not mine." },
    });
    assertProblem(asked, 404, "NUMBER_UNKNOWN");
  }
  const requests = expected(await sandbox("GET", "/ledger/release-requests"), 200).releaseRequests;
  assert.deepEqual(requests.map(({ id }: { id: string }) => id), [mine.request]);
  const foreign = `/ledger/release-requests/${theirs.request}`;
  for (const method of ["GET", "DELETE"]) {
    assertProblem(await sandbox(method, foreign), 404, "RELEASE_REQUEST_UNKNOWN");
  }
  const after = await sandbox("GET", `/ledger/release-requests?after=${theirs.request}`);
  assertProblem(after, 400, "VALIDATION_ERROR");
  assert.equal(expected(await sandbox("GET", "/ledger/eligibility"), 200).numbers, 1);
  assert.equal((await live("GET", `${LIST}/${theirs.id}`)).json.status, "active");
  await app.close();
});
