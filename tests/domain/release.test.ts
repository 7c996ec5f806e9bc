import assert from "node:assert/strict";
import { test } from "node:test";
import { numbers } from "../../core/number/state.ts";
import { releaseRequests } from "../../core/number/release-requests.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { at, given, instant } from "../harness/specification.ts";
import {
  assigned,
  E164_1,
  imported,
  lent,
  opened,
  PN,
  purchased,
  purchaseFailed,
  released,
  releaseStarted,
  requested,
  unassigned,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const LATER = "2026-02-02T12:00:00Z";
const held = at(NOON, opened(), requested(), purchased(NOON));
const release = { type: "StartRelease", holding: PN, why: "byUser" } as const;
const complete = { type: "CompleteRelease", holding: PN } as const;
const REASON = "We no longer need it.";
const ask = { type: "RequestRelease", request: "rr_1", holding: PN, reason: REASON } as const;
const asked = {
  type: "ReleaseRequested",
  data: { request: "rr_1", holding: PN, e164: E164_1, world: "sandbox", reason: REASON },
} as const;
const granted = {
  type: "ReleaseRequestApproved",
  data: { request: "rr_1", holding: PN },
} as const;
const cancelled = {
  type: "ReleaseRequestCancelled",
  data: { request: "rr_1", holding: PN },
} as const;
const rejected = {
  type: "ReleaseRequestRejected",
  data: { request: "rr_1", holding: PN, reason: "It is still billed." },
} as const;
const resolve = (kind: "cancel" | "approve") =>
  ({ type: "ResolveReleaseRequest", request: "rr_1", resolution: { kind } }) as const;
const reject = {
  type: "ResolveReleaseRequest",
  request: "rr_1",
  resolution: { kind: "reject", reason: "It is still billed." },
} as const;

test("release unassigns the number and waits for the carrier", () => {
  const { state } = given(held, at(NOON, assigned("agent")))
    .when(release, { at: LATER })
    .then([unassigned("agent"), releaseStarted("byUser")]);
  const number = state.get(numbers, PN);
  assert.ok(number?.source === "managed" && number.stage.status === "releasing");
  assert.equal(number.stage.carrierId, "carrier_pn_1");
});

test("release ends when the carrier has released the number, which is then deleted", () => {
  const { state } = given(held, at(NOON, releaseStarted("byUser")))
    .when(complete, { at: LATER })
    .then([released()]);
  assert.equal(state.get(numbers, PN), undefined);
});

test("release keeps its first reason when it is started again", () => {
  given(held, at(NOON, releaseStarted("carrierLostIt"))).when(release, { at: LATER }).then([]);
  given(held, at(NOON, releaseStarted("carrierLostIt")))
    .when(complete, { at: LATER })
    .then([released({ why: "carrierLostIt" })]);
});

test("completing changes nothing when no release was started", () => {
  given(held).when(complete, { at: LATER }).then([]);
  given(at(NOON, opened())).when(complete, { at: LATER }).then([]);
});

test("release of a trial starts when a user asks", () => {
  given(at(NOON, opened("Free"), requested({ paidFrom: "trial" }), lent(NOON)))
    .when(release, { at: LATER })
    .then([releaseStarted("byUser")]);
});

test("imported number is deleted immediately when it is released", () => {
  given(at(NOON, opened(), imported(), assigned("agent")))
    .when(release, { at: LATER })
    .then([unassigned("agent"), released({ source: "imported" })]);
});

test("release is refused while the purchase is in progress", () => {
  given(at(NOON, opened(), requested())).when(release, { at: NOON }).then("PURCHASE_IN_PROGRESS");
});

test("release is refused when the number is unknown or has been released", () => {
  given(at(NOON, opened())).when(release, { at: NOON }).then("NUMBER_UNKNOWN");
  given(held, at(NOON, releaseStarted("byUser"), released()))
    .when(release, { at: LATER })
    .then("NUMBER_UNKNOWN");
});

test("release grants the request that waits on the number", () => {
  given(held, at(NOON, asked)).when(release, { at: LATER }).then([
    granted,
    releaseStarted("byUser"),
  ]);
});

test("expiring trial grants the request that waits on it", () => {
  given(at(NOON, opened("Free"), requested({ paidFrom: "trial" }), lent(NOON), asked))
    .when({ type: "ExpireTrial", holding: PN }, { at: "2026-02-05T12:00:00Z" })
    .then([
      { type: "TrialExpired", data: { holding: PN } },
      granted,
      releaseStarted("trialOver"),
    ]);
});

test("release request waits for the operator", () => {
  const { state } = given(held).when(ask, { at: LATER }).then([asked]);
  assert.deepEqual(state.get(releaseRequests, "rr_1"), {
    id: "rr_1",
    holding: PN,
    e164: E164_1,
    world: "sandbox",
    reason: REASON,
    requestedAt: instant(LATER),
    outcome: { status: "pending" },
  });
});

test("release request is refused when one is pending, or the release has begun", () => {
  given(held, at(NOON, asked))
    .when({ ...ask, request: "rr_2" }, { at: LATER })
    .then("RELEASE_ALREADY_PENDING");
  given(held, at(NOON, releaseStarted("byUser")))
    .when(ask, { at: LATER })
    .then("RELEASE_ALREADY_PENDING");
});

test("release request is refused when the number is assigned", () => {
  given(held, at(NOON, assigned("agent"))).when(ask, { at: LATER }).then("NUMBER_IN_USE");
});

test("release request is refused when the number is unknown or being bought", () => {
  given(at(NOON, opened())).when(ask, { at: NOON }).then("NUMBER_UNKNOWN");
  given(at(NOON, opened(), requested())).when(ask, { at: NOON }).then("PURCHASE_IN_PROGRESS");
});

test("release request for a purchase in progress is granted immediately, and cancels it if possible", () => {
  const buying = at(NOON, opened(), requested());
  const cancelling = { type: "CancellationRequested", data: { holding: PN } } as const;
  const give = { ...ask, cancelling: ["sandbox"] };
  const { state } = given(buying).when(give, { at: LATER }).then([asked, granted, cancelling]);
  const outcome = { status: "approved", at: instant(LATER) };
  assert.deepEqual(state.get(releaseRequests, "rr_1")?.outcome, outcome);
  assert.equal(state.get(numbers, PN)?.releaseRequest, null);
  given(buying, at(NOON, asked, granted, cancelling))
    .when({ ...give, request: "rr_2" }, { at: LATER })
    .then("RELEASE_ALREADY_PENDING");
  given(buying, at(NOON, assigned("agent"))).when(give, { at: LATER }).then("NUMBER_IN_USE");
  given(buying, at(NOON, assigned("agent")))
    .when({ ...give, cancelling: ["another"] }, { at: LATER })
    .then("PURCHASE_IN_PROGRESS");
});

test("release request waits for the operator when the purchase is confirmed by then", () => {
  given(held).when({ ...ask, cancelling: ["sandbox"] }, { at: LATER }).then([asked]);
});

test("release request of a caller of the other world is never granted, whatever its carrier can", () => {
  given(at(NOON, opened(), requested()))
    .when({ ...ask, cancelling: ["sandbox"] }, { at: LATER, scope: "live" })
    .then("NUMBER_UNKNOWN");
});

test("release request is allowed again when the last was cancelled or rejected", () => {
  const again = { ...ask, request: "rr_2" };
  const askedAgain = { type: asked.type, data: { ...asked.data, request: "rr_2" } };
  given(held, at(NOON, asked, cancelled)).when(again, { at: LATER }).then([askedAgain]);
  given(held, at(NOON, asked, rejected)).when(again, { at: LATER }).then([askedAgain]);
});

test("release request stays, as cancelled, when the user takes it back", () => {
  const { state } = given(held, at(NOON, asked)).when(resolve("cancel"), { at: LATER }).then([
    cancelled,
  ]);
  const outcome = { status: "cancelled", at: instant(LATER) };
  assert.deepEqual(state.get(releaseRequests, "rr_1")?.outcome, outcome);
  assert.equal(state.get(numbers, PN)?.releaseRequest, null);
});

test("release starts when the operator approves the request", () => {
  given(held, at(NOON, asked, assigned("agent")))
    .when(resolve("approve"), { at: LATER, actor: OPERATOR })
    .then([unassigned("agent"), granted, releaseStarted("byUser")]);
});

test("failed purchase is dismissed when the operator approves its release request", () => {
  given(at(NOON, opened(), requested(), purchaseFailed(), asked))
    .when(resolve("approve"), { at: LATER, actor: OPERATOR })
    .then([granted, { type: "PurchaseDismissed", data: { holding: PN } }]);
});

test("number stays and the reason is kept when the operator rejects the request", () => {
  const { state } = given(held, at(NOON, asked))
    .when(reject, { at: LATER, actor: OPERATOR })
    .then([rejected]);
  const outcome = { status: "rejected", at: instant(LATER), reason: "It is still billed." };
  assert.deepEqual(state.get(releaseRequests, "rr_1")?.outcome, outcome);
  assert.ok(state.get(numbers, PN) !== undefined);
});

test("resolving is refused when the request is unknown", () => {
  given(held).when(resolve("cancel"), { at: NOON }).then("RELEASE_REQUEST_UNKNOWN");
});

test("resolving is refused when the request is resolved already", () => {
  given(held, at(NOON, asked, cancelled))
    .when(resolve("cancel"), { at: LATER })
    .then("RELEASE_REQUEST_RESOLVED");
  given(held, at(NOON, asked, rejected))
    .when(resolve("approve"), { at: LATER, actor: OPERATOR })
    .then("RELEASE_REQUEST_RESOLVED");
});

test("resolving changes nothing when the operator repeats it", () => {
  given(held, at(NOON, asked, granted, releaseStarted("byUser")))
    .when(resolve("approve"), { at: LATER, actor: OPERATOR })
    .then([]);
  given(held, at(NOON, asked, rejected)).when(reject, { at: LATER, actor: OPERATOR }).then([]);
});
