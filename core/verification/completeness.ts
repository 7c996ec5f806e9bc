/** What a verification must have before it can be reviewed: one rule for every caller. */
import type { Refused } from "../log/decision.ts";
import { isCountry } from "../values/country.ts";
import { failed } from "../values/result.ts";
import { seenOf } from "../values/text.ts";
import { missingOf } from "./address.ts";
import type {
  BusinessProfile,
  Representative,
  VerificationContent,
} from "../events/verification.ts";

/** Not every business is registered, and Speko's own clients may leave `registrationId` out. */
const OF_THE_BUSINESS = [
  "legalName",
  "displayName",
  "entityType",
  "country",
  "website",
  "useCase",
  "expectedUsage",
] as const satisfies readonly (keyof BusinessProfile)[];

const OF_THE_REPRESENTATIVE = [
  "name",
  "title",
  "email",
] as const satisfies readonly (keyof Representative)[];

const saysNothing = (text: string | null): boolean => text === null || seenOf(text) === "";

/**
 * The paths of the members that must say something before a review, and do not; none when whole.
 */
export const lackingOf = (
  { businessProfile, authorizedRepresentative }: VerificationContent,
): readonly string[] => {
  const { address } = businessProfile;
  const inAddress = address === null
    ? ["address"]
    : missingOf(address).map((member) => `address.${member}`);
  return [
    ...OF_THE_BUSINESS.filter((member) =>
      member === "country"
        ? !isCountry(businessProfile.country ?? "")
        : saysNothing(businessProfile[member])
    ).map((member) => `businessProfile.${member}`),
    ...inAddress.map((path) => `businessProfile.${path}`),
    ...OF_THE_REPRESENTATIVE.filter((member) => saysNothing(authorizedRepresentative[member]))
      .map((member) => `authorizedRepresentative.${member}`),
  ];
};

/** Some of what a review needs is missing; `missing` names it by its paths, in their order. */
export type VerificationIncomplete = Refused<"VERIFICATION_INCOMPLETE"> & {
  readonly missing: readonly string[];
};

/** The refusal of a submission that lacks these members. */
export const incomplete = (missing: readonly string[]) =>
  failed<VerificationIncomplete>({
    code: "VERIFICATION_INCOMPLETE",
    message: `The verification is not complete; it lacks ${missing.join(", ")}.`,
    missing,
  });
