/** What organizations declare about their businesses. */
import { type Optional, withoutUndefined } from "../../../adapters/validation/optional.ts";
import type { VerificationContent } from "../../../core/events/verification.ts";

type Profile = VerificationContent["businessProfile"];

const NO_ADDRESS = { street: null, city: null, state: null, postalCode: null, country: null };

/** What an organization declares about its business; only the legal name by default. */
export const business = (
  legalName: string | null = "Acme Inc.",
  over: Optional<Profile> = {},
): VerificationContent => ({
  businessProfile: {
    legalName,
    displayName: null,
    entityType: null,
    country: null,
    registrationId: null,
    website: null,
    address: NO_ADDRESS,
    useCase: null,
    expectedUsage: null,
    ...withoutUndefined(over),
  },
  authorizedRepresentative: { name: null, title: null, email: null, phone: null },
  attestationAccepted: false,
});

/** A business with everything that a review needs. */
export const wholeBusiness = (
  legalName = "Acme Inc.",
  over: Optional<Profile> = {},
): VerificationContent => ({
  ...business(legalName, {
    displayName: "Acme",
    entityType: "corporation",
    country: "US",
    registrationId: "7654321",
    website: "https://acme.example",
    address: {
      street: "1 Main Street",
      city: "Springfield",
      state: "IL",
      postalCode: "62701",
      country: "US",
    },
    useCase: "Callbacks for support",
    expectedUsage: "100 calls a day",
    ...withoutUndefined(over),
  }),
  authorizedRepresentative: {
    name: "Ada Lovelace",
    title: "Managing director",
    email: "ada@acme.example",
    phone: "+12175550101",
  },
});

/** The same, attested; a whole business by default. */
export const attested = (
  content: VerificationContent = wholeBusiness(),
): VerificationContent & { readonly attestationAccepted: true } => ({
  ...content,
  attestationAccepted: true,
});
