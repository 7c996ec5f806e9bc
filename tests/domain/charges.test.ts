import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordCharge } from "../../core/number/decisions/charges.ts";
import { charges } from "../../core/number/charges.ts";
import { numbers } from "../../core/number/state.ts";
import { self } from "../../core/organization/refusals.ts";
import { money } from "../../core/values/money.ts";
import { at, given, instant, stateAfter } from "../harness/specification.ts";
import {
  approved,
  assigned,
  charge,
  chargeStarted,
  confirm,
  credited,
  E164_1,
  failOrder,
  opened,
  planChanged,
  PN,
  purchased,
  purchaseFailed,
  released,
  releaseStarted,
  renewalFailed,
  renewed,
  requested,
  submitted,
  suspended,
  TWO_DOLLARS,
  unassigned,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const LATER = "2026-01-31T12:05:00Z";
const FEB_28 = "2026-02-28T12:00:00Z";
const MAR_1 = "2026-03-01T12:00:00Z";
const GRACE_END = "2026-03-07T12:00:00Z";
const KEY = `${PN}:1`;

const record = (payment: RecordCharge["payment"], period = 1): RecordCharge => ({
  type: "RecordCharge",
  holding: PN,
  period,
  payment,
});
const refund = (period = 1) => ({ type: "RecordRefund", holding: PN, period }) as const;
const fail = failOrder(NOON);
const abandon = { type: "AbandonPurchase", holding: PN } as const;
const complete = { type: "CompleteRelease", holding: PN } as const;
const renew = { type: "RenewNumber", holding: PN, period: 2 } as const;

const asked = at(NOON, opened("Growth"), requested(), chargeStarted());
const paid = at(NOON, charge("Charged"));
const refunding = at(NOON, purchaseFailed(), charge("RefundStarted"));
const bought = at(NOON, opened("Growth"), requested(), purchased(NOON));
/** The second period is over, and its charge may have been taken. */
const renewing = at(FEB_28, chargeStarted({ period: 2 }));
const unpaid = at(FEB_28, renewalFailed(2, MAR_1, GRACE_END), suspended("unpaid"));

test("charge is in the log with the purchase, and waits for its answer", () => {
  assert.deepEqual(stateAfter(asked).get(charges, KEY), {
    key: KEY,
    holding: PN,
    e164: E164_1,
    period: 1,
    amount: TWO_DOLLARS,
    status: "started",
    since: instant(NOON),
  });
});

test("purchase is ordered when its charge is paid, and not before", () => {
  given(asked).when(confirm, { at: LATER }).then("CHARGE_UNSETTLED");
  const { state } = given(asked).when(record("paid"), { at: LATER }).then([charge("Charged")]);
  assert.equal(state.get(charges, KEY)?.status, "paid");
  given(asked, paid).when(confirm, { at: LATER }).then([purchased(LATER)]);
});

test("charge is at its end when the purchase opened its period", () => {
  const { state } = given(asked, paid).when(confirm, { at: LATER }).then([purchased(LATER)]);
  assert.equal(state.get(charges, KEY), undefined);
});

test("purchase fails immediately when its charge is declined, and gives back what it held", () => {
  const reason = { reason: "paymentDeclined", message: "The payment was declined." } as const;
  const { state } = given(asked, at(NOON, assigned("agent")))
    .when(record("declined"), { at: LATER })
    .then([charge("ChargeDeclined"), unassigned("agent"), purchaseFailed(reason)]);
  assert.equal(state.get(charges, KEY), undefined);
  assert.equal(self(state)?.held, 0);
});

test("purchase does not fail while it is unknown whether its charge was taken", () => {
  given(asked).when(fail, { at: LATER }).then("CHARGE_UNSETTLED");
});

test("purchase is given up when ten minutes are over and its charge is unknown still", () => {
  const late = "2026-01-31T12:10:00Z";
  const message = "It did not become known in time whether the payment was made.";
  given(asked).when(abandon, { at: "2026-01-31T12:09:59.999Z" }).then([]);
  given(asked).when(fail, { at: late }).then("CHARGE_UNSETTLED");
  const { state } = given(asked)
    .when(abandon, { at: late })
    .then([purchaseFailed({ reason: "paymentUnknown", message })]);
  const row = state.get(charges, KEY);
  assert.ok(row?.status === "started");
  assert.deepEqual(charges.work?.(row), { automation: "charges", due: instant(late) });
});

test("purchase is not given up when its charge was settled meanwhile, or is not its own", () => {
  const late = "2026-01-31T12:10:00Z";
  given(asked, paid).when(abandon, { at: late }).then([]);
  given(bought).when(abandon, { at: late }).then([]);
  given(at(NOON, opened("Free"), requested({ paidFrom: "trial" })))
    .when(abandon, { at: late })
    .then([]);
  given(at(NOON, opened())).when(abandon, { at: late }).then("NUMBER_UNKNOWN");
});

test("charge that turns out to be paid when its purchase had failed is given back", () => {
  const givenBack = [charge("Charged"), charge("RefundStarted")];
  const failed = at(LATER, purchaseFailed());
  given(asked, failed).when(record("paid"), { at: LATER }).then(givenBack);
  given(asked, failed, at(LATER, { type: "PurchaseDismissed", data: { holding: PN } }))
    .when(record("paid"), { at: LATER })
    .then(givenBack);
  given(asked, failed).when(record("declined"), { at: LATER }).then([charge("ChargeDeclined")]);
});

test("refund starts when the purchase fails after its charge was paid", () => {
  const { state } = given(asked, paid)
    .when(fail, { at: LATER })
    .then([purchaseFailed(), charge("RefundStarted")]);
  const row = state.get(charges, KEY);
  assert.ok(row?.status === "refunding");
  assert.deepEqual(charges.work?.(row), { automation: "refunds", due: instant(LATER) });
});

test("refund is at its end when it is noted", () => {
  const { state } = given(asked, paid, refunding)
    .when(refund(), { at: LATER })
    .then([charge("Refunded")]);
  assert.equal(state.get(charges, KEY), undefined);
});

test("refund is still owed when the failed purchase was dismissed", () => {
  const dismissed = { type: "PurchaseDismissed", data: { holding: PN } } as const;
  const { state } = given(asked, paid, refunding, at(NOON, dismissed))
    .when(refund(), { at: LATER })
    .then([charge("Refunded")]);
  assert.equal(state.get(numbers, PN), undefined);
});

test("refund changes nothing when none was started", () => {
  given(asked, paid).when(refund(), { at: LATER }).then([]);
  given(bought).when(refund(), { at: LATER }).then([]);
});

test("answer to a charge changes nothing when the charge is settled or unknown", () => {
  given(asked, paid).when(record("declined"), { at: LATER }).then([]);
  given(asked, paid, refunding).when(record("paid"), { at: LATER }).then([]);
  given(bought).when(record("paid"), { at: LATER }).then([]);
  given(bought).when(record("declined", 7), { at: LATER }).then([]);
});

test("charge is started again under its key when it had been declined", () => {
  given(bought, renewing, at(FEB_28, charge("ChargeDeclined", 2)), unpaid)
    .when(renew, { at: MAR_1 })
    .then([chargeStarted({ period: 2 })]);
});

test("release starts while a charge is open, and ends only when it is settled", () => {
  const release = { type: "StartRelease", holding: PN, why: "byUser" } as const;
  given(bought, renewing).when(release, { at: FEB_28 }).then([releaseStarted("byUser")]);
  const releasing = at(FEB_28, releaseStarted("byUser"));
  given(bought, renewing, releasing).when(complete, { at: FEB_28 }).then("CHARGE_UNSETTLED");
  given(bought, renewing, releasing)
    .when(record("paid", 2), { at: FEB_28 })
    .then([charge("Charged", 2), charge("RefundStarted", 2)]);
  const owed = at(FEB_28, charge("Charged", 2), charge("RefundStarted", 2));
  given(bought, renewing, releasing, owed)
    .when(complete, { at: FEB_28 })
    .then("CHARGE_UNSETTLED");
  given(bought, renewing, releasing, owed, at(FEB_28, charge("Refunded", 2)))
    .when(complete, { at: FEB_28 })
    .then([released()]);
});

test("release continues when the open charge is declined", () => {
  const declined = charge("ChargeDeclined", 2);
  given(bought, renewing, at(FEB_28, releaseStarted("byUser")))
    .when(record("declined", 2), { at: FEB_28 })
    .then([declined]);
  given(bought, renewing, at(FEB_28, releaseStarted("byUser"), declined))
    .when(complete, { at: FEB_28 })
    .then([released()]);
});

test("credits that arrive while a charge is open leave its period to it", () => {
  const addCredits = { type: "AddCredits", amount: money(5_000_000) } as const;
  const moved = at(MAR_1, planChanged("Prepaid"), submitted(), approved());
  given(bought, unpaid, at(MAR_1, chargeStarted({ period: 2 })), moved)
    .when(addCredits, { at: MAR_1 })
    .then([credited(5)]);
});

test("renewal is paid from credits immediately when its charge is declined after a move to them", () => {
  const moved = at(FEB_28, planChanged("Prepaid"), submitted(), approved(), credited(5));
  given(bought, renewing, moved)
    .when(record("declined", 2), { at: FEB_28 })
    .then([charge("ChargeDeclined", 2), renewed(NOON, 2, "credits")]);
});

test("number is sent away when its charge is declined after its auto-renewal was turned off", () => {
  const off = { type: "AutoRenewalChanged", data: { holding: PN, on: false } } as const;
  given(bought, renewing, at(FEB_28, off))
    .when(record("declined", 2), { at: FEB_28 })
    .then([charge("ChargeDeclined", 2), releaseStarted("notRenewed")]);
});

test("purchase of a number that costs nothing is paid from credits when the plan is prepaid", () => {
  const free = requested({ paidFrom: "credits", setup: money(0), monthly: money(0) });
  const { state } = given(at(NOON, opened("Prepaid"), free)).when(confirm, { at: NOON }).then([{
    type: "NumberPurchased",
    data: {
      holding: PN,
      carrierId: `carrier_${PN}`,
      term: {
        kind: "monthly",
        period: 1,
        from: instant(NOON),
        to: instant(FEB_28),
        amount: money(0),
        chargeKey: KEY,
        paidFrom: "credits",
        noticeAt: instant("2026-02-25T12:00:00Z"),
      },
    },
  }]);
  assert.equal(state.get(charges, KEY), undefined);
});
