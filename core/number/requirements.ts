/** What a carrier requires before it sells a number, and the refusals of an order without it. */
import type { Market, NumberType, Requirement } from "../ports/carrier.ts";
import type { Refused } from "../log/decision.ts";
import { failed } from "../values/result.ts";

/** What a carrier is known to require for one market; empty: nothing. */
export type KnownRequirements = Market & { readonly requirements: readonly Requirement[] };

/**
 * It is not known what the carrier requires: ask it, and give the command again with the answer.
 */
export type RequirementsUnknown = Refused<"REQUIREMENTS_UNKNOWN"> & Market;

/** The carrier requires something for such numbers that the organization has not provided. */
export type RequirementsMissing = Refused<"REQUIREMENTS_MISSING"> & Market & {
  /** What is required, as far as the carrier says. */
  readonly missing: readonly Requirement[];
};

/** How many requirements a sentence names; the others are counted. */
const NAMED = 5;

/** Number types as people write them. */
export const TYPE_NAMES = { local: "local", tollFree: "toll-free" } as const satisfies Readonly<
  Record<NumberType, string>
>;

/** The names of requirements as a sentence lists them. */
const listOf = (missing: readonly Requirement[]): string => {
  const names = missing.slice(0, NAMED).map(({ name }) => name);
  const more = missing.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
};

/** The refusal of a number for which the organization has no requirement group. */
const requirementsMissing = (
  { country, type }: Market,
  missing: readonly Requirement[],
) =>
  failed<RequirementsMissing>({
    code: "REQUIREMENTS_MISSING",
    message: `The carrier requires documents for ${TYPE_NAMES[type]} numbers of ${country}, and ` +
      `none are set for the organization: ${
        listOf(missing)
      }. Have the operator set a requirement ` +
      "group for them.",
    country,
    type,
    missing,
  });

/** The refusal of a purchase whose order failed because documents were missing. */
export const requirementsRefused = ({ country, type }: Market) =>
  failed<RequirementsMissing>({
    code: "REQUIREMENTS_MISSING",
    message: `The carrier did not carry out the order: documents that it requires for ` +
      `${TYPE_NAMES[type]} numbers of ${country} are missing, or it did not accept ` +
      "them. Have the operator look after the requirement group, and buy again.",
    country,
    type,
    missing: [],
  });

/** The refusal of a command that does not say what the carrier requires for the market. */
export const requirementsUnknown = ({ country, type }: Market) =>
  failed<RequirementsUnknown>({
    code: "REQUIREMENTS_UNKNOWN",
    message: "It is not known what the carrier requires for the number.",
    country,
    type,
  });

/**
 * Why a number cannot be ordered without a requirement group; null where it can, as far as is
 * known. `known` is null for a carrier that does not say what it requires.
 */
export const unmetRequirements = (
  { country, type }: Market,
  known: readonly KnownRequirements[] | null,
) => {
  if (known === null) return null;
  const market = known.find((one) => one.country === country && one.type === type);
  if (market === undefined) return requirementsUnknown({ country, type });
  const { requirements } = market;
  return requirements.length === 0 ? null : requirementsMissing({ country, type }, requirements);
};
