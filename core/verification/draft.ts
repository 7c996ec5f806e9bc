/** What a draft says, and what it takes from the submission before it. */
import type { BusinessProfile, Representative, VerificationContent } from "./events.ts";

/** The members, of which any may be left out: that is not the same as null, which clears one. */
type Some<Shape> = { readonly [Name in keyof Shape]?: Shape[Name] | undefined };

/** What an organization says of its business in a draft; a given address counts as a whole. */
export type VerificationDraft = {
  readonly businessProfile: Some<BusinessProfile>;
  readonly authorizedRepresentative: Some<Representative>;
  readonly attestationAccepted: boolean;
};

const NO_BUSINESS: BusinessProfile = {
  legalName: null,
  displayName: null,
  entityType: null,
  country: null,
  registrationId: null,
  website: null,
  address: null,
  useCase: null,
  expectedUsage: null,
};

const NOBODY: Representative = { name: null, title: null, email: null, phone: null };

/** All members, in the order of `blank`: as given, null or not, else as they were before, else null. */
const filled = <Shape extends object>(blank: Shape, given: Some<Shape>, before: Shape): Shape => {
  const all = { ...blank };
  for (const name of Object.keys(blank) as (keyof Shape)[]) {
    const value = given[name];
    all[name] = value === undefined ? before[name] : value;
  }
  return all;
};

type Said = Pick<VerificationContent, "businessProfile" | "authorizedRepresentative">;

/** The content, its members in one order, with those that it leaves out as they were before. */
export const prefilled = (
  { businessProfile, authorizedRepresentative, attestationAccepted }: VerificationDraft,
  before: Said = { businessProfile: NO_BUSINESS, authorizedRepresentative: NOBODY },
): VerificationContent => ({
  businessProfile: filled(NO_BUSINESS, businessProfile, before.businessProfile),
  authorizedRepresentative: filled(
    NOBODY,
    authorizedRepresentative,
    before.authorizedRepresentative,
  ),
  attestationAccepted,
});
