/** A program that embeds the ledger cannot write by mistake for a token that only reads. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { callsOf } from "../../adapters/ledger/calls/mod.ts";
import { mapCalls } from "../../adapters/ledger/calls/declaration.ts";
import { readArguments } from "../../adapters/validation/argument.ts";
import { openIdleLedger } from "../support/ledger.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";

const USER = { email: "alice@example.com", name: "Alice Johnson", sandbox: false };

test("the caller of a token has its scope, which every call that changes something heeds", async () => {
  const log = openMemoryLog();
  const ledger = openIdleLedger(log);
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  const issued = await ledger.operator.issueToken("acme", { ...USER, scope: "read" });
  assert.ok(issued.ok);
  const caller = await ledger.authenticate(issued.value.token) ?? assert.fail();
  assert.equal(caller.scope, "read");
  const { head } = await log.load("acme", {});
  const input = { e164: "+14155550101" } as const;
  const purchase = await ledger.purchase(caller, input as never);
  assert.deepEqual(purchase.ok ? null : purchase.error, {
    code: "INVALID_ARGUMENT",
    path: "caller",
    message: "caller has a token that only reads",
  });
  assert.deepEqual((await log.load("acme", {})).head, head);
  assert.deepEqual(await ledger.numbers.list(caller), []);
  await ledger.close();
});

test("what a caller can be refused, a reader is, but for searches and dry runs", () => {
  const actor = { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice" };
  const open: string[] = [];
  const closed: string[] = [];
  mapCalls(callsOf({} as never, {} as never), ({ kind, schemas: { caller } }, name) => {
    if (caller === undefined) return;
    const read = (scope: string | undefined) =>
      readArguments({ caller }, [{ organization: "acme", actor, scope }]).ok;
    assert.ok(read("write") && read(undefined), name);
    assert.equal(read("admin"), false, name);
    if (kind === "refusable") (read("read") ? open : closed).push(name);
    else assert.ok(read("read"), name);
  });
  assert.deepEqual(open.toSorted(), ["dryRun", "search"]);
  assert.ok(closed.length >= 14);
});

test("a token is one that writes where its issue does not say, as in an event of version 1", async () => {
  const log = openMemoryLog();
  const ledger = openIdleLedger(log);
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  for (const scope of [undefined, "write"] as const) {
    const issued = await ledger.operator.issueToken("acme", { ...USER, scope });
    assert.ok(issued.ok);
    const caller = await ledger.authenticate(issued.value.token);
    assert.equal(caller?.scope, "write");
  }
  const page = await ledger.operator.tokens("acme");
  assert.deepEqual(page?.tokens.map(({ scope }) => scope), ["write", "write"]);
  await ledger.close();
});
