/** What a submission needs, whichever way it is made. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { OPERATOR } from "../../core/values/identity.ts";
import type { SubmitVerification } from "../../core/verification/decisions.ts";
import { verifications } from "../../core/verification/state.ts";
import { incomplete, lackingOf } from "../../core/verification/completeness.ts";
import { at, given, stateAfter } from "../harness/specification.ts";
import {
  approved,
  attested,
  business,
  opened,
  submitted,
  wholeBusiness,
} from "../harness/story/mod.ts";
import { missingOf } from "../../core/verification/address.ts";

const NOON = "2026-01-31T12:00:00Z";
const acme = at(NOON, opened("Prepaid"));

const submit = (content: SubmitVerification["content"]): SubmitVerification => ({
  type: "SubmitVerification",
  verification: "vs_1",
  content,
  announce: false,
});

/** A whole business with this at the path. */
const withMember = (path: string, value: string | null) => {
  const content = attested();
  const names = path.split(".");
  const last = names.pop() ?? "";
  let inner: Record<string, unknown> = content;
  for (const name of names) inner = inner[name] as Record<string, unknown>;
  inner[last] = value;
  return content;
};

const NEEDED = [
  "businessProfile.legalName",
  "businessProfile.displayName",
  "businessProfile.entityType",
  "businessProfile.country",
  "businessProfile.website",
  "businessProfile.useCase",
  "businessProfile.expectedUsage",
  "businessProfile.address.street",
  "businessProfile.address.country",
  "businessProfile.address.city",
  "businessProfile.address.state",
  "businessProfile.address.postalCode",
  "authorizedRepresentative.name",
  "authorizedRepresentative.title",
  "authorizedRepresentative.email",
];

test("submission is refused when something lacks that a review needs, which it names", () => {
  for (const path of NEEDED) {
    for (const nothing of [null, "", "  ", "\u200b\u3164"]) {
      // Without its country nothing more is asked of an address.
      const content = withMember(path, nothing);
      given(acme).when(submit(content), { at: NOON }).then("VERIFICATION_INCOMPLETE");
      assert.deepEqual(lackingOf(content), [path]);
    }
  }
  for (const path of ["businessProfile.country", "businessProfile.address.country"]) {
    for (const none of ["USA", "us", "ZZ", "constructor"]) {
      given(acme).when(submit(withMember(path, none)), { at: NOON })
        .then("VERIFICATION_INCOMPLETE");
    }
  }
  const { error } = incomplete(lackingOf(attested(business(null, { address: null }))));
  const whole = NEEDED.filter((path) => !path.includes(".address."));
  assert.deepEqual(error.missing.toSorted(), [...whole, "businessProfile.address"].toSorted());
  for (const path of error.missing) assert.ok(error.message.includes(path), error.message);
});

test("submission may lack what not every business and not every country has", () => {
  for (const path of ["businessProfile.registrationId", "authorizedRepresentative.phone"]) {
    const content = withMember(path, null);
    given(acme).when(submit(content), { at: NOON }).then([submitted(content)]);
  }
  const address = { street: "Ring 1", city: null, state: null, postalCode: null, country: "MO" };
  const abroad = attested(wholeBusiness("Acme", { address }));
  given(acme).when(submit(abroad), { at: NOON }).then([submitted(abroad)]);
});

test("submissions that logs already hold are what they were, also those that lack something", () => {
  const before = at(NOON, submitted(attested(business(null, { address: null }))));
  assert.equal(stateAfter(acme, before).get(verifications, "vs_1")?.status, "submitted");
  given(acme, before).when({
    type: "ReviewVerification",
    verification: "vs_1",
    review: { kind: "approve" },
  }, { actor: OPERATOR }).then([approved()]);
});

test("address needs a city only in countries where a state cannot replace it", () => {
  const address = { street: "1 Main", city: null, state: null, postalCode: null, country: "HK" };
  assert.deepEqual(missingOf(address), ["city"]);
  assert.deepEqual(missingOf({ ...address, state: "Kowloon" }), []);
  assert.deepEqual(missingOf({ ...address, city: "Central" }), []);
  const { street, ...rest } = { ...address, country: "US", state: "IL" };
  assert.deepEqual(missingOf({ ...rest, street }), ["city", "postalCode"]);
  assert.deepEqual(missingOf({ ...address, country: null }), ["country"]);
});
