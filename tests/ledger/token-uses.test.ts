/** When a token was last used is noted in the background, rarely, and never in a caller's way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestClock, type TestClock } from "../../adapters/clock/test.ts";
import type { Ledger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog, TokenUse, TokenUses } from "../../core/ports/mod.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import { HOUR_MS, MINUTE_MS } from "../../core/values/calendar.ts";
import { until } from "../support/eventually.ts";
import { gate } from "../support/gate.ts";
import { openIdleLedger } from "../support/ledger.ts";

const USER = { email: "alice@example.com", name: "Alice Johnson", sandbox: false };
const NOON = Date.parse("2026-01-31T12:00:00Z");

/** A log whose notes are seen, or are made to do something else. */
const watched = (change: (uses: TokenUses) => Partial<TokenUses> = () => ({})) => {
  const log = openMemoryLog();
  const notes: (readonly TokenUse[])[] = [];
  const uses = log.tokenUses ?? assert.fail();
  const tokenUses: TokenUses = {
    ...uses,
    note: async (given) => {
      notes.push(given);
      await (change(uses).note ?? uses.note)(given);
    },
  };
  return { log: { ...log, tokenUses } satisfies EventLog, notes };
};

const open = async (log: EventLog) => {
  const clock = openTestClock(NOON);
  const reports: string[] = [];
  const report = (what: string) => void reports.push(what);
  const ledger = openIdleLedger(log, { clock, report });
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  const issue = async () => {
    const issued = await ledger.operator.issueToken("acme", USER);
    return issued.ok ? issued.value : assert.fail(issued.error.message);
  };
  return { clock, ledger, reports, issue };
};

const lastUsed = async (ledger: Ledger): Promise<readonly (number | null)[]> =>
  (await ledger.operator.tokens("acme"))?.tokens.map((token) => token.lastUsedAt) ?? [];

const at = (clock: TestClock, time: number): void => clock.set(time);

test("the list of tokens has the last use of each, to the hour", async () => {
  const { log, notes } = watched();
  const { clock, ledger, issue } = await open(log);
  const [one, two] = [await issue(), await issue()];
  assert.deepEqual(await lastUsed(ledger), [null, null]);
  await ledger.authenticate(one.token);
  assert.deepEqual(await lastUsed(ledger), [NOON, null]);
  at(clock, NOON + HOUR_MS - 1);
  for (let time = 0; time < 10; time++) await ledger.authenticate(one.token);
  await ledger.authenticate(`${two.id}.wrong`);
  assert.deepEqual(await lastUsed(ledger), [NOON, null]);
  at(clock, NOON + HOUR_MS);
  await Promise.all([one, one, two].map(({ token }) => ledger.authenticate(token)));
  assert.deepEqual(await lastUsed(ledger), [NOON + HOUR_MS, NOON + HOUR_MS]);
  assert.deepEqual(notes.map((uses) => uses.length), [1, 2]);
  await ledger.close();
});

test("uses are written without being asked for, together, and the last at the latest when it closes", async () => {
  const { log, notes } = watched();
  const { ledger, issue } = await open(log);
  const issued = await Promise.all(Array.from({ length: 5 }, issue));
  for (const { token } of issued) await ledger.authenticate(token);
  assert.equal(notes.length, 0);
  await until(() => notes.length > 0);
  assert.deepEqual(notes.map((uses) => uses.length), [5]);
  const { id, token } = await issue();
  await ledger.authenticate(token);
  await ledger.close();
  assert.deepEqual(notes[1], [{ token: id, at: NOON }]);
});

test("servers that follow one another, or share a log, write a use once an hour between them", async () => {
  const { log } = watched();
  const kept = { ...log, close: () => Promise.resolve() };
  const first = await open(kept);
  const { token } = await first.issue();
  await first.ledger.authenticate(token);
  await first.ledger.close();
  const second = await open(kept);
  at(second.clock, NOON + MINUTE_MS);
  await second.ledger.authenticate(token);
  assert.deepEqual(await lastUsed(second.ledger), [NOON]);
  await second.ledger.close();
});

test("no caller waits for a note that hangs, or meets one that fails, which is reported once", async () => {
  const hanging = gate();
  let fails: () => Promise<void> = () => hanging.opened;
  const { log, notes } = watched(() => ({ note: () => fails() }));
  const { ledger, issue, reports } = await open(log);
  const [one, two] = [await issue(), await issue()];
  assert.ok(await ledger.authenticate(one.token) !== null);
  await until(() => notes.length === 1);
  assert.ok(await ledger.authenticate(two.token) !== null);
  fails = () => Promise.reject(new Error("no rights"));
  hanging.open();
  await until(() => notes.length === 2);
  for (const { token } of [one, two]) assert.ok(await ledger.authenticate(token) !== null);
  assert.deepEqual(await lastUsed(ledger), [null, null]);
  await until(() => reports.length > 0);
  assert.deepEqual(reports, ["asking for a note of tokens' uses"]);
  await ledger.close();
});

test("a log that is away, or keeps no uses, costs no use of a token", async () => {
  const away = watched(() => ({ note: () => Promise.reject(new Unavailable("away")) }));
  const { tokenUses: _, ...without } = openMemoryLog();
  for (const log of [away.log, without]) {
    const { ledger, issue, reports } = await open(log);
    const { id, token } = await issue();
    assert.ok(await ledger.authenticate(token) !== null);
    assert.deepEqual(await lastUsed(ledger), [null]);
    assert.ok((await ledger.operator.revokeToken(id)).ok);
    await ledger.close();
    assert.deepEqual(reports, []);
  }
});

test("more tokens than are kept in mind are noted, a bounded number at a time", async () => {
  const { log, notes } = watched();
  const { ledger, issue } = await open(log);
  const issued = [];
  for (let count = 0; count < 1_000; count++) issued.push(await issue());
  await ledger.operator.open("initech", { name: "Initech", plan: "Growth" });
  const more = await ledger.operator.issueToken("initech", USER);
  assert.ok(more.ok);
  for (const { token } of [...issued, more.value]) await ledger.authenticate(token);
  const times = async () => (await ledger.operator.tokens("initech"))?.tokens[0]?.lastUsedAt;
  assert.equal(await times(), null);
  assert.deepEqual(notes.map((uses) => uses.length), [1_000]);
  // What did not wait is noted when it is used again.
  await ledger.authenticate(more.value.token);
  assert.equal(await times(), NOON);
  await ledger.close();
});

test("a token that is revoked, or whose organization is closed, leaves nothing behind", async () => {
  const { log } = watched();
  const { ledger, issue } = await open(log);
  const issued = [await issue(), await issue(), await issue()];
  for (const { token } of issued) await ledger.authenticate(token);
  assert.equal((await lastUsed(ledger)).filter((time) => time === NOON).length, 3);
  const ids = issued.map(({ id }) => id);
  assert.ok((await ledger.operator.revokeToken(ids[0] ?? "")).ok);
  assert.equal((await log.tokenUses.last(ids)).length, 2);
  assert.ok((await ledger.operator.close("acme")).ok);
  assert.deepEqual(await log.tokenUses.last(ids), []);
  await ledger.close();
});
