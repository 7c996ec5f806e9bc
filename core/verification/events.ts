import * as v from "valibot";
import { type EventOf, firstVersion } from "../log/definition.ts";

const Text = v.nullable(v.string());

/** A postal address; every part may still be missing while it is a draft. */
const AddressSchema = v.object({
  street: Text,
  city: Text,
  state: Text,
  postalCode: Text,
  country: Text,
});

const BusinessProfileSchema = v.object({
  legalName: Text,
  displayName: Text,
  entityType: Text,
  country: Text,
  registrationId: Text,
  website: Text,
  address: v.nullable(AddressSchema),
  useCase: Text,
  expectedUsage: Text,
});

const RepresentativeSchema = v.object({
  name: Text,
  title: Text,
  email: Text,
  phone: Text,
});

const content = {
  businessProfile: BusinessProfileSchema,
  authorizedRepresentative: RepresentativeSchema,
  attestationAccepted: v.boolean(),
};

/** What can happen to the verification of the business behind an organization. */
export const verificationEvents = {
  VerificationDrafted: firstVersion(v.object({ verification: v.string(), ...content })),
  VerificationSubmitted: firstVersion(v.object({
    verification: v.string(),
    ...content,
    /** Whether reviewers are to be told; false where nobody is configured to be. */
    announce: v.boolean(),
  })),
  VerificationApproved: firstVersion(v.object({ verification: v.string() })),
  VerificationRejected: firstVersion(v.object({ verification: v.string(), reason: v.string() })),
  VerificationRevoked: firstVersion(v.object({ verification: v.string(), reason: v.string() })),
  ReviewerNotified: firstVersion(v.object({
    verification: v.string(),
    outcome: v.variant("status", [
      v.object({ status: v.literal("queued"), jobId: v.string() }),
      v.object({ status: v.literal("enqueue_failed"), error: v.string() }),
    ]),
  })),
};

export type VerificationEvent = EventOf<typeof verificationEvents>;
export type BusinessProfile = v.InferOutput<typeof BusinessProfileSchema>;
export type Representative = v.InferOutput<typeof RepresentativeSchema>;
/** What an organization says of the business behind it. */
export type VerificationContent = {
  readonly businessProfile: BusinessProfile;
  readonly authorizedRepresentative: Representative;
  readonly attestationAccepted: boolean;
};
