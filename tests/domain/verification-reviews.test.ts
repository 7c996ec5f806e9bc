/** Drafts after a review, and when reviewers are notified. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { at, given, instant, stateAfter } from "../harness/specification.ts";
import {
  attested,
  business,
  drafted,
  opened,
  requested,
  revoked,
  submitted,
  wholeBusiness,
} from "../harness/story/mod.ts";
import { verifications } from "../../core/verification/state.ts";

const NOON = "2026-01-31T12:00:00Z";

const LATER = "2026-02-02T12:00:00Z";

const rejected = (verification: string): DomainEvent => ({
  type: "VerificationRejected",
  data: { verification, reason: "It is not whole." },
});

const reviewed = (name: string, verification: string): readonly DomainEvent[] => [
  submitted(attested(wholeBusiness(name)), false, verification),
  rejected(verification),
];

test("draft begins with what the submission said that was reviewed last", () => {
  const content = {
    businessProfile: { displayName: "New" },
    authorizedRepresentative: {},
    attestationAccepted: false,
  };
  const draft = { type: "DraftVerification", verification: "vs_9", content } as const;
  const expected = (name: string) => {
    const { businessProfile, authorizedRepresentative } = wholeBusiness(name);
    return [
      drafted({
        businessProfile: { ...businessProfile, displayName: "New" },
        authorizedRepresentative,
        attestationAccepted: false,
      }, "vs_9"),
    ];
  };
  const acme = at(NOON, opened("Prepaid"));
  given(acme, at(NOON, ...reviewed("One", "vs_2")), at(LATER, ...reviewed("Two", "vs_1")))
    .when(draft, { at: LATER }).then(expected("Two"));
  // Of two of one moment it is the one with the later id.
  given(acme, at(NOON, ...reviewed("One", "vs_2"), ...reviewed("Two", "vs_1")))
    .when(draft, { at: LATER }).then(expected("One"));
  given(acme, at(NOON, ...reviewed("One", "vs_1"), ...reviewed("Two", "vs_2")))
    .when(draft, { at: LATER }).then(expected("Two"));
});

test("reviewers are to be notified of a submission from its time on, and never of a draft", () => {
  const announced = (event: DomainEvent) =>
    stateAfter(at(NOON, opened("Prepaid"), event)).get(verifications, "vs_1")?.announceFrom;
  assert.equal(announced(submitted(attested(), true)), instant(NOON));
  assert.equal(announced(submitted(attested(), false)), null);
  assert.equal(announced(drafted(business())), null);
});

test("notice to reviewers is recorded only once its next attempt is due", () => {
  const outcome = { status: "enqueue_failed", error: "HTTP 500" } as const;
  const notified = { type: "ReviewerNotified", data: { verification: "vs_1", outcome } } as const;
  const notice = { type: "RecordNotice", verification: "vs_1", outcome } as const;
  const tried = given(at(NOON, opened("Prepaid"), submitted(attested(), true), notified));
  tried.when(notice, { at: "2026-01-31T12:59:59Z" }).then([]);
  tried.when(notice, { at: "2026-01-31T13:00:00Z" }).then([notified]);
});

test("verification that is revoked has the reason and the time of that", () => {
  const state = stateAfter(
    at(NOON, opened("Prepaid"), requested({ paidFrom: "credits" })),
    at(NOON, submitted(), { type: "VerificationApproved", data: { verification: "vs_1" } }),
    at(LATER, revoked()),
  );
  const row = state.get(verifications, "vs_1");
  assert.deepEqual([row?.status, row?.reason, row?.updatedAt], [
    "revoked",
    "The company is gone.",
    instant(LATER),
  ]);
});
