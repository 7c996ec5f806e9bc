/** A custom carrier: its name is in events, in rows and on the wire, and numbers stay with it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { rebuildAll } from "../../adapters/ledger/rebuild/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { DAY_MS, SECOND_MS } from "../../core/values/calendar.ts";
import { ADMIN_TOKEN, openTestApp } from "../support/app.ts";

const NAME = "acme-tel_2";
const E164 = "+14155550101";
const START = Date.parse("2026-01-31T10:00:00Z");

test("numbers of a custom carrier behave like those of any other", async () => {
  const clock = openTestClock(START);
  const orders = openMemoryOrderBook();
  const carrier = { ...openSandboxCarrier({ orders, clock }), name: NAME };
  const log = openMemoryLog();
  const app = openTestApp({ log, carrier, clock, setClock: clock.set, ids: openIds(clock) });
  const token = await app.organization("acme");

  const filters = { countryCode: "US", areaCode: "415" };
  const body = { filters };
  const found = await app.request("POST", "/api/phone-numbers/search", { token, body });
  assert.equal(found.json.provider, NAME);
  const bought = await app.request("POST", "/v1/phone-numbers", { token, body: { e164: E164 } });
  assert.deepEqual([bought.status, bought.json.telnyxPhoneNumberId], [200, null]);
  assert.equal((await orders.sale(E164))?.sequence, 1);
  const { id } = bought.json;
  const listed = async () => {
    const own = await app.request("GET", "/api/phone-numbers/purchase?teamId=acme", { token });
    const other = await app.request("GET", "/api/v1/phone-numbers", { token });
    return [own.json.numbers[0]?.provider, other.json.data[0]?.is_sandbox];
  };
  assert.deepEqual(await listed(), [NAME, false]);

  // It is reconciled by its name, a month is charged, and a rebuild comes to the same.
  const reconcile = (given: string) =>
    app.request("POST", "/admin/reconciliations", {
      token: ADMIN_TOKEN,
      body: { carrier: given },
    });
  const report = await reconcile(NAME);
  assert.deepEqual([report.status, report.json.carrier], [200, NAME]);
  assert.equal((await reconcile("sandbox")).status, 400);
  await app.advance(30 * DAY_MS / SECOND_MS);
  const before = await app.ledger.numbers.list({
    organization: "acme",
    actor: { kind: "operator" },
  });
  await rebuildAll(log);
  const after = await app.ledger.numbers.list({
    organization: "acme",
    actor: { kind: "operator" },
  });
  assert.deepEqual(after, before);
  assert.deepEqual(await listed(), [NAME, false]);

  // Callers of the sandbox have no sandbox here, and buy nothing from this carrier.
  const sandboxed = await app.ledger.purchase(
    { organization: "acme", actor: { kind: "operator" }, sandbox: true },
    { e164: "+14155550102" },
  );
  assert.equal(sandboxed.ok ? "bought" : sandboxed.error.code, "CARRIER_UNREACHABLE");

  const released = await app.request("DELETE", `/v1/phone-numbers/${id}`, { token });
  assert.deepEqual(released.json, { released: true });
  assert.equal(await orders.sale(E164), null);
  await app.close();
});
