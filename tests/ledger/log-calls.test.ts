/** How often the steps of a purchase and of a renewal read the log and append to it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { LedgerOptions } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { openTestApp } from "../support/app.ts";

const E164 = "+14155550101";

/** A log that notes its reads, and the types of events that it was to append to `acme`. */
const noted = (log: EventLog, onAppend: (types: readonly string[]) => Promise<void>) => {
  const calls: { reads: number; appends: string[][] } = { reads: 0, appends: [] };
  const wrapped: EventLog = {
    ...log,
    load: (...given) => (calls.reads++, log.load(...given)),
    find: (...given) => (calls.reads++, log.find(...given)),
    events: (...given) => (calls.reads++, log.events(...given)),
    append: async (given) => {
      const outcome = await log.append(given);
      if (given.organization === "acme") {
        const types = given.events.map(({ type }) => type);
        calls.appends.push(types);
        await onAppend(types);
      }
      return outcome;
    },
  };
  return { calls, log: wrapped };
};

type World = {
  readonly plan?: string;
  readonly payments?: LedgerOptions["payments"];
  readonly isSearched?: boolean;
  /** What happens in the log after an append of these types. */
  readonly after?: (types: readonly string[], log: EventLog) => Promise<void>;
};

/** Buys a number: its status, what that asked of the log, and the world to go on in. */
const buy = async (
  { plan = "Growth", payments = includedPayments, isSearched = true, after }: World = {},
) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const memory = openMemoryLog();
  const { calls, log } = noted(memory, (types) => after?.(types, memory) ?? Promise.resolve());
  const app = openTestApp({
    log,
    clock,
    payments,
    runsAutomations: false,
    reconcilesDaily: false,
    report: (what, error) => assert.fail(`${what}: ${String(error)}`),
  });
  const caller = await app.ledger.authenticate(await app.organization("acme", plan)) ??
    assert.fail();
  // The first purchase of all gives the sandbox its name.
  const first = await app.ledger.authenticate(await app.organization("first")) ?? assert.fail();
  assert.ok((await app.ledger.purchase(first, { e164: "+14155550199" })).ok);
  if (isSearched) {
    assert.ok((await app.ledger.search(caller, { country: "US", type: "local", limit: 20 })).ok);
  }
  const clear = () => Object.assign(calls, { reads: 0, appends: [] });
  clear();
  const bought = await app.ledger.purchase(caller, { e164: E164 });
  assert.ok(bought.ok, JSON.stringify(bought));
  const { reads, appends } = calls;
  return { app, caller, calls, clear, clock, reads, appends, number: bought.value.number };
};

describe("a purchase reads the log once, and appends twice", () => {
  for (const isSearched of [true, false]) {
    test(`where the number was ${isSearched ? "" : "not "}offered before`, async () => {
      const { app, reads, appends, number } = await buy({ isSearched });
      assert.equal(number.status, "active");
      assert.deepEqual(appends, [
        ["PurchaseRequested", "ChargeStarted", "Charged"],
        ["NumberPurchased"],
      ]);
      assert.equal(reads, 1);
      await app.close();
    });
  }

  test("where the number is lent", async () => {
    const { app, reads, appends } = await buy({ plan: "Free" });
    assert.deepEqual(appends, [["PurchaseRequested"], ["NumberPurchased"]]);
    assert.equal(reads, 1);
    await app.close();
  });
});

test("a purchase whose payments are asked has a statement more, and its charge before its order", async () => {
  const payments = { ...includedPayments, charge: () => Promise.resolve("paid" as const) };
  const { app, appends, number } = await buy({ payments });
  assert.equal(number.status, "active");
  assert.deepEqual(appends, [
    ["PurchaseRequested", "ChargeStarted"],
    ["Charged"],
    ["NumberPurchased"],
  ]);
  await app.close();
});

test("a purchase is decided again where another server has appended meanwhile", async () => {
  const { app, caller, reads, appends, number } = await buy({
    after: async (types, log) => {
      if (!types.includes("PurchaseRequested")) return;
      const other = openTestApp({ log, runsAutomations: false, reconcilesDaily: false });
      await other.admin("PUT", "/admin/organizations/acme/sip-connections/sip_2", {
        providerName: "Trunkline",
        trunkId: "trunk_2",
        ready: true,
      });
    },
  });
  assert.equal(number.status, "active");
  assert.deepEqual(appends.map(([first]) => first), [
    "PurchaseRequested",
    "NumberPurchased",
    "NumberPurchased",
  ]);
  assert.equal(reads, 2);
  const [listed] = await app.ledger.numbers.list(caller);
  assert.deepEqual(listed?.status, "active");
  await app.close();
});

test("a renewal that the subscription covers is one statement", async () => {
  const { app, calls, clear, clock } = await buy();
  for (const days of [28, 31, 30]) {
    clear();
    clock.set(clock.now() + days * DAY_MS);
    await app.ledger.work.run();
    assert.deepEqual(calls.appends, [["ChargeStarted", "Charged", "Renewed"]]);
  }
  await app.close();
});
