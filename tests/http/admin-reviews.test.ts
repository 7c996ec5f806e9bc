import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ADMIN_TOKEN, openTestApp } from "../support/app.ts";
import { BUSINESS, buy, spekoCall } from "./speko-support.ts";

const app = openTestApp();
const token = await app.organization("acme");
const speko = spekoCall(app, token);
after(() => app.close());

const call = (path: string, body?: unknown) =>
  app.request("POST", `/admin${path}`, { token: ADMIN_TOKEN, body });

/** Submits the business for review and returns the submission's id. */
const submit = async (): Promise<string> => {
  const { status, json } = await speko("POST", "/kyb/submit", BUSINESS);
  assert.equal(status, 200, JSON.stringify(json));
  return json.id;
};

/** Buys a number, requests its release, and returns both ids. */
const requestRelease = async () => {
  const found = await speko("GET", "/available?areaCode=415&limit=1");
  const number = await buy(speko, found.json[0].e164);
  const path = `/api/v1/phone-numbers/${number.id}/request-release`;
  const body = { reason: "we do not need it any more" };
  const asked = await app.request("POST", path, { token, body });
  assert.equal(asked.status, 201, JSON.stringify(asked.json));
  return { number: number.id, request: asked.json.data.id };
};

test("a verification is rejected with a reason, then approved and revoked when it comes again", async () => {
  const first = await submit();
  const blank = await call(`/verifications/${first}/reject`, { reason: "" });
  assert.deepEqual([blank.status, Object.keys(blank.json.errors)], [400, ["reason"]]);
  const rejected = await call(`/verifications/${first}/reject`, { reason: "not readable" });
  assert.equal(rejected.status, 200);
  assert.equal(rejected.json.status, "rejected");
  assert.equal(rejected.json.rejectionReason, "not readable");
  assert.equal(rejected.json.organizationId, "acme");
  const late = await call(`/verifications/${first}/approve`);
  assert.deepEqual([late.status, late.json.code], [409, "VERIFICATION_OUT_OF_TURN"]);

  const second = await submit();
  const early = await call(`/verifications/${second}/revoke`, { reason: "too early" });
  assert.equal(early.status, 409);
  const approved = await call(`/verifications/${second}/approve`);
  assert.deepEqual([approved.status, approved.json.status], [200, "approved"]);
  assert.deepEqual(approved.json, (await speko("GET", "/kyb")).json.submission);
  assert.deepEqual((await call(`/verifications/${second}/approve`)).json, approved.json);
  const revoked = await call(`/verifications/${second}/revoke`, { reason: "it was forged" });
  assert.deepEqual([revoked.status, revoked.json.status], [200, "revoked"]);
});

test("a verification or release request answers 404 when the id does not exist", async () => {
  const verification = await call("/verifications/vs_none/approve");
  assert.deepEqual([verification.status, verification.json.code], [404, "VERIFICATION_UNKNOWN"]);
  const request = await call("/release-requests/rr_none/approve");
  assert.deepEqual([request.status, request.json.code], [404, "RELEASE_REQUEST_UNKNOWN"]);
});

test("a release request is rejected with a reason, and the number stays", async () => {
  const { number, request } = await requestRelease();
  assert.equal((await call(`/release-requests/${request}/reject`, {})).status, 400);
  const rejected = await call(`/release-requests/${request}/reject`, { reason: "still in use" });
  assert.equal(rejected.status, 200, JSON.stringify(rejected.json));
  assert.equal(rejected.json.status, "rejected");
  assert.equal(rejected.json.rejection_reason, "still in use");
  assert.equal(rejected.json.phone_number_id, number);
  const late = await call(`/release-requests/${request}/approve`);
  assert.deepEqual([late.status, late.json.code], [409, "RELEASE_REQUEST_RESOLVED"]);
  assert.equal((await speko("GET", `/${number}`)).status, 200);
});

test("a release request is approved, and the number is released", async () => {
  const { number, request } = await requestRelease();
  const approved = await call(`/release-requests/${request}/approve`);
  assert.deepEqual([approved.status, approved.json.status], [200, "approved"]);
  await app.ledger.work.run();
  assert.equal((await speko("GET", `/${number}`)).status, 404);
});
