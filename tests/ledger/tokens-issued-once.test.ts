/** A token under a command id is issued once, and its secret is shown once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADMIN_TOKEN, openTestApp } from "../support/app.ts";
import { openIdleLedger } from "../support/ledger.ts";
import { everyLog } from "../support/logs.ts";

const USER = { email: "alice@example.com", name: "Alice Johnson", sandbox: false };

for (const [name, open] of Object.entries(everyLog())) {
  test(`a repeated command gives the token's id and no secret, on ${name}`, async () => {
    const log = await open();
    const [ledger, other] = [openIdleLedger(log), openIdleLedger(log)];
    await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
    let repeats = 0;
    const once = { commandId: "alice", onRepeated: () => repeats += 1 };
    const issued = await Promise.all(
      [ledger, other, ledger].map(({ operator }) => operator.issueToken("acme", USER, once)),
    );
    const values = issued.map((one) => one.ok ? one.value : assert.fail(one.error.message));
    const shown = values.flatMap(({ token }) => token ?? []);
    const [token = ""] = shown;
    assert.deepEqual([shown.length, repeats], [1, 2]);
    assert.equal(new Set(values.map(({ id }) => id)).size, 1);
    assert.equal((await ledger.authenticate(token))?.organization, "acme");
    const changed = await ledger.operator.issueToken("acme", { ...USER, scope: "read" }, once);
    assert.equal(changed.ok ? null : changed.error.code, "COMMAND_ID_REUSED");
    await ledger.operator.open("bolt", { name: "Bolt", plan: "Growth" });
    const elsewhere = await ledger.operator.issueToken("bolt", USER, once);
    assert.ok(elsewhere.ok && elsewhere.value.token !== null);
    const { tokens } = await ledger.operator.tokens("acme") ?? assert.fail();
    assert.deepEqual(tokens.map(({ id }) => id), [values[0]?.id]);
    // A token that was revoked is not issued anew by its command.
    await ledger.operator.revokeToken(tokens[0]?.id ?? "");
    const late = await other.operator.issueToken("acme", USER, once);
    assert.deepEqual(late.ok && late.value, { id: values[0]?.id, token: null });
    await ledger.close();
    await other.close();
    await log.close();
  });
}

test("a key whose first answer was not kept issues no other token", async () => {
  const app = openTestApp({ answers: null });
  await app.organization("acme");
  const issue = () =>
    app.request("POST", "/admin/organizations/acme/tokens", {
      token: ADMIN_TOKEN,
      body: { email: "ada@example.com", name: "Ada" },
      headers: { "idempotency-key": "ada-1" },
    });
  const [first, again] = [await issue(), await issue()];
  assert.match(first.json.token, /^tk_/);
  assert.deepEqual([again.status, again.json], [201, { id: first.json.id, token: null }]);
  const marks = [first, again].map(({ headers }) => headers.get("idempotency-replayed"));
  assert.deepEqual(marks, [null, "true"]);
  const { tokens } = await app.admin("GET", "/admin/organizations/acme/tokens");
  assert.equal(tokens.length, 2);
  await app.close();
});
