import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import {
  encodeNumber,
  encodeOffer,
  encodeSubmission,
  encodeVerification,
} from "../../http/speko/encode.ts";
import { viewOf } from "../../core/number/view.ts";
import type { Imported, Managed } from "../../core/number/state.ts";
import { money } from "../../core/values/money.ts";
import type { Verification } from "../../core/verification/state.ts";
import {
  FULL_SUBMISSION,
  FULL_VERIFICATION,
  misfits,
  OFFER,
  PHONE_NUMBER,
  SEED_004,
  shapeOf,
} from "./seed-fields-speko.ts";

const SEEDS = new URL("../../../shared/seeds/", import.meta.url);

/** The JSON examples of a documentation page: each begins on a new line, or behind another. */
const examplesIn = (page: string): readonly unknown[] => {
  const examples: unknown[] = [];
  let start = -1;
  let depth = 0;
  for (const [at, letter] of [...page].entries()) {
    const begins = at === 0 || "\n}]".includes(page[at - 1] ?? "");
    if (letter === "{" || letter === "[") {
      if (depth === 0 && !begins) continue;
      if (depth === 0) start = at;
      depth++;
    } else if (depth > 0 && (letter === "}" || letter === "]")) {
      depth--;
      if (depth === 0) examples.push(JSON.parse(page.slice(start, at + 1)));
    }
  }
  return examples;
};

const seed004 = (): string | null => {
  const name = existsSync(SEEDS) ? readdirSync(SEEDS).find((file) => file.startsWith("004")) : null;
  return name ? readFileSync(new URL(name, SEEDS), "utf8") : null;
};

const AT = Date.UTC(2026, 0, 31, 10, 0, 0, 123);

const MANAGED: Managed = {
  id: "pn_1",
  e164: "+14155550101",
  source: "managed",
  place: "own",
  adopted: false,
  routing: { direction: "both", label: "Desk", template: { tier: 1 } },
  assistant: "as_1",
  sms: { profile: "pr_1", campaign: "ca_1", status: "ASSIGNED", updatedAt: AT },
  releaseRequest: null,
  createdBy: null,
  createdAt: AT,
  updatedAt: AT,
  carrier: "telnyx",
  connection: null,
  type: "local",
  country: "US",
  setup: money(1_000_000),
  monthly: money(1_150_000),
  carrierMonthly: money(1_150_000),
  features: ["voice", "sms"],
  stage: {
    status: "active",
    carrierId: "1293384261075731499",
    term: {
      kind: "monthly",
      anchor: AT,
      period: 1,
      endsAt: Date.UTC(2026, 1, 28, 10),
      noticeAt: null,
      lastChargedAt: AT,
      autoRenewal: true,
    },
  },
};

const IMPORTED: Imported = {
  id: "pn_2",
  e164: "+14155550102",
  source: "imported",
  place: "own",
  world: "live",
  routing: { direction: "inbound", label: null, template: null },
  assistant: null,
  sms: null,
  releaseRequest: null,
  createdBy: null,
  createdAt: AT,
  updatedAt: AT,
  sipConnection: null,
  sipTrunk: "trunk_1",
  sipProviderName: "Trunkline",
};

const VERIFICATION: Verification = {
  id: "vs_1",
  status: "rejected",
  businessProfile: {
    legalName: "Acme GmbH",
    displayName: "Acme",
    entityType: "company",
    country: "DE",
    registrationId: "HRB 1",
    website: "https://acme.example",
    address: { street: "Ring 1", city: "Bonn", state: null, postalCode: "53111", country: "DE" },
    useCase: "support",
    expectedUsage: "100 calls a day",
  },
  authorizedRepresentative: {
    name: "Ada",
    title: "CEO",
    email: "ada@acme.example",
    phone: "+4922812345",
  },
  attestationAccepted: true,
  attestedAt: AT,
  submitted: {
    at: AT,
    by: { kind: "user", tokenId: "tk_1", email: "user@acme.example", name: "User" },
  },
  reviewed: { at: AT, by: { kind: "operator" } },
  reason: "unreadable",
  notice: { status: "queued", jobId: "job_1" },
  attempts: 1,
  announceFrom: null,
  createdAt: AT,
  updatedAt: AT,
};

const encoded = (holding: Managed | Imported) =>
  encodeNumber(viewOf(holding, new Map(), [], 0), "org_1");

test("Speko's page shows exactly the fields that are written down here", (context) => {
  const page = seed004();
  if (page === null) return context.diagnostic("the seeds are not beside the project");
  const shapes = examplesIn(page).map(shapeOf);
  assert.equal(JSON.stringify(shapes, null, 1), JSON.stringify(SEED_004, null, 1));
});

