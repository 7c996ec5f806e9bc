import assert from "node:assert/strict";
import { test } from "node:test";
import { isPurchasing, numbers } from "../../core/number/state.ts";
import { self } from "../../core/organization/refusals.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";
import { at, given, instant } from "../harness/specification.ts";
import {
  approved,
  assigned,
  charge,
  chargeStarted,
  credited,
  opened,
  PN,
  purchased,
  purchaseFailed,
  requested,
  submitted,
  TWO_DOLLARS,
  unassigned,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const PAID = "2026-01-31T12:00:30Z";
const repeated = { type: "OrderRepeated", data: { holding: PN } } as const;
/** The carrier was asked at an ISO time, and knew nothing of the order. */
const repeat = (lookedUp: string, settlingMs = MINUTE_MS) =>
  ({ type: "RepeatOrder", holding: PN, lookedUpAt: instant(lookedUp), settlingMs }) as const;

const lentOut = at(NOON, opened("Free"), requested({ paidFrom: "trial" }));
const subscribed = at(NOON, opened("Growth"), requested(), chargeStarted());
const paid = at(PAID, charge("Charged"));
const failed = purchaseFailed({
  reason: "unreachable",
  message: "The carrier never took the order.",
});

test("order is not repeated when the look-up came before the end of the settling delay", () => {
  const end = "2026-01-31T12:01:00Z";
  given(lentOut).when(repeat(NOON), { at: NOON }).then("ORDER_SETTLING");
  given(lentOut).when(repeat(end), { at: end }).then("ORDER_SETTLING");
  // It began early enough to miss an order that became visible while it was under way.
  given(lentOut).when(repeat(end), { at: "2026-01-31T12:01:20Z" }).then("ORDER_SETTLING");
});

test("order is repeated when the carrier knew nothing of it after the settling delay", () => {
  const after = "2026-01-31T12:01:00.001Z";
  const { state } = given(lentOut).when(repeat(after), { at: after }).then([repeated]);
  const number = state.get(numbers, PN);
  assert.ok(number?.source === "managed" && number.stage.status === "purchasing");
  assert.equal(number.stage.orderedAt, instant(after));
  assert.equal(number.stage.orderKey, "od_1");
});

test("settling delay starts over when the order was repeated", () => {
  const again = at("2026-01-31T12:02:00Z", repeated);
  given(lentOut, again)
    .when(repeat("2026-01-31T12:03:00Z"), { at: "2026-01-31T12:03:00Z" })
    .then("ORDER_SETTLING");
  given(lentOut, again)
    .when(repeat("2026-01-31T12:03:01Z"), { at: "2026-01-31T12:03:01Z" })
    .then([repeated]);
});

test("settling delay begins with the payment when the order waited for it", () => {
  given(subscribed, paid)
    .when(repeat("2026-01-31T12:01:30Z"), { at: "2026-01-31T12:01:30Z" })
    .then("ORDER_SETTLING");
  given(subscribed, paid)
    .when(repeat("2026-01-31T12:01:31Z"), { at: "2026-01-31T12:01:31Z" })
    .then([repeated]);
});

test("order is never repeated when it is unknown whether its charge was taken", () => {
  given(subscribed)
    .when(repeat("2026-01-31T12:05:00Z"), { at: "2026-01-31T12:05:00Z" })
    .then("CHARGE_UNSETTLED");
});

test("order is repeated at the next moment when the carrier settles immediately", () => {
  given(lentOut).when(repeat(NOON, 0), { at: NOON }).then("ORDER_SETTLING");
  const next = "2026-01-31T12:00:00.001Z";
  given(lentOut).when(repeat(next, 0), { at: next }).then([repeated]);
});

test("purchase fails when a repeated order could not settle within ten minutes of the request", () => {
  const last = "2026-01-31T12:08:29.999Z";
  given(lentOut).when(repeat(last), { at: last }).then([repeated]);
  const late = "2026-01-31T12:08:30Z";
  const { state } = given(lentOut, at(NOON, assigned("agent")))
    .when(repeat(late), { at: late })
    .then([unassigned("agent"), failed]);
  assert.equal(self(state)?.held, 0);
  assert.equal(self(state)?.everBought, 0);
});

test("purchase does not fail by the answer to an earlier order when it was sent again", () => {
  const again = "2026-01-31T12:02:00Z";
  const fail = (orderedAt: string) => ({
    type: "FailPurchase" as const,
    holding: PN,
    orderedAt: instant(orderedAt),
    reason: "unreachable" as const,
    message: "The carrier cannot be reached.",
  });
  const { state } = given(lentOut, at(again, repeated)).when(fail(NOON), { at: again }).then([]);
  assert.ok(isPurchasing(state.get(numbers, PN)));
  given(lentOut, at(again, repeated))
    .when(fail(again), { at: again })
    .then([purchaseFailed({ reason: "unreachable", message: "The carrier cannot be reached." })]);
  // The payment is what lets it be sent: what was answered before is of no sending.
  given(subscribed, paid).when(fail(NOON), { at: PAID }).then([]);
});

test("purchase does not fail by time alone when its last order may be under way", () => {
  const late = "2026-01-31T12:08:30Z";
  given(lentOut, at(late, repeated))
    .when(repeat("2026-01-31T12:09:15Z"), { at: "2026-01-31T13:00:00Z" })
    .then("ORDER_SETTLING");
});

test("order that the carrier acknowledged is neither repeated nor given up when it is not listed", () => {
  const taken = { type: "OrderTaken" as const, data: { holding: PN } };
  const note = { type: "NoteOrder" as const, holding: PN, waitsFor: null };
  given(lentOut).when(note, { at: NOON }).then([taken]);
  given(lentOut, at(NOON, taken)).when(note, { at: NOON }).then([]);
  for (const late of ["2026-01-31T12:05:00Z", "2026-01-31T13:00:00Z"]) {
    given(lentOut, at(NOON, taken)).when(repeat(late), { at: late }).then("ORDER_SETTLING");
  }
});

test("purchase that the carrier never took gives back what was charged", () => {
  const late = "2026-01-31T12:30:00Z";
  given(subscribed, paid)
    .when(repeat(late), { at: late })
    .then([failed, charge("RefundStarted")]);
});

test("purchase that the carrier never took gives back its credits", () => {
  const late = "2026-01-31T12:30:00Z";
  const debited = TWO_DOLLARS;
  const prepaid = at(NOON, opened("Prepaid"), submitted(), approved(), credited(2));
  const { state } = given(prepaid, at(NOON, requested({ paidFrom: "credits", debited })))
    .when(repeat(late), { at: late })
    .then([
      purchaseFailed({
        reason: "unreachable",
        message: "The carrier never took the order.",
        refunded: debited,
      }),
    ]);
  assert.deepEqual(self(state)?.credits, TWO_DOLLARS);
});

test("order is left alone when the purchase was confirmed or failed meanwhile", () => {
  const late = "2026-01-31T12:30:00Z";
  given(at(NOON, opened(), requested(), purchased(NOON)))
    .when(repeat(late), { at: late })
    .then([]);
  given(at(NOON, opened(), requested(), purchaseFailed()))
    .when(repeat(late), { at: late })
    .then([]);
  given(at(NOON, opened())).when(repeat(late), { at: late }).then("NUMBER_UNKNOWN");
});
