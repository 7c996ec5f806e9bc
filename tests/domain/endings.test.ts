/** What ends a number or a purchase, and what is left alone since it has no number, or another. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { moreOf, needsOf } from "../../core/registry/commands.ts";
import { at, given, stateAfter } from "../harness/specification.ts";
import {
  charge,
  chargeStarted,
  confirm,
  failOrder,
  imported,
  lent,
  opened,
  PN,
  purchased,
  purchaseFailed,
  released,
  releaseStarted,
  requested,
  revoked,
  submitted,
  suspended,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const LATER = "2026-02-20T12:00:00Z";
const failed = at(NOON, opened(), requested(), purchaseFailed());
const dismissed: DomainEvent = { type: "PurchaseDismissed", data: { holding: PN } };
const release = { type: "StartRelease", holding: PN, why: "byUser" } as const;
const REASON = "It is not needed.";
const ask = { type: "RequestRelease", request: "rr_1", holding: PN, reason: REASON } as const;
const asked: DomainEvent = {
  type: "ReleaseRequested",
  data: { request: "rr_1", holding: PN, e164: "+14155550101", world: "sandbox", reason: REASON },
};
const granted: DomainEvent = {
  type: "ReleaseRequestApproved",
  data: { request: "rr_1", holding: PN },
};

test("the release of a failed purchase dismisses it, and grants what was asked", () => {
  given(failed).when(release, { at: LATER }).then([dismissed]);
  given(failed).when(ask, { at: LATER }).then([asked, granted, dismissed]);
});

test("commands to an order leave alone what is not a purchase, or no longer one", () => {
  const commands = [
    confirm,
    failOrder(NOON),
    { type: "AbandonPurchase", holding: PN },
    { type: "NoteOrder", holding: PN, waitsFor: null },
    { type: "RepeatOrder", holding: PN, lookedUpAt: 0, settlingMs: 0 },
  ] as const;
  for (const command of commands) {
    given(at(NOON, opened(), imported())).when(command, { at: LATER }).then("NUMBER_UNKNOWN");
    given(at(NOON, opened())).when(command, { at: LATER }).then("NUMBER_UNKNOWN");
    given(failed).when(command, { at: LATER }).then([]);
    given(at(NOON, opened(), requested(), purchased(NOON))).when(command, { at: LATER }).then([]);
  }
});

test("a trial ends also where it rests, once; what is paid by the month does not", () => {
  const expire = { type: "ExpireTrial", holding: PN } as const;
  const trial = at(NOON, opened("Free"), requested({ paidFrom: "trial" }), lent(NOON));
  const over = [
    { type: "TrialExpired", data: { holding: PN } },
    releaseStarted("trialOver"),
  ] as const;
  given(trial).when(expire, { at: LATER }).then(over);
  given(trial, at(NOON, suspended("compliance"))).when(expire, { at: LATER }).then(over);
  given(trial, at(NOON, ...over)).when(expire, { at: LATER }).then([]);
  given(at(NOON, opened(), requested(), purchased(NOON))).when(expire, { at: LATER }).then([]);
  given(at(NOON, opened(), requested())).when(expire, { at: LATER }).then([]);
  given(at(NOON, opened(), imported())).when(expire, { at: LATER }).then("NUMBER_UNKNOWN");
});

test("a number that rests for the verification rests on, where it is revoked again", () => {
  const resting = at(
    NOON,
    opened("Prepaid"),
    submitted(),
    requested({ paidFrom: "credits" }),
    purchased(NOON, { paidFrom: "credits" }),
    { type: "VerificationApproved", data: { verification: "vs_1" } },
    revoked(),
    suspended("compliance"),
  );
  given(resting, at(NOON, submitted(undefined, false, "vs_2")))
    .when({
      type: "ReviewVerification",
      verification: "vs_2",
      review: { kind: "approve" },
    }, { at: LATER })
    .then([
      { type: "VerificationApproved", data: { verification: "vs_2" } },
      { type: "Reinstated", data: { holding: PN } },
    ]);
});

test("a charge that opens no period of a number is given back", () => {
  const paid = { type: "RecordCharge", holding: PN, period: 1, payment: "paid" } as const;
  given(at(NOON, opened(), requested(), chargeStarted(), purchaseFailed()))
    .when(paid, { at: LATER })
    .then([charge("Charged"), charge("RefundStarted")]);
  given(at(NOON, opened(), requested(), purchased(NOON), chargeStarted(), released()))
    .when(paid, { at: LATER })
    .then([charge("Charged"), charge("RefundStarted")]);
});

test("a decision asks for no more than it needs: of failed purchases only where one may fail", () => {
  const many = Array.from({ length: 25 }, (_, index) => {
    const of = { holding: `pn_f${index}`, e164: `+1415555${1000 + index}` } as const;
    return [requested({ ...of, orderKey: `od_f${index}` }), purchaseFailed(of)];
  }).flat();
  const state = stateAfter(at(NOON, opened(), ...many, requested(), chargeStarted()));
  const more = (payment: "paid" | "declined") =>
    moreOf(state, { type: "RecordCharge", holding: PN, period: 1, payment }).rows ?? [];
  assert.deepEqual(more("paid"), []);
  assert.deepEqual(more("declined").map(({ key }) => key).slice(0, 2), ["pn_f0", "pn_f1"]);
  const first = needsOf({ type: "RecordCharge", holding: PN, period: 1, payment: "paid" }, 0);
  assert.equal(first.rows?.some(({ kind }) => kind === "purchaseTally"), false);
});
