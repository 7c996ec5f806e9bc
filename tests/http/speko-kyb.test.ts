import assert from "node:assert/strict";
import { test } from "node:test";
import type { Notifier } from "../../core/ports/mod.ts";
import { failed, ok } from "../../core/values/result.ts";
import type { TestApp, TestResponse } from "../support/app.ts";
import { FULL_SUBMISSION, FULL_VERIFICATION, misfits } from "./seed-fields-speko.ts";
import { assertFailure, BUSINESS, type SpekoCall, spekoCall, withSpeko } from "./speko-support.ts";
import { eventually } from "../support/eventually.ts";

const { businessProfile, authorizedRepresentative } = BUSINESS;

const submission = (answer: TestResponse): TestResponse["json"] => {
  assert.equal(answer.status, 200, JSON.stringify(answer.json));
  assert.notEqual(answer.json, null);
  assert.deepEqual(misfits(answer.json, FULL_SUBMISSION), []);
  return answer.json;
};

const kybOf = async (call: SpekoCall): Promise<TestResponse["json"]> => {
  const { status, json } = await call("GET", "/kyb");
  assert.equal(status, 200);
  assert.deepEqual(misfits(json, FULL_VERIFICATION), []);
  return json;
};

const submitted = async (call: SpekoCall) =>
  submission(await call("POST", "/kyb/submit", BUSINESS));

const review = (app: TestApp, id: string, verb: string, reason?: string) =>
  app.admin("POST", `/admin/verifications/${id}/${verb}`, reason && { reason });

test("GET kyb answers missing when nothing was ever submitted", () =>
  withSpeko(async ({ call }) => {
    assert.deepEqual(await kybOf(call), { status: "missing", submission: null, prefill: null });
  }));

test("PUT draft keeps what is known and null for what is not", () =>
  withSpeko(async ({ call }) => {
    const draft = submission(
      await call("PUT", "/kyb/draft", {
        businessProfile: { legalName: "Acme", website: null, address: { city: "Bonn" } },
        authorizedRepresentative: {},
      }),
    );
    assert.match(draft.id, /^vs_/);
    assert.deepEqual({ ...draft, id: "" }, {
      id: "",
      organizationId: "org_1",
      status: "draft",
      businessProfile: {
        legalName: "Acme",
        displayName: null,
        entityType: null,
        country: null,
        registrationId: null,
        website: null,
        address: { street: null, city: "Bonn", state: null, postalCode: null, country: null },
        useCase: null,
        expectedUsage: null,
      },
      authorizedRepresentative: { name: null, title: null, email: null, phone: null },
      attestationAccepted: false,
      attestedAt: null,
      submittedAt: null,
      rejectionReason: null,
      slackNotificationStatus: "not_queued",
      slackNotificationJobId: null,
      slackNotificationError: null,
      createdAt: "2026-01-31T10:00:00Z",
      updatedAt: "2026-01-31T10:00:00Z",
      submittedByUserId: null,
      submittedByEmail: null,
      submittedByApiKeyId: null,
      reviewerUserId: null,
      reviewerEmail: null,
      reviewedAt: null,
    });
    assert.deepEqual(await kybOf(call), { status: "draft", submission: draft, prefill: null });
  }));

test("PUT draft saves over the open draft", () =>
  withSpeko(async ({ app, call }) => {
    const first = submission(
      await call("PUT", "/kyb/draft", { businessProfile: {}, authorizedRepresentative: {} }),
    );
    await app.advance(60);
    const second = submission(await call("PUT", "/kyb/draft", BUSINESS));
    assert.equal(second.id, first.id);
    assert.deepEqual(second.businessProfile, businessProfile);
    assert.deepEqual(second.authorizedRepresentative, authorizedRepresentative);
    assert.equal(second.attestationAccepted, true);
    assert.equal(second.attestedAt, "2026-01-31T10:01:00Z");
    assert.equal(second.createdAt, first.createdAt);
    assert.equal(second.updatedAt, "2026-01-31T10:01:00Z");
  }));

