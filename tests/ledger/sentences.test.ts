/**
 * The sentences of the ledger's own refusals and errors, word for word: what happened, and what to
 * do next. Those of the decisions are in `tests/domain`.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import * as TestClock from "effect/testing/TestClock";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { ready } from "../../adapters/ledger/calls/views.ts";
import { Ports } from "../../adapters/ledger/engine/services.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier, CarrierError, EventLog } from "../../core/ports/mod.ts";
import { messageOf } from "../../core/values/error-message.ts";
import { failed, ok } from "../../core/values/result.ts";
import { gate } from "../support/gate.ts";
import { E164, openSandboxLedger } from "../support/sandbox-ledger.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const FILTERS = { country: "US", type: "local", areaCode: "415", limit: 5 } as const;

const open = async (...given: Parameters<typeof openSandboxLedger>) => {
  const opened = await openSandboxLedger(...given);
  after(() => opened.app.close());
  return opened;
};

type Answer =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** The code and the sentence of a refusal. */
const refusalOf = (answer: Answer): readonly [string, string] =>
  answer.ok ? assert.fail("it was not refused") : [answer.error.code, answer.error.message];

/** The error's text with which a call was rejected. */
const errorOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
  } catch (error) {
    return messageOf(error);
  }
  return assert.fail("it was not rejected");
};

const never = <Value>(): Promise<Value> => new Promise<Value>(() => {});

const failing = (kind: CarrierError["kind"]) => () =>
  Promise.resolve(failed({ kind, message: "a storm" }));

describe("a purchase is refused", () => {
  test("when its payment is declined", async () => {
    const payments = { ...includedPayments, charge: async () => "declined" as const };
    const { ledger, caller } = await open({}, { payments });
    assert.deepEqual(refusalOf(await ledger.purchase(caller, { e164: E164 })), [
      "PAYMENT_DECLINED",
      "The payment for the phone number was declined, and nothing was ordered; update the " +
      "payment method, then buy again.",
    ]);
  });

  test("when its payment cannot be confirmed in time", async () => {
    const clock = openTestClock(START);
    const charge = () => {
      clock.set(clock.now() + 11 * 60_000);
      return Promise.resolve("unknown" as const);
    };
    const { ledger, caller } = await open({}, { clock, payments: { ...includedPayments, charge } });
    assert.deepEqual(refusalOf(await ledger.purchase(caller, { e164: E164 })), [
      "PAYMENT_UNKNOWN",
      "The payment could not be confirmed in time; nothing was ordered, and whatever was taken " +
      "is refunded. Buy again in a few minutes.",
    ]);
  });

  test("when it was cancelled before the carrier confirmed it", async () => {
    const log = openMemoryLog();
    const { ledger, caller } = await open({
      order: failing("unknown"),
      cancel: () => Promise.resolve(ok("cancelled")),
    }, { log, waitMs: 30 });
    const bought = await ledger.purchase(caller, { e164: E164 }, { commandId: "once" });
    assert.ok(bought.ok);
    assert.ok((await ledger.release(caller, bought.value.number.holding.id)).ok);
    const again = await ledger.purchase(caller, { e164: E164 }, { commandId: "once" });
    assert.deepEqual(refusalOf(again), [
      "PURCHASE_CANCELLED",
      `The purchase of the phone number ${E164} was cancelled before the carrier confirmed it, ` +
      "and whatever was taken is refunded; buy it again if it is still wanted.",
    ]);
    const events = await log.events("acme", 0, 100);
    const { data } = events.find(({ type }) => type === "PurchaseFailed") ?? assert.fail();
    assert.equal((data as { message: string }).message, "The carrier cancelled the order.");
  });

  test("when its command id was another request's", async () => {
    const { ledger, caller } = await open();
    await ledger.purchase(caller, { e164: E164 }, { commandId: "once" });
    const other = await ledger.purchase(caller, { e164: "+14155550102" }, { commandId: "once" });
    assert.deepEqual(refusalOf(other), [
      "COMMAND_ID_REUSED",
      "The command id was used before, for another request; give this one a new id.",
    ]);
  });
});

describe("a carrier's failure is answered", () => {
  for (
    const [kind, code, sentence] of [
      [
        "unreachable",
        "CARRIER_UNREACHABLE",
        "The carrier cannot be reached; nothing was ordered. Try again in a few seconds.",
      ],
      [
        "refused",
        "CARRIER_FAILED",
        "The carrier could not carry out the request; choose another phone number, or try again " +
        "later.",
      ],
    ] as const
  ) {
    test(`when it is ${kind}, by a search, a quote and an order`, async () => {
      const searching = await open({ search: failing(kind) });
      const found = await searching.ledger.search(searching.caller, FILTERS);
      assert.deepEqual(refusalOf(found), [code, sentence]);
      for (const call of ["quote", "order"] as const) {
        const { ledger, caller } = await open({ [call]: failing(kind) });
        const bought = await ledger.purchase(caller, { e164: E164 });
        assert.deepEqual(refusalOf(bought), [code, sentence], call);
      }
    });
  }
});

