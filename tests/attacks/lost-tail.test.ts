/** A restored backup: what was bought since is recognized as ours, reported, and handled. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { OrphanPolicy } from "../../core/events/drift.ts";
import type { E164 } from "../../core/values/e164.ts";
import { HOUR_MS } from "../../core/values/calendar.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import {
  type Account,
  ACME,
  buy,
  type Engine,
  openOn,
  pgliteEngine,
  postgresEngine,
  reconcile,
  sandboxAccount,
  telnyxAccount,
} from "./lost-tail-support.ts";

const BEFORE: E164 = "+14155550101";
const SINCE: readonly E164[] = ["+14155550102", "+14155550103"];

/** A backup is made after the first purchase, and restored after two more. */
const restored = async (engine: Engine, account: Account) => {
  const name = await engine.create();
  let ledger = openOn(await engine.open(name), account);
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  await buy(ledger, BEFORE);
  await ledger.close();
  const backup = await engine.copy(name);
  ledger = openOn(await engine.open(name), account);
  for (const e164 of SINCE) await buy(ledger, e164);
  await ledger.close();
  account.clock.set(account.clock.now() + HOUR_MS);
  return backup;
};

type OpenAccount = () => Promise<Account>;

const afterRestore = (theEngine: () => Engine, openAccount: OpenAccount): void => {
  const made: { account?: Account; backup?: string } = {};
  before(async () => {
    made.account = await openAccount();
    made.backup = await restored(theEngine(), made.account);
  });
  after(() => made.account?.close());

  // Each on a copy of the backup; only the last changes the carrier's account.
  const policies: readonly OrphanPolicy[] = [
    { kind: "report" },
    { kind: "adopt", into: "acme" },
    { kind: "release" },
  ];
  for (const orphans of policies) {
    test(`what was bought since is an orphan of ours: ${orphans.kind}`, async () => {
      const theirs = made.account ?? assert.fail("no account");
      const engine = theEngine();
      const log = await engine.open(await engine.copy(made.backup ?? ""));
      const ledger = openOn(log, theirs, { orphans });
      const { seen, drifts } = await reconcile(ledger);
      assert.equal(seen.foreign, 0);
      assert.deepEqual(drifts.map(({ kind, e164 }) => [kind, e164]).toSorted(), [
        ["orphan", SINCE[0]],
        ["orphan", SINCE[1]],
      ]);
      for (const { message, outcome } of drifts) {
        assert.match(message, /order of this installation that its log does not know/);
        assert.equal(outcome, orphans.kind === "report" ? "reported" : "done");
      }
      const kept = orphans.kind === "release" ? [BEFORE] : [BEFORE, ...SINCE];
      assert.deepEqual(await theirs.numbers(), kept);
      const ours = (await ledger.numbers.list(ACME)).map(({ holding }) => holding.e164);
      assert.deepEqual(ours.toSorted(), orphans.kind === "adopt" ? kept : [BEFORE]);
      // Once dealt with, it is over.
      const again = await reconcile(ledger);
      assert.equal(again.drifts.length, orphans.kind === "report" ? 2 : 0);
      await ledger.close();
    });
  }
};

const sideBySide = (theEngine: () => Engine, openAccount: OpenAccount): void => {
  test("two installations with one account leave each other's numbers alone", async () => {
    const account = await openAccount();
    const engine = theEngine();
    const ledgers = [];
    for (const _ of [1, 2]) {
      const log = await engine.open(await engine.create());
      const ledger = openOn(log, account, { orphans: { kind: "release" } });
      await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
      ledgers.push(ledger);
    }
    const [one, other] = ledgers;
    assert.ok(one !== undefined && other !== undefined);
    await buy(one, BEFORE);
    for (const e164 of SINCE) await buy(other, e164);
    assert.equal((await reconcile(one)).seen.foreign, 2);
    assert.equal((await reconcile(other)).seen.foreign, 1);
    assert.deepEqual(await account.numbers(), [BEFORE, ...SINCE]);
    for (const ledger of ledgers) await ledger.close();
    account.close();
  });

  test("a copy of a log whose original is in use releases nothing, nor does the original", async () => {
    const account = await openAccount();
    const engine = theEngine();
    const name = await engine.create();
    let original = openOn(await engine.open(name), account);
    await original.operator.open("acme", { name: "Acme", plan: "Growth" });
    await buy(original, BEFORE);
    await original.close();
    const copied = await engine.copy(name);
    original = openOn(await engine.open(name), account);
    const copy = openOn(await engine.open(copied), account, { orphans: { kind: "release" } });
    account.clock.set(account.clock.now() + HOUR_MS);
    for (const e164 of SINCE) await buy(original, e164);
    const { drifts } = await reconcile(copy);
    assert.deepEqual(drifts.map(({ outcome }) => outcome), ["reported", "reported"]);
    for (const { message } of drifts) {
      assert.match(message, /another server orders from a copy of this log/);
    }
    await copy.operator.renewInstallation();
    assert.equal((await reconcile(copy)).seen.foreign, 2);
    assert.deepEqual(await account.numbers(), [BEFORE, ...SINCE]);
    await copy.close();
    await original.close();
    account.close();
  });
};

const suite = (name: string, theEngine: () => Engine, openAccount: OpenAccount): void => {
  describe(name, { timeout: 600_000 }, () => {
    afterRestore(theEngine, openAccount);
    sideBySide(theEngine, openAccount);
  });
};

const engines = { pglite: pgliteEngine() };
after(() => engines.pglite.end());
suite("PGlite, Telnyx", () => engines.pglite, telnyxAccount);

let server: PostgresServer | undefined;
before(async () => {
  server = await startPostgres();
});
after(() => server?.stop());
const postgres = (): Engine => postgresEngine(server ?? assert.fail("no PostgreSQL"));
suite("PostgreSQL, sandbox", postgres, sandboxAccount);
