import assert from "node:assert/strict";
import { test } from "node:test";
import { numbers } from "../../core/number/state.ts";
import { at, given } from "./specification.ts";
import {
  assigned,
  buy,
  charge,
  chargeStarted,
  confirm,
  opened,
  PN,
  purchased,
  requested,
  searched,
} from "./story/mod.ts";

const E164 = "+14155550101";
const NOON = "2026-01-31T12:00:00Z";

/** What a specification says when it fails. */
const complaint = (specify: () => unknown): string => {
  try {
    specify();
  } catch (error) {
    assert.ok(error instanceof assert.AssertionError, String(error));
    return error.message;
  }
  return assert.fail("the specification holds");
};

test("given() takes events alone, which happen when those before them do", () => {
  given(opened("Growth"), searched(E164))
    .when(buy())
    .then([requested(), chargeStarted()]);
  given([at(NOON, opened("Growth")), searched(E164)])
    .when(buy())
    .then([requested(), chargeStarted()]);
  // The offer of the morning is too old in the afternoon.
  given(opened("Growth"), searched(E164)).when(buy(), { at: NOON }).then("QUOTE_NEEDED");
});

test("then() continues with the next command, from the resulting events", () => {
  const { state } = given(at(NOON, opened("Growth"), searched(E164)))
    .when(buy()).then([requested(), chargeStarted()])
    .when(confirm).then("CHARGE_UNSETTLED")
    .when({ type: "RecordCharge", holding: PN, period: 1, payment: "paid" })
    .then([charge("Charged")])
    .when(confirm).then([purchased(NOON)])
    .when({ type: "AssignNumbers", assistant: "ann", holdings: [PN] })
    .then([assigned("ann")]);
  const number = state.get(numbers, PN);
  assert.ok(number?.source === "managed" && number.stage.status === "active");
});

test("then() says what was expected, what came and where they differ when it fails", () => {
  const wanted = requested({ connection: "14" });
  const events = complaint(() =>
    given(opened("Growth"), searched(E164)).when(buy()).then([wanted, chargeStarted()])
  );
  assert.match(events, /^given 2 events, when RequestPurchase at 2026-01-31T10:00:00\.000Z:$/m);
  assert.match(events, /^ {2}expected PurchaseRequested, ChargeStarted$/m);
  assert.match(events, /^ {2}came {5}PurchaseRequested, ChargeStarted$/m);
  assert.match(events, /connection: '14'/);
  assert.match(events, /connection: null/);
});

test("what is not a command, an event or a time is named in the error", () => {
  const [fly, flown] = [{ type: "Fly" } as never, { type: "Flown", data: {} } as never];
  assert.throws(() => given(opened("Growth")).when(fly).then([]), /There is no command Fly/);
  assert.throws(() => given(flown).when(buy()).then([]), /There is no event Flown/);
  assert.throws(() => at("at noon", opened("Growth")), /must be an ISO time: at noon/);
});

test("then() shows the sentence of an unexpected refusal", () => {
  const refusal = complaint(() => given(opened("Growth")).when(buy()).then([requested()]));
  assert.match(refusal, /^ {2}expected PurchaseRequested$/m);
  assert.match(refusal, /^ {2}came {5}the refusal QUOTE_NEEDED \(".+"\)$/m);
  const none = complaint(() => given(opened("Growth")).when(buy()).then([]));
  assert.match(none, /^ {2}expected no events$/m);
});