/** Values that no member may have, in a draft or not. */
const UNFIT: readonly (readonly [string, unknown])[] = [
  ["businessProfile.legalName", 7],
  ["businessProfile.legalName", "a\0b"],
  ["businessProfile.displayName", "x".repeat(201)],
  ["businessProfile.useCase", "x".repeat(4_001)],
  ["businessProfile.country", "Germany"],
  ["businessProfile.country", "ZZ"],
  ["businessProfile.country", "constructor"],
  ["businessProfile.website", "acme.example"],
  ["businessProfile.website", "ftp://acme.example"],
  ["businessProfile.website", "javascript:alert(1)"],
  ["businessProfile.website", "https://"],
  ["businessProfile.address", "Ring 1"],
  ["businessProfile.address", []],
  ["businessProfile.address.city", {}],
  ["businessProfile.address.country", "D"],
  ["authorizedRepresentative.email", "ada"],
  ["authorizedRepresentative.email", "ada@"],
  ["authorizedRepresentative.phone", "0228 12345"],
  ["authorizedRepresentative.phone", 4922812345],
  ["authorizedRepresentative.name", true],
  ["attestationAccepted", "true"],
  ["attestationAccepted", 1],
  ["attestationAccepted", null],
  ["businessProfile", null],
  ["businessProfile", []],
  ["businessProfile", undefined],
  ["authorizedRepresentative", null],
  ["authorizedRepresentative", "Ada"],
  ["authorizedRepresentative", undefined],
];

/** The business, with another value at this path; undefined leaves the member out. */
const withValue = (path: string, value: unknown): unknown => {
  const body: Record<string, unknown> = structuredClone(BUSINESS);
  let at = body;
  const names = path.split(".");
  const last = names.pop() ?? "";
  for (const name of names) at = at[name] as Record<string, unknown>;
  at[last] = value;
  return body;
};

test("PUT draft and POST submit answer 400 when a member does not fit", () =>
  withSpeko(async ({ call }) => {
    for (const [path, value] of UNFIT) {
      for (const [method, to] of [["PUT", "/kyb/draft"], ["POST", "/kyb/submit"]] as const) {
        const answer = await call(method, to, withValue(path, value));
        assertFailure(answer, 400, "VALIDATION_ERROR");
        assert.ok(answer.json.error.includes(path), answer.json.error);
      }
    }
    assert.equal((await kybOf(call)).status, "missing");
  }));

test("POST submit answers 400 when a member is missing, empty or not attested", () =>
  withSpeko(async ({ call }) => {
    const members = [
      ...Object.keys(businessProfile).filter((name) => name !== "registrationId")
        .map((name) => `businessProfile.${name}`),
      ...["street", "city", "postalCode", "country"]
        .map((name) => `businessProfile.address.${name}`),
      ...["name", "title", "email"].map((name) => `authorizedRepresentative.${name}`),
    ];
    for (const path of members) {
      for (const value of [undefined, null, "", "  "]) {
        const answer = await call("POST", "/kyb/submit", withValue(path, value));
        assertFailure(answer, 400, "VALIDATION_ERROR");
        assert.ok(answer.json.error.startsWith(`Invalid request: ${path} `), answer.json.error);
      }
    }
    for (const value of [undefined, false]) {
      const answer = await call("POST", "/kyb/submit", withValue("attestationAccepted", value));
      assertFailure(answer, 400, "VALIDATION_ERROR");
    }
    assert.equal((await kybOf(call)).status, "missing");
  }));

test("POST submit submits the draft and names the user", () =>
  withSpeko(async ({ app, call }) => {
    const draft = submission(await call("PUT", "/kyb/draft", BUSINESS));
    await app.advance(60);
    const sent = await submitted(call);
    assert.equal(sent.id, draft.id);
    assert.equal(sent.status, "submitted");
    assert.deepEqual(sent.businessProfile, businessProfile);
    assert.equal(sent.attestationAccepted, true);
    assert.equal(sent.submittedAt, "2026-01-31T10:01:00Z");
    assert.equal(sent.submittedByUserId, null);
    assert.equal(sent.submittedByEmail, "alice@example.com");
    assert.match(sent.submittedByApiKeyId, /^tk_/);
    assert.equal(sent.slackNotificationStatus, "not_queued");
    assert.deepEqual(await kybOf(call), {
      status: "submitted",
      submission: sent,
      prefill: null,
    });
  }));

