/** What is a bearer token by its form; anything else is looked up nowhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenIdOf } from "../../adapters/ledger/engine/token.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { openIdleLedger } from "../support/ledger.ts";

test("a token's id is what comes before its secret", () => {
  assert.equal(tokenIdOf("tk_0a.A-z_9"), "tk_0a");
  assert.equal(tokenIdOf(`tk_${"z".repeat(40)}.${"Z".repeat(64)}`), `tk_${"z".repeat(40)}`);
});

test("a text that is not a token as a whole has no id", () => {
  for (
    const text of [
      "",
      "tk_1",
      "tk_1.",
      ".secret",
      "tk_.secret",
      "xtk_1.secret",
      "pn_1.secret",
      "tk_A.secret",
      "tk_1.se cret",
      "tk_1.secret ",
      " tk_1.secret",
      "tk_1.secret.more",
      "tk_1.secret\n",
      `tk_${"z".repeat(41)}.secret`,
      `tk_1.${"z".repeat(65)}`,
    ]
  ) {
    assert.equal(tokenIdOf(text), null, JSON.stringify(text));
  }
});

test("only a text of that form is looked up, and only its whole is taken for the token", async () => {
  const log = openMemoryLog();
  const asked: string[] = [];
  const find: EventLog["find"] = (kind, key) => {
    asked.push(key);
    return log.find(kind, key);
  };
  const ledger = openIdleLedger({ ...log, find });
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  const user = { email: "alice@example.com", name: "Alice Johnson" };
  const issued = await ledger.operator.issueToken("acme", { ...user, sandbox: false });
  assert.ok(issued.ok);
  const { id, token } = issued.value;
  for (const text of ["", "secret", `${token}.`, ` ${token}`]) {
    assert.equal(await ledger.authenticate(text), null);
  }
  assert.deepEqual(asked, []);
  assert.equal(await ledger.authenticate("tk_0.secret"), null);
  assert.equal(await ledger.authenticate(`${id}.${"A".repeat(43)}`), null);
  const caller = await ledger.authenticate(token);
  assert.deepEqual(caller?.actor, { kind: "user", tokenId: id, ...user });
  assert.deepEqual(asked, ["tk_0", id, id]);
  assert.ok((await ledger.operator.revokeToken(id)).ok);
  assert.equal(await ledger.authenticate(token), null);
  await ledger.close();
});
