/** What a call was given is the caller's again as soon as the call has begun. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Caller, Ledger } from "../../adapters/ledger/api/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { E164 } from "../../core/values/e164.ts";
import { openIdleLedger } from "../support/ledger.ts";

const alice: Caller = {
  organization: "acme",
  actor: { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice Johnson" },
};

let opened: Ledger | undefined;

before(async () => {
  opened = openIdleLedger(openMemoryLog());
  await opened.operator.open("acme", { name: "Acme", plan: "Growth" });
});
after(() => opened?.close());

const ledger = (): Ledger => {
  assert.ok(opened !== undefined);
  return opened;
};

const buy = async (e164: E164): Promise<string> => {
  const bought = await ledger().purchase(alice, { e164 });
  assert.ok(bought.ok);
  return bought.value.number.holding.id;
};

describe("a call that has begun", () => {
  test("buys the number that it was asked for, for whom it was asked", async () => {
    const input: { e164: E164 } = { e164: "+14155550101" };
    const caller = { ...alice, actor: { ...alice.actor } };
    const buying = ledger().purchase(caller, input);
    input.e164 = "+14155550102";
    caller.organization = "nobody";
    Object.assign(caller.actor, { email: "mallory@example.com" });
    const bought = await buying;
    assert.ok(bought.ok);
    const { e164, createdBy } = bought.value.number.holding;
    assert.equal(e164, "+14155550101");
    assert.equal(createdBy?.email, "alice@example.com");
  });

  test("keeps the template that it was given", async () => {
    const id = await buy("+14155550103");
    const template: Record<string, unknown> = { greeting: { words: ["hello"] } };
    const routing = ledger().route(alice, id, { template });
    Object.assign(template, { greeting: 1n });
    assert.ok((await routing).ok);
    const number = await ledger().numbers.get(alice, id);
    assert.deepEqual(number?.holding.routing.template, { greeting: { words: ["hello"] } });
  });

  test("assigns the numbers that were named to it", async () => {
    const ids = [await buy("+14155550104")];
    const other = await buy("+14155550105");
    const assigning = ledger().assign(alice, "asst_1", ids);
    ids.push(other);
    const assigned = await assigning;
    assert.ok(assigned.ok);
    assert.deepEqual(assigned.value.map(({ holding }) => holding.id), ids.slice(0, 1));
  });
});

test("a command is the same again when its fields come in another order", async () => {
  const commandId = "order-1";
  const [e164, label] = ["+14155550106", "Sales"] as const;
  const first = await ledger().purchase(alice, { e164, label }, { commandId });
  const again = await ledger().purchase(alice, { label, e164 }, { commandId });
  assert.ok(first.ok && again.ok);
  assert.equal(again.value.number.holding.id, first.value.number.holding.id);
});

test("a cursor is read whole, whatever its organizations are called", async () => {
  for (const organization of ["constructor", "prototype", "__proto__"]) {
    const opened = await ledger().operator.open(organization, { name: "Odd", plan: "Growth" });
    assert.ok(opened.ok);
    const beyond = Object.fromEntries([[organization, 1_000]]);
    const turns = ledger().followAll({ after: beyond })[Symbol.asyncIterator]();
    await assert.rejects(turns.next(), RangeError);
  }
});
