/** What Speko's calls answer. */
import * as v from "valibot";
import { CAMPAIGN_STATUSES, DIRECTIONS } from "../../core/events/number.ts";
import { FEATURES } from "../../core/ports/carrier.ts";
import { SUBMISSION_STATUSES } from "../../core/verification/state.ts";
import { BusinessProfileRecord, PrefillRecord, RepresentativeRecord } from "../business-answers.ts";
import { Id, Number164, orNull, Template, Time } from "../answer.ts";
import { ISSUES } from "../issues.ts";

const Text = orNull(v.string());

/** Whether a number can take and make calls, and what is missing. */
export const SetupStatus = v.strictObject({
  status: v.picklist(["ready", "action_required", "suspended"]),
  inboundReady: v.boolean(),
  outboundReady: v.boolean(),
  agentReady: v.boolean(),
  forwardingRequired: v.boolean(),
  sipConnectionReady: v.boolean(),
  issues: v.array(v.picklist(ISSUES)),
});

/** A number. */
export const PhoneNumber = v.strictObject({
  id: Id,
  organizationId: Id,
  e164: Number164,
  source: v.picklist(["managed", "sip_trunk"]),
  providerResourceId: Text,
  telnyxPhoneNumberId: Text,
  sipTrunkId: Text,
  sipConnectionInstallationId: Text,
  sipProviderName: Text,
  direction: v.picklist(DIRECTIONS),
  dispatchMetadataTemplate: orNull(Template),
  agentId: orNull(Id),
  label: Text,
  sms10dlcProfileId: Text,
  smsCampaignId: Text,
  smsAssignmentStatus: orNull(v.picklist(CAMPAIGN_STATUSES)),
  smsAssignmentUpdatedAt: orNull(Time),
  setupStatus: SetupStatus,
  nextChargeAt: orNull(Time),
  lastChargedAt: orNull(Time),
  suspendedAt: orNull(Time),
  createdAt: Time,
  updatedAt: Time,
});

/** A number for sale; costs are US dollars. */
export const AvailableNumber = v.strictObject({
  e164: Number164,
  friendlyName: v.string(),
  monthlyCostUsd: v.number(),
  upfrontCostUsd: v.number(),
  features: v.array(v.picklist(FEATURES)),
  region: v.strictObject({ state: Text, locality: Text, rateCenter: Text }),
});

/** A submission to verify a business. */
export const Submission = v.strictObject({
  id: Id,
  organizationId: Id,
  status: v.picklist(SUBMISSION_STATUSES),
  businessProfile: BusinessProfileRecord,
  authorizedRepresentative: RepresentativeRecord,
  attestationAccepted: v.boolean(),
  attestedAt: orNull(Time),
  submittedAt: orNull(Time),
  rejectionReason: Text,
  slackNotificationStatus: v.picklist(["not_queued", "queued", "enqueue_failed"]),
  slackNotificationJobId: Text,
  slackNotificationError: Text,
  createdAt: Time,
  updatedAt: Time,
  submittedByUserId: Text,
  submittedByEmail: Text,
  submittedByApiKeyId: Text,
  reviewerUserId: Text,
  reviewerEmail: Text,
  reviewedAt: orNull(Time),
});

/** The status of the verification, and what a new submission would begin with. */
export const VerificationOverview = v.strictObject({
  status: v.picklist(["missing", ...SUBMISSION_STATUSES]),
  submission: orNull(Submission),
  prefill: orNull(PrefillRecord),
});

/** Whether a number has been released. */
export const Released = v.strictObject({ released: v.boolean() });

/** The remaining prepaid credits, in US dollars, and when they were last added. */
export const Balance = v.strictObject({
  balanceUsd: v.number(),
  currency: v.string(),
  updatedAt: Time,
});

/** A movement of the credits. */
export const Entry = v.strictObject({
  id: Id,
  kind: v.picklist(["topup", "debit", "refund"]),
  metric: Text,
  amountMicroUsd: v.pipe(v.string(), v.regex(/^-?\d+$/)),
  provider: v.null(),
  sessionId: v.null(),
  createdAt: Time,
  phoneNumberId: orNull(Id),
});

/** A page of the credits' movements, the latest first. */
export const Entries = v.strictObject({ entries: v.array(Entry), nextCursor: Text });

/** A refusal. */
export const Failure = v.looseObject({ error: v.string(), code: v.string() });
