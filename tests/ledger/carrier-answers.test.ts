/**
 * Carriers that answer what their port does not know: reported by call, and not treated as an
 * answer.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import type { CarrierCall } from "../../adapters/ledger/engine/carrier-results.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Carrier } from "../../core/ports/mod.ts";
import { openTestApp } from "../support/app.ts";

/** Events of an organization that a test was given: opened, connected, with a token. */
const SET_UP = 3;

const E164 = "+14155550101";
const BODY = { token: "", body: { e164: E164 } };

/** What no call may answer, and what is reported of it. */
const GARBAGE: readonly (readonly [unknown, string])[] = [
  [undefined, "() must be { ok: true, value } or { ok: false, error }, not undefined"],
  [null, "() must be { ok: true, value } or { ok: false, error }, not null"],
  ["yes", '() must be { ok: true, value } or { ok: false, error }, not "yes"'],
  [{}, "().ok must be { ok: true, value } or { ok: false, error }, not undefined"],
  [{ ok: false }, "().error is required, not undefined"],
  [
    { ok: false, error: { kind: "bad", message: "" } },
    '().error.kind must be "unreachable" or "unknown" or "refused", not "bad"',
  ],
];

const open = async () => {
  const log = openMemoryLog();
  const reports: string[] = [];
  const spoilt = new Map<string, unknown>();
  const sandbox = openSandboxCarrier();
  const carrier = new Proxy(sandbox, {
    get: (target, name: keyof Carrier) => spoilt.has(name) ? () => spoilt.get(name) : target[name],
  });
  const app = openTestApp({
    log,
    carrier,
    waitMs: 30,
    runsAutomations: false,
    report: (what, error) => reports.push(`${what}: ${String(error)}`),
  });
  const token = await app.organization("acme");
  return {
    ...app,
    reports,
    spoil: (call: CarrierCall, answer: unknown) => void spoilt.set(call, answer),
    mend: () => spoilt.clear(),
    buy: () => app.request("POST", "/v1/phone-numbers", { ...BODY, token }),
    release: (id: string) => app.request("DELETE", `/v1/phone-numbers/${id}`, { token }),
    search: () => app.request("GET", "/v1/phone-numbers/available?areaCode=415", { token }),
    types: async () => (await log.events("acme", 0, 100)).map(({ type }) => type).slice(SET_UP),
  };
};

const MINUTE_S = 60;

describe("a carrier that answers what its port does not know", () => {
  for (const [answer, words] of GARBAGE) {
    test(`is reported with the call, and its order looked up: ${JSON.stringify(answer)}`, async () => {
      const { reports, spoil, mend, buy, types, advance, close } = await open();
      spoil("order", answer);
      spoil("findOrder", answer);
      const bought = await buy();
      assert.deepEqual([bought.status, bought.json.setupStatus.issues], [200, [
        "PURCHASE_PENDING",
      ]]);
      const begun = ["PurchaseRequested", "ChargeStarted", "Charged"];
      assert.deepEqual(await types(), begun);
      assert.equal(reports[0], `asking for the carrier sandbox: TypeError: order${words}`);
      assert.equal(reports[1], `asking for the carrier sandbox: TypeError: findOrder${words}`);
      mend();
      await advance(1);
      assert.deepEqual(await types(), [...begun, "OrderRepeated", "NumberPurchased"]);
      await close();
    });
  }

  test("has sold nothing by it", async () => {
    const { reports, spoil, buy, search, types, close } = await open();
    spoil("search", { ok: true, value: [{ e164: E164 }] });
    assert.equal((await search()).status, 502);
    assert.match(reports.pop() ?? "", /TypeError: search\(\)\.value\.0\.\w+ is required/);
    spoil("quote", { ok: true, value: undefined });
    assert.equal((await buy()).status, 502);
    assert.match(reports.pop() ?? "", /TypeError: quote\(\)\.value /);
    assert.deepEqual(await types(), []);
    await close();
  });

  for (const micros of [-1, 100_000_000_000_001]) {
    for (const part of ["setup", "monthly"]) {
      test(`is not believed that its ${part} costs ${micros} micros`, async () => {
        const { reports, spoil, buy, search, types, close } = await open();
        const quoted = await openSandboxCarrier().quote(E164);
        assert.ok(quoted.ok && quoted.value !== null);
        const value = { ...quoted.value, [part]: { micros, currency: "USD" } };
        spoil("search", { ok: true, value: [value] });
        spoil("quote", { ok: true, value });
        assert.deepEqual([(await search()).status, (await buy()).status], [502, 502]);
        assert.match(reports.join(), /search\(\).*must ask 0 to 100,000,000 dollars.*quote\(\)/);
        assert.deepEqual(await types(), []);
        await close();
      });
    }
  }

  test("keeps a number that it may not have released, until it says so", async () => {
    const { reports, spoil, mend, buy, release, types, ledger, close } = await open();
    const { id } = (await buy()).json;
    spoil("release", { ok: true, value: true });
    assert.equal((await release(id)).status, 202);
    assert.match(
      reports[0] ?? "",
      /TypeError: release\(\)\.value must be "released" or "gone", not true/,
    );
    assert.equal((await types()).at(-1), "ReleaseStarted");
    mend();
    await ledger.work.run();
    assert.equal((await types()).at(-1), "Released");
    await close();
  });
});

test("a carrier that answers what its port does not know has confirmed nothing by it, and what is given up then is given up permanently", async () => {
  const { reports, spoil, mend, buy, release, types, advance, ledger, close } = await open();
  spoil("order", { ok: true, value: { status: "confirmed" } });
  spoil("findOrder", { ok: true, value: { status: "confirmed", carrierId: "\0" } });
  const { id } = (await buy()).json;
  assert.match(reports.shift() ?? "", /TypeError: order\(\)\.value\.carrierId is required/);
  assert.match(reports.shift() ?? "", /TypeError: findOrder\(\)\.value\.carrierId must be an id/);
  assert.equal((await types()).includes("NumberPurchased"), false);
  mend();
  assert.equal((await buy()).status, 409);

  spoil("release", { ok: true, value: true });
  // The order never reached the carrier, which is certain once none can be under way any more.
  assert.equal((await release(id)).status, 202);
  assert.equal((await types()).at(-1), "CancellationRequested");
  await advance(MINUTE_S);
  await ledger.work.run();
  assert.deepEqual((await types()).slice(-4), [
    "PurchaseFailed",
    "RefundStarted",
    "PurchaseDismissed",
    "Refunded",
  ]);
  await close();
});
