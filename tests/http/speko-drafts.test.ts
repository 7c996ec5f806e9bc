import assert from "node:assert/strict";
import { test } from "node:test";
import { BUSINESS, withSpeko } from "./speko-support.ts";

const { businessProfile, authorizedRepresentative } = BUSINESS;

test("what a new draft says null or nothing of is cleared, whether it is the first or a later one", () =>
  withSpeko(async ({ app, call }) => {
    const { json: submitted } = await call("POST", "/kyb/submit", BUSINESS);
    const reason = "The registration cannot be found";
    await app.admin("POST", `/admin/verifications/${submitted.id}/reject`, { reason });
    const drafts = async (profile: object, representative: object) => {
      const { status, json } = await call("PUT", "/kyb/draft", {
        businessProfile: profile,
        authorizedRepresentative: representative,
      });
      assert.equal(status, 200, json.error);
      return { ...json.businessProfile, ...json.authorizedRepresentative };
    };
    const last = { ...businessProfile, ...authorizedRepresentative };
    for (const none of [null, ""]) {
      assert.deepEqual(await drafts({ registrationId: none }, {}), {
        ...last,
        registrationId: null,
      });
      assert.deepEqual(await drafts({}, { phone: none }), { ...last, phone: null });
    }
    for (const cleared of Object.keys(businessProfile)) {
      assert.deepEqual(await drafts({ [cleared]: null }, {}), { ...last, [cleared]: null });
    }
    for (const cleared of Object.keys(authorizedRepresentative)) {
      assert.deepEqual(await drafts({}, { [cleared]: null }), { ...last, [cleared]: null });
    }
    assert.deepEqual(await drafts({ legalName: "" }, {}), { ...last, legalName: "" });
    assert.deepEqual(await drafts({}, {}), last);
  }));
