import { test } from "node:test";
import type { DraftVerification, SubmitVerification } from "../../core/verification/decisions.ts";
import type { VerificationDraft } from "../../core/verification/draft.ts";
import { MAX_VERIFICATION_BYTES } from "../../core/verification/size.ts";
import { at, given } from "../harness/specification.ts";
import { attested, business, drafted, opened, wholeBusiness } from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const LATER = "2026-02-02T12:00:00Z";
const acme = at(NOON, opened("Prepaid"));

const draft = (content: VerificationDraft): DraftVerification => ({
  type: "DraftVerification",
  verification: "vs_1",
  content,
});
const submit = (content: SubmitVerification["content"]): SubmitVerification => ({
  type: "SubmitVerification",
  verification: "vs_1",
  content,
  announce: false,
});

/** A draft that says this of the business, and leaves all else out. */
const says = (businessProfile: VerificationDraft["businessProfile"]): VerificationDraft => ({
  businessProfile,
  authorizedRepresentative: {},
  attestationAccepted: false,
});

/** A content of just this many bytes as JSON. */
const sized = (bytes: number) => {
  const filled = (length: number) => business("Acme Inc.", { useCase: "x".repeat(length) });
  return filled(bytes - JSON.stringify(filled(0)).length);
};

test("draft is refused when it would be too large with what an earlier one said", () => {
  given(acme).when(draft(sized(MAX_VERIFICATION_BYTES)), { at: NOON })
    .then([drafted(sized(MAX_VERIFICATION_BYTES))]);
  given(acme).when(draft(sized(MAX_VERIFICATION_BYTES + 1)), { at: NOON })
    .then("VERIFICATION_TOO_LARGE");
  const earlier = at(NOON, drafted(sized(MAX_VERIFICATION_BYTES * 3 / 4)));
  const expectedUsage = "\u0001".repeat(MAX_VERIFICATION_BYTES / 2 / "\\u0001".length);
  given(acme).when(draft(says({ expectedUsage })), { at: NOON })
    .then([drafted(business(null, { expectedUsage, address: null }))]);
  given(acme, earlier).when(draft(says({ expectedUsage })), { at: LATER })
    .then("VERIFICATION_TOO_LARGE");
});

test("draft that an older log has stays as it is when it is larger, and can be made smaller", () => {
  const large = at(NOON, drafted(sized(2 * MAX_VERIFICATION_BYTES)));
  given(acme, large).when(draft(says({})), { at: LATER }).then([]);
  given(acme, large).when(draft(says({ legalName: "Acme" })), { at: LATER })
    .then("VERIFICATION_TOO_LARGE");
  given(acme, large).when(draft(says({ useCase: null })), { at: LATER }).then([drafted()]);
});

test("submission is refused when it is too large", () => {
  const large = { useCase: "x".repeat(MAX_VERIFICATION_BYTES) };
  given(acme).when(submit(attested(wholeBusiness("Acme Inc.", large))), { at: NOON })
    .then("VERIFICATION_TOO_LARGE");
});