describe("too much at a time is refused", () => {
  test("of one organization's searches", async () => {
    const answered = gate();
    const search: Carrier["search"] = async () => {
      await answered.opened;
      return ok([]);
    };
    const { ledger, caller } = await open({ search, callsAtOnce: 1 }, { searchCacheMs: 0 });
    const answers = Array.from(
      { length: 18 },
      (_, place) => ledger.search(caller, { ...FILTERS, areaCode: String(201 + place) }),
    );
    assert.deepEqual(refusalOf(await Promise.race(answers)), [
      "RATE_LIMITED",
      "Too many searches of the organization are in progress; try again in a few seconds.",
    ]);
    answered.open();
    await Promise.all(answers);
  });

  test("of one organization's assignments", async () => {
    const log = openMemoryLog();
    const answered = gate();
    const append: EventLog["append"] = async (input) => {
      if (input.events.some(({ type }) => type === "NumberAssigned")) await answered.opened;
      return await log.append(input);
    };
    const { ledger, caller } = await open({}, { log: { ...log, append } });
    const bought = await ledger.purchase(caller, { e164: E164 });
    assert.ok(bought.ok);
    const { id } = bought.value.number.holding;
    const assigned = Array.from(
      { length: 66 },
      (_, place) => ledger.assign(caller, `a${place}`, [id]),
    );
    const last = assigned.pop() ?? assert.fail();
    assert.equal(
      await errorOf(last),
      "The assignment of numbers is too busy; nothing was changed.",
    );
    answered.open();
    for (const answer of await Promise.all(assigned)) assert.ok(answer.ok);
  });
});

describe("a reconciliation is refused", () => {
  test("of a carrier that the ledger does not have, by the names of those it has", async () => {
    const clock = openTestClock(START);
    const orders = openMemoryOrderBook();
    const acme = { ...openSandboxCarrier({ orders, clock }), name: "acme" };
    const { ledger } = await open({ name: "acme" }, {
      carrier: acme,
      sandbox: openSandboxCarrier({ orders: openMemoryOrderBook(), clock }),
    });
    const refused = await ledger.reconciliation.run({ carrier: "telnyx" });
    assert.deepEqual(refusalOf(refused), [
      "CARRIER_UNKNOWN",
      "carrier must be one of acme, sandbox.",
    ]);
  });

  test("while another one is under way, and what it broke off by is said", async () => {
    const answered = gate();
    const { ledger } = await open({
      inventory: async () => {
        await answered.opened;
        return failed({ kind: "unreachable", message: "a storm" });
      },
    });
    const first = ledger.reconciliation.run();
    assert.deepEqual(refusalOf(await ledger.reconciliation.run()), [
      "RECONCILIATION_RUNNING",
      "Another reconciliation is under way; wait until it is over.",
    ]);
    answered.open();
    assert.deepEqual(refusalOf(await first), [
      "CARRIER_UNREACHABLE",
      "The reconciliation broke off: a storm",
    ]);
  });

  test("whose inventory never ends", async () => {
    const { ledger } = await open({
      inventory: () => Promise.resolve(ok({ numbers: [], next: "same" })),
    });
    assert.deepEqual(refusalOf(await ledger.reconciliation.run()), [
      "CARRIER_FAILED",
      "The reconciliation broke off: The carrier's inventory has a page that leads back to an " +
      "earlier one.",
    ]);
  });
});

describe("a call is rejected", () => {
  test("that asks for the future", async () => {
    const { ledger, caller } = await open();
    assert.equal(
      await errorOf(ledger.numbers.list(caller, { asOf: START + 1 })),
      "options.asOf must not be in the future",
    );
    assert.equal(
      await errorOf(ledger.numbers.get(caller, "pn_1", { asOf: START + 1 })),
      "options.asOf must not be in the future",
    );
    assert.throws(() => ledger.numberPages(caller, {}, { asOf: START + 1 }), {
      message: "options.asOf must not be in the future",
    });
  });

  test("once the ledger is closed", async () => {
    const { ledger, caller } = await open();
    await ledger.close();
    await assert.rejects(ledger.numbers.list(caller), (error: Error) => {
      assert.equal(error.name, "Closed");
      assert.equal(error.message, "The ledger is closed; nothing was changed.");
      // By this, another copy of the package knows it.
      return Symbol.for("ledgerline/Closed") in error;
    });
  });

  test("that asks whether the log answers, which does not for three seconds", async () => {
    const log: EventLog = { ...openMemoryLog(), heads: never };
    const services = { log } as unknown as Ports["Service"];
    const story = Effect.gen(function* () {
      const asked = yield* Effect.forkChild(
        Effect.catchDefect(
          Effect.as(ready, "ready"),
          (defect) => Effect.succeed(messageOf(defect)),
        ),
      );
      yield* Effect.yieldNow;
      yield* TestClock.adjust(3_000);
      return yield* Fiber.join(asked);
    }).pipe(Effect.provideService(Ports, services), Effect.provide(TestClock.layer()));
    assert.equal(await Effect.runPromise(story), "the log gave no answer within 3 s");
  });
});
