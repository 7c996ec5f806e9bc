/** Facts about a number that the ledger asks for outside of decisions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf } from "../../core/number/offers.ts";
import { mayBeTriedAgain, type Stage } from "../../core/number/stage.ts";
import { numbers } from "../../core/number/state.ts";
import { holdingAt, isFailed, isLeaving, takesPlace } from "../../core/number/status.ts";
import { viewOf } from "../../core/number/view.ts";
import { orderKeyOf } from "../../core/reconciliation/installation.ts";
import { isHeadless } from "../../core/registry/commands.ts";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import { at, given, instant, stateAfter } from "../harness/specification.ts";
import {
  buy,
  imported,
  lent,
  offerOf,
  opened,
  PN,
  purchased,
  purchaseFailed,
  releaseStarted,
  requested,
  searched,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";

const after = (...events: readonly DomainEvent[]) => {
  const number = stateAfter(at(NOON, opened("Free"), ...events)).get(numbers, PN);
  assert.ok(number !== undefined);
  return number;
};

test("a failed purchase may be tried again where its order was never taken nor refused", () => {
  const failed = (reason: Extract<Stage, { status: "failed" }>["reason"]): boolean => {
    const number = after(requested(), purchaseFailed({ reason }));
    assert.ok(number.source === "managed");
    return mayBeTriedAgain(number.stage);
  };
  for (const reason of ["paymentDeclined", "paymentUnknown", "unreachable"] as const) {
    assert.equal(failed(reason), true, reason);
  }
  for (const reason of ["notAvailable", "cancelled"] as const) {
    assert.equal(failed(reason), false, reason);
  }
  const buying = after(requested());
  assert.ok(buying.source === "managed");
  assert.equal(mayBeTriedAgain(buying.stage), false);
});

test("a trial serves until it ends, and leaves from then on, before that is recorded", () => {
  const trial = after(requested({ paidFrom: "trial" }), lent(NOON));
  const term = trial.source === "managed" && trial.stage.status === "active" && trial.stage.term;
  assert.ok(term !== false && term.kind === "trial");
  const statusAt = (now: number) => {
    const number = holdingAt(trial, now);
    return number.source === "managed" ? number.stage.status : null;
  };
  assert.equal(statusAt(term.endsAt - 1), "active");
  assert.equal(statusAt(term.endsAt), "releasing");
  assert.deepEqual(viewOf(trial, new Map(), [], term.endsAt).suspendedAt, term.endsAt);
  const monthly = after(requested(), purchased(NOON));
  assert.equal(holdingAt(monthly, instant(NOON) + 400 * DAY_MS), monthly);
  const owned = after(imported());
  assert.equal(holdingAt(owned, instant(NOON) + 400 * DAY_MS), owned);
});

test("a number takes a place of the plan while it is bought and held", () => {
  assert.equal(takesPlace(after(requested())), true);
  assert.equal(takesPlace(after(requested(), purchased(NOON))), true);
  assert.equal(takesPlace(after(requested(), purchaseFailed())), false);
  assert.equal(takesPlace(after(requested(), purchased(NOON), releaseStarted("byUser"))), false);
  assert.equal(takesPlace(after(imported())), false);
  assert.equal(isFailed(after(requested(), purchaseFailed())), true);
  assert.equal(isFailed(after(imported())), false);
  assert.equal(isLeaving(after(requested(), purchased(NOON), releaseStarted("byUser"))), true);
  assert.equal(isLeaving(after(imported())), false);
});

test("only a number by the month renews, and only where that is on", () => {
  const renews = (...events: readonly DomainEvent[]) =>
    viewOf(after(...events), new Map(), [], instant(NOON)).autoRenewal;
  assert.equal(renews(requested(), purchased(NOON)), true);
  assert.equal(renews(requested({ paidFrom: "trial" }), lent(NOON)), false);
  assert.equal(renews(requested()), false);
  assert.equal(renews(imported()), false);
});

test("a price is asked for with the kind that is known, or the country of the number's code", () => {
  const known = { ...offerOf(), carrier: "sandbox", at: 0 } as const;
  assert.deepEqual(kindOf(known, "sandbox", "+14155550101"), { country: "US", type: "local" });
  assert.deepEqual(kindOf(known, "telnyx", "+14155550101"), {});
  assert.deepEqual(kindOf(undefined, "sandbox", "+14155550101"), {});
  assert.deepEqual(kindOf(undefined, "sandbox", "+4922812345678"), { country: "DE" });
  assert.deepEqual(kindOf(known, "telnyx", "+4922812345678"), { country: "DE" });
});

test("a purchase keeps the routing that it was asked for with", () => {
  const template = { greeting: "Hello" };
  const routing = { direction: "inbound", label: "Sales", template } as const;
  const { state } = given(opened("Growth"), searched("+14155550101"))
    .when(buy({ routing }))
    .then([
      requested(routing),
      {
        type: "ChargeStarted",
        data: {
          holding: PN,
          e164: "+14155550101",
          period: 1,
          amount: { micros: 2_000_000, currency: "USD" },
          chargeKey: `${PN}:1`,
        },
      },
    ]);
  assert.deepEqual(state.get(numbers, PN)?.routing, routing);
});

test("only a search is recorded whatever the head", () => {
  assert.equal(isHeadless(buy()), false);
  assert.equal(isHeadless({ type: "RevokeToken", token: "tk_1" }), false);
  const search = { type: "RecordSearch", carrier: "sandbox", offers: [] };
  assert.equal(isHeadless(search as unknown as Parameters<typeof isHeadless>[0]), true);
});

test("an order's key has the ids of the installation and of the order, each without its kind", () => {
  assert.equal(orderKeyOf("in_abc", "od_123"), "od_abc_123");
  assert.equal(orderKeyOf("abc", "123"), "od_abc_123");
});
