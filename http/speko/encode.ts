/** Speko's records, field by field in the order in which its documentation shows them. */
import type { NumberView } from "../../core/number/view.ts";
import type { Offer } from "../../core/ports/mod.ts";
import { isoTime, isoTimeOrNull } from "../../core/values/calendar.ts";
import { callingCodeOf } from "../../core/values/calling-code.ts";
import type { E164 } from "../../core/values/e164.ts";
import type { Actor } from "../../core/values/identity.ts";
import { toDollars } from "../../core/values/money.ts";
import type { BusinessProfile, Representative } from "../../core/events/verification.ts";
import type { Notice, Verification } from "../../core/verification/state.ts";
import type { VerificationView } from "../../core/verification/view.ts";
import { written } from "../../adapters/numbering/written-number.ts";
import type { Answer } from "../answer.ts";
import type { AvailableNumber, PhoneNumber, Submission, VerificationOverview } from "./answers.ts";

/**
 * Where the number comes from: the carrier's ids of a bought one, the connection of an imported
 * one.
 */
const origin = (
  { holding, sipProviderName, carrierId }: NumberView,
): Pick<
  Answer<typeof PhoneNumber>,
  | "source"
  | "providerResourceId"
  | "telnyxPhoneNumberId"
  | "sipTrunkId"
  | "sipConnectionInstallationId"
  | "sipProviderName"
> => {
  const managed = holding.source === "managed" ? holding : null;
  const imported = holding.source === "imported" ? holding : null;
  return {
    source: managed === null ? "sip_trunk" : "managed",
    providerResourceId: carrierId,
    telnyxPhoneNumberId: managed?.carrier === "telnyx" ? carrierId : null,
    sipTrunkId: imported?.sipTrunk ?? null,
    sipConnectionInstallationId: imported?.sipConnection ?? null,
    sipProviderName,
  };
};

/** A PhoneNumber (http/README.md, Speko). `setupStatus` is derived by the core. */
export const encodeNumber = (
  view: NumberView,
  organizationId: string,
): Answer<typeof PhoneNumber> => {
  const { holding, readiness } = view;
  const { routing, sms } = holding;
  return {
    id: holding.id,
    organizationId,
    e164: holding.e164,
    ...origin(view),
    direction: routing.direction,
    dispatchMetadataTemplate: routing.template,
    agentId: holding.assistant,
    label: routing.label,
    sms10dlcProfileId: sms?.profile ?? null,
    smsCampaignId: sms?.campaign ?? null,
    smsAssignmentStatus: sms?.status ?? null,
    smsAssignmentUpdatedAt: isoTimeOrNull(sms?.updatedAt ?? null),
    setupStatus: {
      status: readiness.status,
      inboundReady: readiness.inboundReady,
      outboundReady: readiness.outboundReady,
      agentReady: readiness.agentReady,
      forwardingRequired: readiness.forwardingRequired,
      sipConnectionReady: readiness.sipConnectionReady,
      issues: readiness.issues,
    },
    nextChargeAt: isoTimeOrNull(view.chargesAt),
    lastChargedAt: isoTimeOrNull(view.lastChargedAt),
    suspendedAt: isoTimeOrNull(view.suspendedAt),
    createdAt: isoTime(holding.createdAt),
    updatedAt: isoTime(holding.updatedAt),
  };
};

/** `+1 (415) 555-0123`; numbers of other plans in international format. */
const friendlyNameOf = (e164: E164): string => {
  const { national, international } = written(e164);
  return callingCodeOf(e164)?.code === "1" && national !== e164 ? `+1 ${national}` : international;
};

/** A number for sale; costs are JSON numbers of US dollars. */
export const encodeOffer = (
  { e164, monthly, setup, features, region }: Offer,
): Answer<typeof AvailableNumber> => ({
  e164,
  friendlyName: friendlyNameOf(e164),
  monthlyCostUsd: toDollars(monthly),
  upfrontCostUsd: toDollars(setup),
  features,
  region: { state: region.state, locality: region.locality, rateCenter: region.rateCenter },
});

/** What is said of a business, member by member. */
export const encodeProfile = ({ address, ...profile }: BusinessProfile) => ({
  legalName: profile.legalName,
  displayName: profile.displayName,
  entityType: profile.entityType,
  country: profile.country,
  registrationId: profile.registrationId,
  website: profile.website,
  address: address === null ? null : {
    street: address.street,
    city: address.city,
    state: address.state,
    postalCode: address.postalCode,
    country: address.country,
  },
  useCase: profile.useCase,
  expectedUsage: profile.expectedUsage,
});

/** The person who speaks for it. */
export const encodeRepresentative = ({ name, title, email, phone }: Representative) => ({
  name,
  title,
  email,
  phone,
});

type Person = { readonly userId: string | null; readonly email: string | null };

/** A user is known to us by e-mail only, the operator by that word. */
const personOf = (actor: Actor | undefined): Person => ({
  userId: actor?.kind === "operator" ? "operator" : null,
  email: actor?.kind === "user" ? actor.email : null,
});

const encodeNotice = (notice: Notice) => ({
  slackNotificationStatus: notice.status,
  slackNotificationJobId: notice.status === "queued" ? notice.jobId : null,
  slackNotificationError: notice.status === "enqueue_failed" ? notice.error : null,
});

/** A Submission (http/README.md, Speko), also what the operator sees of it. */
export const encodeSubmission = (
  submission: Verification,
  organizationId: string,
): Answer<typeof Submission> => {
  const { submitted, reviewed } = submission;
  const submitter = personOf(submitted?.by);
  const reviewer = personOf(reviewed?.by);
  return {
    id: submission.id,
    organizationId,
    status: submission.status,
    businessProfile: encodeProfile(submission.businessProfile),
    authorizedRepresentative: encodeRepresentative(submission.authorizedRepresentative),
    attestationAccepted: submission.attestationAccepted,
    attestedAt: isoTimeOrNull(submission.attestedAt),
    submittedAt: isoTimeOrNull(submitted?.at ?? null),
    rejectionReason: submission.reason,
    ...encodeNotice(submission.notice),
    createdAt: isoTime(submission.createdAt),
    updatedAt: isoTime(submission.updatedAt),
    submittedByUserId: submitter.userId,
    submittedByEmail: submitter.email,
    submittedByApiKeyId: submitted?.by.kind === "user" ? submitted.by.tokenId : null,
    reviewerUserId: reviewer.userId,
    reviewerEmail: reviewer.email,
    reviewedAt: isoTimeOrNull(reviewed?.at ?? null),
  };
};

/** The verification's status, with what a new submission would begin with. */
export const encodeVerification = (
  view: VerificationView,
  organizationId: string,
): Answer<typeof VerificationOverview> => ({
  status: view.status,
  submission: view.submission === null ? null : encodeSubmission(view.submission, organizationId),
  prefill: view.prefill === null ? null : {
    businessProfile: encodeProfile(view.prefill.businessProfile),
    authorizedRepresentative: encodeRepresentative(view.prefill.authorizedRepresentative),
  },
});
