/** A token with an end identifies its caller until then, whatever jumps a clock makes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openTrustedClock } from "../../adapters/clock/trusted.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { MAX_TOKENS } from "../../core/organization/quotas.ts";
import type { Clock } from "../../core/ports/mod.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../core/values/calendar.ts";
import { openIdleLedger } from "../support/ledger.ts";

const USER = { email: "alice@example.com", name: "Alice Johnson", sandbox: false };
const NOON = Date.parse("2026-01-31T12:00:00Z");

const open = async (clock: Clock) => {
  const ledger = openIdleLedger(openMemoryLog(), { clock });
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  const issue = (terms: { readonly expiresAt?: number; readonly scope?: "read" }) =>
    ledger.operator.issueToken("acme", { ...USER, ...terms });
  const issued = async (terms: Parameters<typeof issue>[0]) => {
    const result = await issue(terms);
    return result.ok ? result.value.token : assert.fail(result.error.message);
  };
  return { ledger, issue, issued };
};

test("it is valid to the last millisecond before its end, and no other token ends with it", async () => {
  const clock = openTestClock(NOON);
  const { ledger, issued } = await open(clock);
  const ending = await issued({ expiresAt: NOON + HOUR_MS, scope: "read" });
  const lasting = await issued({});
  clock.set(NOON + HOUR_MS - 1);
  assert.equal((await ledger.authenticate(ending))?.scope, "read");
  clock.set(NOON + HOUR_MS);
  assert.equal(await ledger.authenticate(ending), null);
  assert.equal((await ledger.authenticate(lasting))?.scope, "write");
  const page = await ledger.operator.tokens("acme");
  assert.deepEqual(
    page?.tokens.map(({ scope, expiresAt }) => [scope, expiresAt]),
    [["read", NOON + HOUR_MS], ["write", null]],
  );
  await ledger.close();
});

test("an end that is not to come, or that no document can tell, is refused by its name", async () => {
  const clock = openTestClock(NOON);
  const { ledger, issue, issued } = await open(clock);
  const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
  const wrong = [NOON, NOON - 1, 0, -1, NOON + 0.5, Number.NaN, Infinity, last + 1, 2 ** 53 - 1];
  for (const expiresAt of [...wrong, null, "2026-03-01", new Date(NOON + DAY_MS)]) {
    const refused = await issue({ expiresAt: expiresAt as number });
    assert.equal(refused.ok ? "issued" : refused.error.code, "INVALID_ARGUMENT", String(expiresAt));
    if (!refused.ok && "path" in refused.error) {
      assert.equal(refused.error.path, "input.expiresAt");
      assert.ok(refused.error.message.startsWith("input.expiresAt must be "));
    }
  }
  for (const expiresAt of [NOON + 1, last]) {
    assert.ok(await ledger.authenticate(await issued({ expiresAt })) !== null);
  }
  await ledger.close();
});

test("a repeat of what issued it adds nothing, also once it is over", async () => {
  const clock = openTestClock(NOON);
  const { ledger } = await open(clock);
  const issue = () =>
    ledger.operator.issueToken("acme", { ...USER, expiresAt: NOON + 1 }, { commandId: "c-1" });
  const first = await issue();
  clock.set(NOON + 1);
  const again = await issue();
  assert.ok(first.ok && again.ok);
  assert.deepEqual(again.value, { id: first.value.id, token: null });
  assert.equal((await ledger.operator.tokens("acme"))?.tokens.length, 1);
  await ledger.close();
});

test("tokens that are over give way where there is no place for another, in a time that is sure", async () => {
  let [wall, elapsed] = [NOON, 0];
  const clock = openTrustedClock({ wall: () => wall, monotonic: () => elapsed });
  const { ledger, issue, issued } = await open(clock);
  const lasting = await issued({});
  for (let count = 0; count < MAX_TOKENS - 1; count++) await issued({ expiresAt: NOON + HOUR_MS });
  const refused = async () => {
    const result = await issue({});
    assert.equal(result.ok ? "issued" : result.error.code, "TOKEN_LIMIT_REACHED");
  };
  await refused();
  wall += HOUR_MS + DAY_MS;
  elapsed += HOUR_MS;
  assert.equal(ledger.doubt()?.why, "jumped");
  await refused();
  wall -= DAY_MS;
  await ledger.operator.confirmClock();
  const token = await issued({});
  for (const valid of [lasting, token]) assert.ok(await ledger.authenticate(valid) !== null);
  const organization = await ledger.operator.organization("acme");
  assert.equal(organization?.tokens, MAX_TOKENS - 100 + 1);
  await ledger.close();
});

test("a clock that jumps past its end does not end it, and it ends in its time all the same", async () => {
  let [wall, elapsed] = [NOON, 0];
  const clock = openTrustedClock({ wall: () => wall, monotonic: () => elapsed });
  const { ledger, issued } = await open(clock);
  const token = await issued({ expiresAt: NOON + HOUR_MS });
  wall += 30 * DAY_MS;
  assert.equal(ledger.doubt()?.why, "jumped");
  assert.ok(await ledger.authenticate(token) !== null);
  wall -= 60 * DAY_MS;
  assert.ok(await ledger.authenticate(token) !== null);
  // An hour passes, whatever the wall clock shows.
  elapsed += HOUR_MS - MINUTE_MS;
  assert.ok(await ledger.authenticate(token) !== null);
  elapsed += MINUTE_MS;
  assert.equal(await ledger.authenticate(token), null);
  await ledger.close();
});