test("a submitted or approved verification answers 409 when it is drafted over", () =>
  withSpeko(async ({ app, call }) => {
    const { id } = await submitted(call);
    const assertLocked = async () => {
      assertFailure(await call("PUT", "/kyb/draft", BUSINESS), 409, "VERIFICATION_LOCKED");
      assertFailure(await call("POST", "/kyb/submit", BUSINESS), 409, "VERIFICATION_LOCKED");
    };
    await assertLocked();
    await app.advance(60);
    const approved = await review(app, id, "approve");
    assert.deepEqual(misfits(approved, FULL_SUBMISSION), []);
    assert.equal(approved.status, "approved");
    assert.equal(approved.reviewerUserId, "operator");
    assert.equal(approved.reviewerEmail, null);
    assert.equal(approved.reviewedAt, "2026-01-31T10:01:00Z");
    assert.equal(approved.rejectionReason, null);
    await assertLocked();
    assert.equal((await kybOf(call)).status, "approved");
  }));

test("a rejected verification begins again from the earlier submission", () =>
  withSpeko(async ({ app, call }) => {
    const { id } = await submitted(call);
    await review(app, id, "reject", "The registration cannot be found");
    const rejected = await kybOf(call);
    assert.equal(rejected.status, "rejected");
    assert.equal(rejected.submission.rejectionReason, "The registration cannot be found");
    assert.deepEqual(rejected.prefill, { businessProfile, authorizedRepresentative });
    const draft = submission(
      await call("PUT", "/kyb/draft", {
        businessProfile: { registrationId: "HRB 4712" },
        authorizedRepresentative: {},
      }),
    );
    assert.notEqual(draft.id, id);
    assert.equal(draft.status, "draft");
    assert.equal(draft.rejectionReason, null);
    assert.deepEqual(draft.businessProfile, { ...businessProfile, registrationId: "HRB 4712" });
    assert.deepEqual(draft.authorizedRepresentative, authorizedRepresentative);
    assert.equal((await submitted(call)).id, draft.id);
  }));

test("a revoked verification says why, and can be submitted again", () =>
  withSpeko(async ({ app, call }) => {
    const { id } = await submitted(call);
    await review(app, id, "approve");
    await review(app, id, "revoke", "The company was dissolved");
    const revoked = await kybOf(call);
    assert.equal(revoked.status, "revoked");
    assert.equal(revoked.submission.rejectionReason, "The company was dissolved");
    assert.notEqual((await submitted(call)).id, id);
  }));

test("a verification is seen by its own organization only", () =>
  withSpeko(async ({ app, call }) => {
    await submitted(call);
    const stranger = spekoCall(app, await app.organization("org_2"));
    assert.equal((await kybOf(stranger)).status, "missing");
    assert.equal(submission(await stranger("PUT", "/kyb/draft", BUSINESS)).organizationId, "org_2");
  }));

const NOTICES: readonly (readonly [Notifier, Readonly<Record<string, string | null>>])[] = [
  [{ announce: () => Promise.resolve(ok({ jobId: "job_1" })) }, {
    slackNotificationStatus: "queued",
    slackNotificationJobId: "job_1",
    slackNotificationError: null,
  }],
  [{ announce: () => Promise.resolve(failed({ message: "answered 500" })) }, {
    slackNotificationStatus: "enqueue_failed",
    slackNotificationJobId: null,
    slackNotificationError: "answered 500",
  }],
];

test("a submission says whether the reviewers were notified", async () => {
  for (const [notifier, expected] of NOTICES) {
    await withSpeko(async ({ call }) => {
      await submitted(call);
      const { json } = await eventually(
        () => call("GET", "/kyb"),
        (answer) => answer.json.submission.slackNotificationStatus !== "not_queued",
      );
      const shown = Object.keys(expected).map((name) => [name, json.submission[name]]);
      assert.deepEqual(Object.fromEntries(shown), expected);
    }, { notifier });
  }
});
