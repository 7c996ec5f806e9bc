import * as v from "valibot";
import { type DefinitionsOf, type EventOf, firstVersion, TextOrNull } from "./definition.ts";

/** A postal address; every part may still be missing while it is a draft. */
export type Address = {
  readonly street: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postalCode: string | null;
  readonly country: string | null;
};

/** The business; every part may still be missing while it is a draft. */
export type BusinessProfile = {
  readonly legalName: string | null;
  readonly displayName: string | null;
  readonly entityType: string | null;
  readonly country: string | null;
  readonly registrationId: string | null;
  readonly website: string | null;
  readonly address: Address | null;
  readonly useCase: string | null;
  readonly expectedUsage: string | null;
};

/** Who speaks for the business. */
export type Representative = {
  readonly name: string | null;
  readonly title: string | null;
  readonly email: string | null;
  readonly phone: string | null;
};

/** What an organization declares about its business. */
export type VerificationContent = {
  readonly businessProfile: BusinessProfile;
  readonly authorizedRepresentative: Representative;
  readonly attestationAccepted: boolean;
};

type VerificationData = { readonly verification: string };

/** The data of everything that can happen to the verification of an organization's business. */
export type VerificationEventData = {
  VerificationDrafted: VerificationData & VerificationContent;
  VerificationSubmitted: VerificationData & VerificationContent & {
    /** Whether to notify reviewers; false where none are configured. */
    readonly announce: boolean;
  };
  VerificationApproved: VerificationData;
  VerificationRejected: VerificationData & { readonly reason: string };
  VerificationRevoked: VerificationData & { readonly reason: string };
  ReviewerNotified: VerificationData & {
    readonly outcome:
      | { readonly status: "queued"; readonly jobId: string }
      | { readonly status: "enqueue_failed"; readonly error: string };
  };
};

const AddressSchema = v.object({
  street: TextOrNull,
  city: TextOrNull,
  state: TextOrNull,
  postalCode: TextOrNull,
  country: TextOrNull,
});

const BusinessProfileSchema = v.object({
  legalName: TextOrNull,
  displayName: TextOrNull,
  entityType: TextOrNull,
  country: TextOrNull,
  registrationId: TextOrNull,
  website: TextOrNull,
  address: v.nullable(AddressSchema),
  useCase: TextOrNull,
  expectedUsage: TextOrNull,
});

const RepresentativeSchema = v.object({
  name: TextOrNull,
  title: TextOrNull,
  email: TextOrNull,
  phone: TextOrNull,
});

const content = {
  businessProfile: BusinessProfileSchema,
  authorizedRepresentative: RepresentativeSchema,
  attestationAccepted: v.boolean(),
};

/** Every event of a verification, with its newest schema. */
export const verificationEvents: DefinitionsOf<VerificationEventData> = {
  VerificationDrafted: firstVersion(v.object({ verification: v.string(), ...content })),
  VerificationSubmitted: firstVersion(v.object({
    verification: v.string(),
    ...content,
    announce: v.boolean(),
  })),
  VerificationApproved: firstVersion(v.object({ verification: v.string() })),
  VerificationRejected: firstVersion(v.object({ verification: v.string(), reason: v.string() })),
  VerificationRevoked: firstVersion(v.object({ verification: v.string(), reason: v.string() })),
  ReviewerNotified: firstVersion(v.object({
    verification: v.string(),
    outcome: v.variant("status", [
      v.object({ status: v.picklist(["queued"]), jobId: v.string() }),
      v.object({ status: v.picklist(["enqueue_failed"]), error: v.string() }),
    ]),
  })),
};

/** Anything that can happen to a verification. */
export type VerificationEvent = EventOf<VerificationEventData>;
