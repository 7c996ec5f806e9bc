/** A command is decided again while its log moves on before each append, and not for ever. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Claim, EventLog } from "../../core/ports/mod.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { money } from "../../core/values/money.ts";
import { installTrunk } from "../harness/sip.ts";
import { openIdleLedger } from "../support/ledger.ts";

/** How often a command is tried. */
const ATTEMPTS = 30;

/** A ledger before each of whose next `late` decisions are appended, another one appends. */
const openLate = async (late: number) => {
  const log = openMemoryLog();
  const faster = openIdleLedger(log);
  assert.ok((await faster.operator.open("acme", { name: "Acme Inc", plan: "Scale" })).ok);
  const seen = { appends: 0 };
  const append: EventLog["append"] = async (input) => {
    if (seen.appends++ < late) {
      assert.ok((await faster.operator.addCredits("acme", { amount: money(1) })).ok);
    }
    return await log.append(input);
  };
  const events = () => log.events("acme", 0, 100);
  return { ledger: openIdleLedger({ ...log, append }), seen, events };
};

const nameIn = ({ ledger }: Awaited<ReturnType<typeof openLate>>) =>
  ledger.operator.nameAssistant("acme", { assistant: "a1", name: "Ann" });

test("a command that is in time at the last attempt is appended once", async () => {
  const late = await openLate(ATTEMPTS - 1);
  assert.ok((await nameIn(late)).ok);
  assert.equal(late.seen.appends, ATTEMPTS);
  const named = (await late.events()).filter(({ type }) => type === "AssistantNamed");
  assert.deepEqual(named.map(({ actor, data }) => [actor, data]), [
    [OPERATOR, { assistant: "a1", name: "Ann" }],
  ]);
  await late.ledger.close();
});

test("a command that is never in time is given up, says so, and changes nothing", async () => {
  const late = await openLate(Number.MAX_SAFE_INTEGER);
  await assert.rejects(nameIn(late), (error: Error) => {
    assert.equal(error.name, "Busy");
    assert.equal(error.message, "The log of acme is too busy; nothing was changed.");
    // By this, another copy of the package knows it.
    return Symbol.for("ledgerline/Busy") in error;
  });
  assert.equal(late.seen.appends, ATTEMPTS);
  assert.deepEqual(
    [...new Set((await late.events()).map(({ type }) => type))],
    ["OrganizationOpened", "CreditsAdded"],
  );
  await late.ledger.close();
});

test("a claim that a decision had not asked for is loaded at the next attempt, beside its own", async () => {
  const log = openMemoryLog();
  const strange: Claim = { key: "import:+14155550199", organization: "other", holder: "pn_1" };
  const asked: (readonly string[])[] = [];
  let isClaimed = false;
  const ledger = openIdleLedger({
    ...log,
    load: (organization, needs) => {
      if (isClaimed) asked.push(needs.claims ?? []);
      return log.load(organization, needs);
    },
    append: async (input) => {
      if (!isClaimed || asked.length > 1) return await log.append(input);
      return { outcome: "claimed", claim: strange };
    },
  });
  assert.ok((await ledger.operator.open("acme", { name: "Acme", plan: "Growth" })).ok);
  await installTrunk(ledger, "acme", "trunk_1");
  const via = { sipTrunk: "trunk_1" };
  const caller = { organization: "acme", actor: OPERATOR };
  isClaimed = true;
  const imported = await ledger.import(caller, { e164: "+14155550101", via });
  assert.ok(imported.ok, JSON.stringify(imported));
  const [first = [], second] = asked;
  assert.ok(first.length > 0 && !first.includes(strange.key));
  assert.deepEqual(second, [...first, strange.key]);
  await ledger.close();
});
