import assert from "node:assert/strict";
import { test } from "node:test";
import { self } from "../../core/organization/refusals.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import type { DraftVerification, SubmitVerification } from "../../core/verification/decisions.ts";
import type { VerificationDraft } from "../../core/verification/draft.ts";
import { verifications } from "../../core/verification/state.ts";
import { verificationView } from "../../core/verification/view.ts";
import { ALICE, at, given, instant, stateAfter } from "../harness/specification.ts";
import {
  approved,
  attested,
  business,
  drafted,
  opened,
  revoked,
  submitted,
  wholeBusiness,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const LATER = "2026-02-02T12:00:00Z";
const acme = at(NOON, opened("Prepaid"));

const draft = (
  content: VerificationDraft = business(),
  verification = "vs_1",
): DraftVerification => ({ type: "DraftVerification", verification, content });
const submit = (
  content = attested(),
  { verification = "vs_1", announce = false } = {},
): SubmitVerification => ({ type: "SubmitVerification", verification, content, announce });
const review = (kind: "approve" | "reject" | "revoke", verification = "vs_1") =>
  ({
    type: "ReviewVerification",
    verification,
    review: kind === "approve" ? { kind } : { kind, reason: "The company is gone." },
  }) as const;
const rejected = {
  type: "VerificationRejected",
  data: { verification: "vs_1", reason: "The company is gone." },
} as const;
const byOperator = { at: LATER, actor: OPERATOR };

test("verification is missing when none was begun", () => {
  const nothing = { status: "missing", submission: null, prefill: null };
  assert.deepEqual(verificationView(stateAfter(acme)), nothing);
});

test("draft begins a submission when there is none yet", () => {
  given(acme).when(draft(), { at: NOON }).then([drafted()]);
});

test("draft is saved over a draft, under the id it began with", () => {
  given(acme, at(NOON, drafted()))
    .when(draft(business("Acme Holding"), "vs_2"), { at: LATER })
    .then([drafted(business("Acme Holding"))]);
});

test("draft changes nothing when it says the same again", () => {
  given(acme, at(NOON, drafted())).when(draft(business(), "vs_2"), { at: LATER }).then([]);
});

test("draft is refused when the verification is submitted or approved", () => {
  given(acme, at(NOON, submitted())).when(draft(), { at: LATER }).then("VERIFICATION_LOCKED");
  given(acme, at(NOON, submitted(), approved()))
    .when(draft(), { at: LATER })
    .then("VERIFICATION_LOCKED");
});

/** A draft that says this of the business, and leaves all else out. */
const says = (
  businessProfile: VerificationDraft["businessProfile"],
  authorizedRepresentative: VerificationDraft["authorizedRepresentative"] = {},
): VerificationDraft => ({ businessProfile, authorizedRepresentative, attestationAccepted: false });

const rejectedBefore = at(NOON, submitted(), rejected);

test("draft begins a new submission with what the last one said when that was rejected", () => {
  const { state } = given(acme, rejectedBefore)
    .when(draft(says({ legalName: "Acme Holding" }), "vs_2"), { at: LATER })
    .then([drafted(wholeBusiness("Acme Holding"), "vs_2")]);
  assert.equal(state.get(verifications, "vs_1")?.status, "rejected");
  assert.deepEqual(self(state)?.verification, { id: "vs_2", status: "draft", revoked: false });
});

test("draft begins a new submission when the last was revoked", () => {
  given(acme, at(NOON, submitted(), approved(), revoked()))
    .when(draft(says({}), "vs_2"), { at: LATER })
    .then([drafted(wholeBusiness(), "vs_2")]);
});

test("draft clears what it says null or nothing of, and keeps the rest of the last one", () => {
  const { businessProfile, authorizedRepresentative, attestationAccepted } = wholeBusiness();
  for (const none of [null, ""]) {
    for (const [name] of Object.entries(businessProfile)) {
      const cleared = name === "address" ? { address: null } : { [name]: none };
      given(acme, rejectedBefore).when(draft(says(cleared), "vs_2"), { at: LATER }).then([drafted({
        businessProfile: { ...businessProfile, [name]: null },
        authorizedRepresentative,
        attestationAccepted,
      }, "vs_2")]);
    }
    for (const [name] of Object.entries(authorizedRepresentative)) {
      const cleared = { [name]: none };
      given(acme, rejectedBefore).when(draft(says({}, cleared), "vs_2"), { at: LATER }).then([
        drafted({
          businessProfile,
          authorizedRepresentative: { ...authorizedRepresentative, [name]: null },
          attestationAccepted,
        }, "vs_2"),
      ]);
    }
  }
});

test("draft leaves as it is what it does not name, and what was cleared stays cleared", () => {
  const begun = drafted(wholeBusiness("Acme", { registrationId: null }), "vs_2");
  given(acme, rejectedBefore, at(NOON, begun))
    .when(draft(says({ legalName: "Acme Two" }), "vs_2"), { at: LATER })
    .then([drafted(wholeBusiness("Acme Two", { registrationId: null }), "vs_2")]);
  for (const same of [{}, { registrationId: null }, { registrationId: "", website: undefined }]) {
    given(acme, rejectedBefore, at(NOON, begun)).when(draft(says(same), "vs_2"), { at: LATER })
      .then([]);
  }
});

test("draft has the address that it names, and nothing of the one before", () => {
  const abroad = { street: "Ring 1", city: "Bonn", state: "", postalCode: null, country: "DE" };
  given(acme, at(NOON, drafted(wholeBusiness())))
    .when(draft(says({ address: abroad })), { at: LATER })
    .then([drafted(wholeBusiness("Acme Inc.", { address: { ...abroad, state: null } }))]);
});

test("draft is attested only where it says so", () => {
  const begun = { ...wholeBusiness(), attestationAccepted: true };
  given(acme, at(NOON, drafted(begun)))
    .when(draft(says({})), { at: LATER })
    .then([drafted(wholeBusiness())]);
});

test("draft changes nothing when an older one has the same in another order", () => {
  const { businessProfile, ...others } = business();
  const { address, ...profile } = businessProfile;
  const older = { ...others, businessProfile: { address, ...profile } };
  given(acme, at(NOON, drafted(older))).when(draft(), { at: LATER }).then([]);
});

test("draft and submission are refused when the organization is unknown", () => {
  given().when(draft(), { at: NOON }).then("ORGANIZATION_UNKNOWN");
  given().when(submit(), { at: NOON }).then("ORGANIZATION_UNKNOWN");
});

test("submission takes up the draft when there is one", () => {
  const { state } = given(acme, at(NOON, drafted()))
    .when(submit(attested(), { verification: "vs_2" }), { at: LATER })
    .then([submitted()]);
  const submission = state.get(verifications, "vs_1");
  assert.deepEqual(submission?.submitted, { at: instant(LATER), by: ALICE });
  assert.equal(submission?.attestedAt, instant(LATER));
  assert.equal(submission?.createdAt, instant(NOON));
});

test("attestation keeps its time when the draft had it already", () => {
  const { state } = given(acme, at(NOON, drafted(attested())))
    .when(submit(), { at: LATER })
    .then([submitted()]);
  assert.equal(state.get(verifications, "vs_1")?.attestedAt, instant(NOON));
});

test("submission needs no draft before it", () => {
  given(acme).when(submit(), { at: NOON }).then([submitted()]);
});

test("submission is refused when the verification is submitted or approved", () => {
  given(acme, at(NOON, submitted())).when(submit(), { at: LATER }).then("VERIFICATION_LOCKED");
  given(acme, at(NOON, submitted(), approved()))
    .when(submit(), { at: LATER })
    .then("VERIFICATION_LOCKED");
});

test("submission is approved or rejected by the operator, who is named", () => {
  const { state } = given(acme, at(NOON, submitted()))
    .when(review("approve"), byOperator)
    .then([approved()]);
  const { reviewed } = state.get(verifications, "vs_1") ?? {};
  assert.deepEqual(reviewed, { at: instant(LATER), by: OPERATOR });
  const refused = given(acme, at(NOON, submitted()))
    .when(review("reject"), byOperator)
    .then([rejected]);
  assert.equal(refused.state.get(verifications, "vs_1")?.reason, "The company is gone.");
});

test("review changes nothing when it says the same again", () => {
  given(acme, at(NOON, submitted(), approved())).when(review("approve"), byOperator).then([]);
  given(acme, at(NOON, submitted(), rejected)).when(review("reject"), byOperator).then([]);
});

test("review is refused when the submission is not in its turn", () => {
  const outOfTurn = "VERIFICATION_OUT_OF_TURN";
  given(acme, at(NOON, drafted())).when(review("approve"), byOperator).then(outOfTurn);
  given(acme, at(NOON, submitted())).when(review("revoke"), byOperator).then(outOfTurn);
  given(acme, at(NOON, submitted(), rejected)).when(review("approve"), byOperator).then(outOfTurn);
  given(acme, at(NOON, submitted(), approved())).when(review("reject"), byOperator).then(outOfTurn);
});

test("review and notice are refused when the submission is unknown", () => {
  given(acme).when(review("approve"), byOperator).then("VERIFICATION_UNKNOWN");
  const outcome = { status: "queued", jobId: "job" } as const;
  given(acme)
    .when({ type: "RecordNotice", verification: "vs_9", outcome }, byOperator)
    .then("VERIFICATION_UNKNOWN");
});

test("view prefills the next submission when the last is rejected or revoked, and only then", () => {
  const { businessProfile, authorizedRepresentative } = attested();
  const prefill = { businessProfile, authorizedRepresentative };
  const prefillOf = (...events: Parameters<typeof at>[1][]) =>
    verificationView(stateAfter(acme, at(NOON, ...events))).prefill;
  assert.deepEqual(prefillOf(submitted(), rejected), prefill);
  assert.deepEqual(prefillOf(submitted(), approved(), revoked()), prefill);
  assert.equal(prefillOf(drafted()), null);
  assert.equal(prefillOf(submitted()), null);
  assert.equal(prefillOf(submitted(), approved()), null);
});

test("a submission to be announced is due until its reviewers are notified", () => {
  const announce = { type: "RecordNotice", verification: "vs_1" } as const;
  const queued = { status: "queued", jobId: "job_1" } as const;
  const notified = {
    type: "ReviewerNotified",
    data: { verification: "vs_1", outcome: queued },
  } as const;
  const waiting = at(NOON, submitted(attested(), true));
  const submission = stateAfter(acme, waiting).get(verifications, "vs_1");
  assert.ok(submission !== undefined);
  const list = { automation: "reviewers", due: instant(NOON) };
  assert.deepEqual(verifications.work?.(submission), list);
  const { state } = given(acme, waiting)
    .when({ ...announce, outcome: queued }, { at: NOON })
    .then([notified]);
  const announced = state.get(verifications, "vs_1");
  assert.ok(announced !== undefined);
  assert.deepEqual(announced.notice, queued);
  assert.equal(verifications.work?.(announced), null);
  given(acme, waiting, at(NOON, notified))
    .when({ ...announce, outcome: queued }, { at: LATER })
    .then([]);
});

test("reviewers are notified again an hour later when the notice failed, at most 24 times", () => {
  const outcome = { status: "enqueue_failed", error: "HTTP 500" } as const;
  const failedNotice = {
    type: "ReviewerNotified",
    data: { verification: "vs_1", outcome },
  } as const;
  const workAfter = (times: number) => {
    const failures = Array.from({ length: times }, () => failedNotice);
    const state = stateAfter(acme, at(NOON, submitted(attested(), true), ...failures));
    const submission = state.get(verifications, "vs_1");
    assert.ok(submission !== undefined);
    return verifications.work?.(submission);
  };
  const inAnHour = { automation: "reviewers", due: instant("2026-01-31T13:00:00Z") };
  assert.deepEqual(workAfter(1), inAnHour);
  assert.deepEqual(workAfter(23), inAnHour);
  assert.equal(workAfter(24), null);
});

test("no reviewer is notified of a submission once it is decided", () => {
  const state = stateAfter(acme, at(NOON, submitted(attested(), true), approved()));
  const submission = state.get(verifications, "vs_1");
  assert.ok(submission !== undefined);
  assert.equal(verifications.work?.(submission), null);
});
