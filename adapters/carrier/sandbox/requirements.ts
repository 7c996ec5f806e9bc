/** The country in which the sandbox sells numbers only with documents: Switzerland. */
import type { Market, Order, Requirement } from "../../../core/ports/mod.ts";

const COUNTRY = "CH";

const REQUIREMENTS: readonly Requirement[] = [
  {
    id: "sandbox_address",
    name: "Proof of address",
    description: "An invoice of the last three months that shows an address in the country.",
  },
  {
    id: "sandbox_registration",
    name: "Business registration",
    description: "An extract from the register of companies.",
  },
];

/** The one requirement group that the sandbox does not accept; it takes any other id. */
export const DECLINED_GROUP = "rg_declined";

/** What must be given before a number is ordered. */
export const requirementsOf = ({ country }: Pick<Market, "country">): readonly Requirement[] =>
  country === COUNTRY ? REQUIREMENTS : [];

const refused = (message: string): Order => ({
  status: "failed",
  reason: "requirementsMissing",
  message,
});

/** The end of an order whose documents were not corrected. */
export const CANCELLED = refused(
  "the sandbox carrier cancelled this order: its documents were declined",
);

/**
 * Why an order for a number of the country is refused with this group; null where it is accepted.
 */
export const unmetBy = (
  kind: Pick<Market, "country">,
  group: string | undefined,
): Order | null => {
  if (requirementsOf(kind).length === 0) return null;
  if (group === undefined) {
    return refused(`the sandbox carrier requires documents for numbers of ${kind.country}`);
  }
  return group === DECLINED_GROUP
    ? refused(`the sandbox carrier does not accept the requirement group ${DECLINED_GROUP}`)
    : null;
};
