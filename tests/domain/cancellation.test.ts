/** A purchase that its buyer does not want any more, before its carrier has confirmed it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { charges } from "../../core/number/charges.ts";
import { numbers } from "../../core/number/state.ts";
import { self } from "../../core/organization/refusals.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";
import { at, given, instant } from "../harness/specification.ts";
import {
  assigned,
  buy,
  charge,
  chargeStarted,
  confirm,
  credited,
  failOrder,
  lent,
  opened,
  PN,
  purchased,
  purchaseFailed,
  releaseStarted,
  requested,
  TWO_DOLLARS,
  unassigned,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const LATER = "2026-01-31T12:01:00Z";

const release = {
  type: "StartRelease",
  holding: PN,
  why: "byUser",
  cancelling: ["sandbox"],
} as const;
const cancelling: DomainEvent = { type: "CancellationRequested", data: { holding: PN } };
const dismissed: DomainEvent = { type: "PurchaseDismissed", data: { holding: PN } };
const refund: DomainEvent = charge("RefundStarted");

const UNORDERED = {
  reason: "cancelled",
  message: "The purchase was cancelled before the carrier took the order.",
} as const;

/** The carrier reported that it cancelled the order of noon. */
const calledOff = {
  ...failOrder(NOON),
  reason: "cancelled",
  message: "It is called off.",
} as const;

const prepaid = at(
  NOON,
  opened("Prepaid"),
  credited(5),
  requested({ paidFrom: "credits", debited: TWO_DOLLARS }),
);
const subscribed = at(NOON, opened("Growth"), requested(), chargeStarted());
const paid = at(NOON, charge("Charged"));
const lentOut = at(NOON, opened("Free"), requested({ paidFrom: "trial" }));

test("cancellation is in the log before the carrier is asked, and the number leaves its assistant", () => {
  given(lentOut).when(release, { at: LATER }).then([cancelling]);
  given(lentOut, at(NOON, assigned("agent")))
    .when(release, { at: LATER })
    .then([cancelling, unassigned("agent")]);
});

test("cancellation changes nothing when it was asked for before", () => {
  given(lentOut, at(NOON, cancelling)).when(release, { at: LATER }).then([]);
});

test("cancellation is refused when the carrier never cancels", () => {
  for (const cancelling of [[], ["another"]]) {
    given(lentOut).when({ ...release, cancelling }, { at: LATER }).then("PURCHASE_IN_PROGRESS");
  }
});

test("cancellation is a release when the carrier has confirmed the number by then", () => {
  given(lentOut, at(NOON, lent(NOON))).when(release, { at: LATER }).then([
    releaseStarted("byUser"),
  ]);
});

test("cancelled purchase gives back claim, place, quota and credits, and is dismissed", () => {
  const { state } = given(prepaid, at(NOON, cancelling)).when(calledOff, { at: LATER }).then([
    purchaseFailed({
      reason: "cancelled",
      message: "It is called off.",
      refunded: TWO_DOLLARS,
    }),
    dismissed,
  ]);
  assert.equal(state.get(numbers, PN), undefined);
  const organization = self(state);
  assert.deepEqual([organization?.held, organization?.everBought], [0, 0]);
  assert.equal(organization?.credits.micros, 5_000_000);
});

test("purchase that is cancelled gives back what was charged outside credits", () => {
  given(subscribed, paid, at(NOON, cancelling))
    .when(calledOff, { at: LATER })
    .then([
      purchaseFailed({ reason: "cancelled", message: "It is called off." }),
      refund,
      dismissed,
    ]);
});

test("cancelled purchase ends immediately when its payment is unknown, since nothing was ordered", () => {
  const abandon = { type: "AbandonPurchase", holding: PN } as const;
  given(subscribed).when(abandon, { at: LATER }).then([]);
  const { state } = given(subscribed, at(NOON, cancelling))
    .when(abandon, { at: LATER })
    .then([purchaseFailed(UNORDERED), dismissed]);
  // The charge outlives it, and is given back once it turns out to be paid.
  assert.equal(state.get(charges, `${PN}:1`)?.status, "started");
});

test("order that is to be cancelled is never sent again", () => {
  const after = "2026-01-31T12:01:00.001Z";
  const repeat = (lookedUp: string) =>
    ({
      type: "RepeatOrder",
      holding: PN,
      lookedUpAt: instant(lookedUp),
      settlingMs: MINUTE_MS,
    }) as const;
  const unwanted = at(NOON, cancelling);
  given(lentOut, unwanted).when(repeat(LATER), { at: LATER }).then("ORDER_SETTLING");
  given(lentOut, unwanted)
    .when(repeat(after), { at: after })
    .then([purchaseFailed(UNORDERED), dismissed]);
  // What the carrier acknowledged does not time out.
  given(lentOut, unwanted, at(NOON, { type: "OrderTaken", data: { holding: PN } }))
    .when(repeat(after), { at: after })
    .then("ORDER_SETTLING");
});

test("number that is bought anyway is paid as usual, and released immediately", () => {
  given(subscribed, paid, at(NOON, cancelling))
    .when(confirm, { at: LATER })
    .then([purchased(LATER), releaseStarted("byUser")]);
  given(lentOut, at(NOON, cancelling))
    .when(confirm, { at: LATER })
    .then([lent(LATER), releaseStarted("byUser")]);
});

test("cancelled purchase that fails for another reason keeps that reason, and is dismissed", () => {
  given(lentOut, at(NOON, cancelling))
    .when(failOrder(NOON), { at: LATER })
    .then([purchaseFailed(), dismissed]);
});

test("number whose purchase is being cancelled is on its way out to every other command", () => {
  const past = [lentOut, at(NOON, cancelling)] as const;
  const refused = (command: Parameters<ReturnType<typeof given>["when"]>[0], code: string) =>
    given(...past).when(command, { at: LATER }).then(code as never);
  refused({ type: "ChangeRouting", holding: PN, label: "late" }, "NUMBER_BEING_RELEASED");
  refused({ type: "AssignNumbers", assistant: "a", holdings: [PN] }, "NUMBER_BEING_RELEASED");
  refused(buy({ holding: "pn_2" }), "NUMBER_BEING_RELEASED");
  refused(
    { type: "RequestRelease", request: "rr_1", holding: PN, reason: "No longer needed." },
    "RELEASE_ALREADY_PENDING",
  );
});