test("encodeNumber() has every field of the seed in its order", () => {
  assert.deepEqual(misfits(encoded(MANAGED), PHONE_NUMBER), []);
  assert.deepEqual(misfits(encoded(IMPORTED), PHONE_NUMBER), []);
});

test("encodeNumber() has the carrier's id twice when the carrier is Telnyx", () => {
  const { providerResourceId, telnyxPhoneNumberId } = encoded(MANAGED);
  assert.equal(providerResourceId, "1293384261075731499");
  assert.equal(telnyxPhoneNumberId, providerResourceId);
  const other = encoded({ ...MANAGED, carrier: "sandbox" });
  assert.equal(other.providerResourceId, "1293384261075731499");
  assert.equal(other.telnyxPhoneNumberId, null);
});

test("encodeNumber() has no carrier's id when the purchase is open", () => {
  const number = encoded({
    ...MANAGED,
    stage: {
      status: "purchasing",
      orderKey: "od_1",
      paidFrom: "subscription",
      debited: money(0),
      orderedAt: 0,
      taken: false,
    },
  });
  assert.equal(number.providerResourceId, null);
  assert.equal(number.telnyxPhoneNumberId, null);
  assert.deepEqual(number.setupStatus.issues, ["PURCHASE_PENDING"]);
  assert.equal(number.setupStatus.status, "action_required");
});

test("encodeNumber() shows the SMS campaign and times to the second", () => {
  const number = encoded(MANAGED);
  assert.equal(number.sms10dlcProfileId, "pr_1");
  assert.equal(number.smsCampaignId, "ca_1");
  assert.equal(number.smsAssignmentStatus, "ASSIGNED");
  assert.equal(number.smsAssignmentUpdatedAt, "2026-01-31T10:00:00Z");
  assert.equal(number.nextChargeAt, "2026-02-28T10:00:00Z");
  assert.equal(number.lastChargedAt, "2026-01-31T10:00:00Z");
});

test("encodeNumber() never charges an imported number", () => {
  const number = encoded(IMPORTED);
  assert.equal(number.source, "sip_trunk");
  assert.equal(number.sipTrunkId, "trunk_1");
  assert.equal(number.sipProviderName, "Trunkline");
  assert.equal(number.nextChargeAt, null);
  assert.equal(number.lastChargedAt, null);
  assert.equal(number.providerResourceId, null);
});

test("encodeOffer() writes dollars as numbers and a friendly name", () => {
  const offer = encodeOffer({
    e164: "+14155550101",
    type: "local",
    country: "US",
    setup: money(0),
    monthly: money(1_150_000),
    features: ["voice", "sms"],
    region: { state: "CA", locality: "San Francisco", rateCenter: null },
  });
  assert.deepEqual(misfits(offer, OFFER), []);
  assert.deepEqual(offer, {
    e164: "+14155550101",
    friendlyName: "+1 (415) 555-0101",
    monthlyCostUsd: 1.15,
    upfrontCostUsd: 0,
    features: ["voice", "sms"],
    region: { state: "CA", locality: "San Francisco", rateCenter: null },
  });
});

test("encodeSubmission() has every field of the seed and of the contract", () => {
  const submission = encodeSubmission(VERIFICATION, "org_1");
  assert.deepEqual(misfits(submission, FULL_SUBMISSION), []);
  assert.equal(submission.rejectionReason, "unreadable");
  assert.equal(submission.slackNotificationStatus, "queued");
  assert.equal(submission.slackNotificationJobId, "job_1");
  assert.equal(submission.submittedByUserId, null);
  assert.equal(submission.submittedByEmail, "user@acme.example");
  assert.equal(submission.submittedByApiKeyId, "tk_1");
  assert.equal(submission.reviewerUserId, "operator");
  assert.equal(submission.reviewerEmail, null);
});

test("encodeSubmission() says why a notice could not be queued", () => {
  const notice = { status: "enqueue_failed", error: "the webhook answered 500" } as const;
  const submission = encodeSubmission({ ...VERIFICATION, notice }, "org_1");
  assert.equal(submission.slackNotificationStatus, "enqueue_failed");
  assert.equal(submission.slackNotificationJobId, null);
  assert.equal(submission.slackNotificationError, "the webhook answered 500");
});

test("encodeVerification() has the prefill's fields in the seed's order", () => {
  const { businessProfile, authorizedRepresentative } = VERIFICATION;
  const answer = encodeVerification({
    status: "rejected",
    submission: VERIFICATION,
    prefill: { businessProfile, authorizedRepresentative },
  }, "org_1");
  assert.deepEqual(misfits(answer, FULL_VERIFICATION), []);
});
