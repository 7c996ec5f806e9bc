/** The content of a draft, and what it keeps of the content before it. */
import type {
  Address,
  BusinessProfile,
  Representative,
  VerificationContent,
} from "../events/verification.ts";

/**
 * The members, of which any may be left out: that is not the same as null or "", which clear one.
 */
export type DraftOf<Shape> = { readonly [Name in keyof Shape]?: Shape[Name] | undefined };

/**
 * What an organization declares about its business in a draft; a given address counts as a whole.
 */
export type VerificationDraft = {
  readonly businessProfile: DraftOf<BusinessProfile>;
  readonly authorizedRepresentative: DraftOf<Representative>;
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

const NO_REPRESENTATIVE: Representative = { name: null, title: null, email: null, phone: null };

const NOWHERE: Address = {
  street: null,
  city: null,
  state: null,
  postalCode: null,
  country: null,
};

/**
 * All members, in the order of `blank`: as given, else as they were before. An empty text, as forms
 * send it, counts as missing.
 */
const filled = <Shape extends object>(
  blank: Shape,
  given: DraftOf<Shape>,
  before: Shape,
): Shape => {
  const all = { ...blank };
  for (const name of Object.keys(blank) as (keyof Shape)[]) {
    const value = given[name] === undefined ? before[name] : given[name];
    all[name] = value === "" ? blank[name] : value;
  }
  return all;
};

const filledBusiness = (
  given: DraftOf<BusinessProfile>,
  before: BusinessProfile,
): BusinessProfile => {
  const business = filled(NO_BUSINESS, given, before);
  const { address } = business;
  return { ...business, address: address === null ? null : filled(NOWHERE, address, NOWHERE) };
};

type Said = Pick<VerificationContent, "businessProfile" | "authorizedRepresentative">;

/** The content, its members in one order, with those that it leaves out as they were before. */
export const prefilled = (
  { businessProfile, authorizedRepresentative, attestationAccepted }: VerificationDraft,
  before: Said = { businessProfile: NO_BUSINESS, authorizedRepresentative: NO_REPRESENTATIVE },
): VerificationContent => ({
  businessProfile: filledBusiness(businessProfile, before.businessProfile),
  authorizedRepresentative: filled(
    NO_REPRESENTATIVE,
    authorizedRepresentative,
    before.authorizedRepresentative,
  ),
  attestationAccepted,
});
