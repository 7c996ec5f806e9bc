import { test } from "node:test";
import { CLOSED, withClosed } from "../../adapters/ledger/engine/closed-plan.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { at, given } from "../harness/specification.ts";
import {
  approved,
  attested,
  business,
  buy,
  credited,
  drafted,
  E164_1,
  imported,
  opened,
  planChanged,
  PN,
  purchased,
  reinstated,
  releaseStarted,
  renewalFailed,
  requested,
  revoked,
  searched,
  submitted,
  suspended,
  TWO_DOLLARS,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const LATER = "2026-02-02T12:00:00Z";
const byOperator = { at: LATER, actor: OPERATOR };
const second = { holding: "pn_2", e164: "+14155550102" } as const;

const held = [
  credited(10),
  requested({ paidFrom: "credits", debited: TWO_DOLLARS }),
  purchased(NOON, { paidFrom: "credits" }),
];
const verified = at(NOON, opened("Prepaid"), submitted(), approved(), ...held);
const resting = at(NOON, revoked(), suspended("compliance"));
const secondSubmission = submitted(attested(), false, "vs_2");

const review = (kind: "approve" | "reject" | "revoke", verification = "vs_1") =>
  ({
    type: "ReviewVerification",
    verification,
    review: kind === "approve" ? { kind } : { kind, reason: "The company is gone." },
  }) as const;
const toPlan = (plan: string) => ({ type: "OpenOrganization", name: "Acme", plan }) as const;

test("numbers rest when the verification that their plan asks for is revoked", () => {
  given(
    verified,
    at(NOON, requested({ ...second, paidFrom: "credits", debited: TWO_DOLLARS })),
    at(NOON, imported({ holding: "pn_3", e164: "+14155550103" })),
  )
    .when(review("revoke"), byOperator)
    .then([revoked(), suspended("compliance")]);
});

test("numbers serve on when a verification is revoked that their plan does not ask for", () => {
  given(at(NOON, opened("Growth"), submitted(), approved(), requested(), purchased(NOON)))
    .when(review("revoke"), byOperator)
    .then([revoked()]);
});

test("number that is unpaid or leaves stays so when the verification is revoked", () => {
  given(verified, at(NOON, renewalFailed(2, LATER, LATER), suspended("unpaid")))
    .when(review("revoke"), byOperator)
    .then([revoked()]);
  given(verified, at(NOON, releaseStarted("byUser")))
    .when(review("revoke"), byOperator)
    .then([revoked()]);
});

test("numbers are back when a new submission is approved", () => {
  given(verified, resting, at(NOON, drafted(business(), "vs_2"), secondSubmission))
    .when(review("approve", "vs_2"), byOperator)
    .then([approved("vs_2"), reinstated()]);
});

test("numbers rest on when a new submission is only drafted or submitted", () => {
  given(verified, resting)
    .when({ type: "DraftVerification", verification: "vs_2", content: business() }, { at: LATER })
    .then([drafted(business(), "vs_2")]);
  given(verified, resting)
    .when({
      type: "SubmitVerification",
      verification: "vs_2",
      content: attested(),
      announce: false,
    }, { at: LATER })
    .then([secondSubmission]);
});

test("numbers rest on when the new submission is rejected", () => {
  given(verified, resting, at(NOON, secondSubmission))
    .when(review("reject", "vs_2"), byOperator)
    .then([{
      type: "VerificationRejected",
      data: { verification: "vs_2", reason: "The company is gone." },
    }]);
});

test("numbers are back when the plan changes to one that asks for no verification", () => {
  given(verified, resting)
    .when(toPlan("Growth"), { at: LATER })
    .then([planChanged("Growth", DEFAULT_PLANS), reinstated()]);
});

test("numbers rest when the plan changes to one that requires the revoked verification", () => {
  const growth = at(NOON, opened("Growth"), submitted(), approved(), requested(), purchased(NOON));
  given(growth, at(NOON, revoked()))
    .when(toPlan("Prepaid"), { at: LATER })
    .then([planChanged("Prepaid", DEFAULT_PLANS), suspended("compliance")]);
  given(growth, at(NOON, revoked(), drafted(business(), "vs_2")))
    .when(toPlan("Prepaid"), { at: LATER })
    .then([planChanged("Prepaid", DEFAULT_PLANS), suspended("compliance")]);
});

test("numbers that rest do not return when their organization is closed, and do when it is reopened", () => {
  const plans = withClosed(DEFAULT_PLANS);
  const closing = toPlan(CLOSED.name);
  const closed = at(LATER, planChanged(CLOSED.name, plans));
  given(verified, resting).when(closing, { at: LATER, plans }).then([
    planChanged(CLOSED.name, plans),
  ]);
  given(verified, resting, closed, at(LATER, drafted(business(), "vs_2"), secondSubmission))
    .when(review("approve", "vs_2"), { ...byOperator, plans })
    .then([approved("vs_2")]);
  given(verified, resting, closed)
    .when(toPlan("Growth"), { at: LATER, plans })
    .then([planChanged("Growth", plans), reinstated()]);
});

test("numbers serve on when the plan changes to one whose verification was never given", () => {
  given(at(NOON, opened("Growth"), requested(), purchased(NOON)))
    .when(toPlan("Prepaid"), { at: LATER })
    .then([planChanged("Prepaid", DEFAULT_PLANS)]);
});

test("nothing can be bought while the verification is revoked", () => {
  given(verified, resting, at(NOON, searched(second.e164)))
    .when(buy(second), { at: NOON })
    .then("VERIFICATION_REQUIRED");
  given(verified, resting, at(NOON, drafted(business(), "vs_2"), searched(E164_1)))
    .when(buy(second), { at: NOON })
    .then("VERIFICATION_REQUIRED");
});

test("number that rests can be released when a user asks", () => {
  given(verified, resting)
    .when({ type: "StartRelease", holding: PN, why: "byUser" }, { at: LATER })
    .then([releaseStarted("byUser")]);
});
