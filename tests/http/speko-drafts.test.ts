import assert from "node:assert/strict";
import { test } from "node:test";
import { OPERATOR } from "../../core/values/identity.ts";
import { BUSINESS, type SpekoCall, withSpeko } from "./speko-support.ts";

const { businessProfile, authorizedRepresentative } = BUSINESS;

/** What the draft is after each of these was saved. */
const drafting = (call: SpekoCall) => async (profile: object, representative: object) => {
  const { status, json } = await call("PUT", "/kyb/draft", {
    businessProfile: profile,
    authorizedRepresentative: representative,
  });
  assert.equal(status, 200, json.error);
  return { ...json.businessProfile, ...json.authorizedRepresentative };
};

test("members of a draft that are null or empty are cleared, and those left out stay", () =>
  withSpeko(async ({ app, call }) => {
    const { json: submitted } = await call("POST", "/kyb/submit", BUSINESS);
    const reason = "The registration cannot be found";
    await app.admin("POST", `/admin/verifications/${submitted.id}/reject`, { reason });
    const drafts = drafting(call);
    const last = { ...businessProfile, ...authorizedRepresentative };
    assert.deepEqual(await drafts({ registrationId: null }, {}), { ...last, registrationId: null });
    assert.deepEqual(await drafts({}, {}), { ...last, registrationId: null });
    assert.deepEqual(await drafts(businessProfile, {}), last);
    for (const none of [null, ""]) {
      for (const name of Object.keys(businessProfile)) {
        if (name === "address" && none === "") continue;
        assert.deepEqual(await drafts({ [name]: none }, {}), { ...last, [name]: null }, name);
        assert.deepEqual(await drafts(businessProfile, {}), last);
      }
      for (const name of Object.keys(authorizedRepresentative)) {
        assert.deepEqual(await drafts({}, { [name]: none }), { ...last, [name]: null }, name);
        assert.deepEqual(await drafts({}, authorizedRepresentative), last);
      }
      for (const name of Object.keys(businessProfile.address)) {
        const address = { ...businessProfile.address, [name]: null };
        const given = { address: { ...address, [name]: none } };
        assert.deepEqual(await drafts(given, {}), { ...last, address }, name);
      }
      assert.deepEqual(await drafts(businessProfile, {}), last);
    }
  }));

test("a submission has only what it says itself, whatever the draft has", () =>
  withSpeko(async ({ call }) => {
    await call("PUT", "/kyb/draft", BUSINESS);
    const { legalName: _, ...others } = businessProfile;
    const body = { ...BUSINESS, businessProfile: others };
    const { status, json } = await call("POST", "/kyb/submit", body);
    assert.equal(status, 400);
    assert.equal(json.error, "Invalid request: businessProfile.legalName is required.");
  }));

const EMPTY = "Invalid request: businessProfile.legalName is required; " +
  "businessProfile.displayName is required; businessProfile.entityType is required; " +
  "businessProfile.country is required; businessProfile.website is required; " +
  "businessProfile.useCase is required; businessProfile.expectedUsage is required; " +
  "businessProfile.address is required; authorizedRepresentative.name is required; " +
  "authorizedRepresentative.title is required; authorizedRepresentative.email is required.";

test("a submission's refusal names all members that it lacks", () =>
  withSpeko(async ({ call }) => {
    const refusalOf = async (profile: object, representative: object) => {
      const { status, json } = await call("POST", "/kyb/submit", {
        businessProfile: profile,
        authorizedRepresentative: representative,
        attestationAccepted: true,
      });
      assert.deepEqual([status, json.code], [400, "VALIDATION_ERROR"]);
      return json.error;
    };
    assert.equal(await refusalOf({}, {}), EMPTY);
    assert.equal(
      await refusalOf({ ...businessProfile, useCase: " " }, authorizedRepresentative),
      "Invalid request: businessProfile.useCase must not be empty.",
    );
  }));

test("a verification is bounded in sum also where it comes member by member", () =>
  withSpeko(async ({ call }) => {
    const control = "\u0001".repeat(4_000);
    const say = (profile: object) =>
      call("PUT", "/kyb/draft", { businessProfile: profile, authorizedRepresentative: {} });
    const first = await say({ useCase: control });
    assert.equal(first.status, 200);
    const { status, json } = await say({ expectedUsage: control });
    assert.deepEqual([status, json.code], [400, "VALIDATION_ERROR"]);
    assert.equal(
      json.error,
      "Invalid request: the verification must take at most 32768 bytes as JSON, with all that is " +
        "kept of an earlier draft; shorten or clear some of it.",
    );
    assert.deepEqual((await call("GET", "/kyb")).json.submission, first.json, "nothing is stored");
    assert.equal((await say({ useCase: null, expectedUsage: control })).status, 200);
  }));

test("a program's draft that is too large in sum is refused by its own code", () =>
  withSpeko(async ({ app }) => {
    const caller = { organization: "org_1", actor: OPERATOR };
    const say = (profile: object) =>
      app.ledger.verification.draft(caller, {
        businessProfile: profile,
        authorizedRepresentative: {},
        attestationAccepted: false,
      });
    const control = "\u0001".repeat(4_000);
    assert.ok((await say({ useCase: control })).ok);
    const large = await say({ expectedUsage: control });
    assert.ok(!large.ok);
    assert.equal(large.error.code, "VERIFICATION_TOO_LARGE");
    assert.match(large.error.message, /^The verification must take at most 32768 bytes as JSON/);
  }));

test("a program's country is read as a client's, and said to be wrong where it is none", () =>
  withSpeko(async ({ app }) => {
    const caller = { organization: "org_1", actor: OPERATOR };
    const submit = (country: string) =>
      app.ledger.verification.submit(caller, {
        businessProfile: {
          ...businessProfile,
          country,
          address: { ...businessProfile.address, country },
        },
        authorizedRepresentative,
        attestationAccepted: true,
      });
    for (const country of ["Germany", "xx", "ß"]) {
      const refused = await submit(country);
      assert.ok(!refused.ok && refused.error.code === "INVALID_ARGUMENT", country);
      assert.equal(refused.error.path, "content.businessProfile.country");
      assert.match(refused.error.message, /must be an ISO 3166-1 alpha-2 country code/);
    }
    const missing = await submit("");
    assert.ok(!missing.ok && missing.error.code === "VERIFICATION_INCOMPLETE");
    const submitted = await submit("de");
    assert.ok(submitted.ok);
    const { country, address } = submitted.value.businessProfile;
    assert.deepEqual([country, address?.country], ["DE", "DE"]);
  }));
