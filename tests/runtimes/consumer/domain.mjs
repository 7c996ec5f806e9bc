import { test } from "node:test";
import { at, given, story } from "ledgerline/testing";

const { buy, charge, chargeStarted, confirm, opened, purchased, requested, searched } = story;

test("a number is bought at the price that was offered, and paid before it is ours", () => {
  given(at("2026-01-31T10:00:00Z", opened("Growth"), searched("+14155550101")))
    .when(buy()).then([requested(), chargeStarted()])
    .when(buy({ holding: "pn_2" })).then("PURCHASE_IN_PROGRESS")
    .when(confirm).then("CHARGE_UNSETTLED")
    .when({ type: "RecordCharge", holding: "pn_1", period: 1, payment: "paid" })
    .then([charge("Charged")])
    .when(confirm).then([purchased("2026-01-31T10:00:00Z")]);
});
