/** What a client of the ledger's own API may say of the business behind its organization. */
import * as v from "valibot";
import { prefilled } from "../../core/verification/draft.ts";
import { onlyThese } from "../object.ts";
import { ADDRESS, BUSINESS, REPRESENTATIVE } from "../speko/kyb-schemas.ts";

const businessProfile = onlyThese({
  ...BUSINESS,
  address: v.exactOptional(v.nullable(onlyThese(ADDRESS))),
});

const authorizedRepresentative = onlyThese(REPRESENTATIVE);

/** The members of `PUT /ledger/verification/draft`: anything may be missing. */
export const DRAFT = {
  businessProfile: v.optional(businessProfile, {}),
  authorizedRepresentative: v.optional(authorizedRepresentative, {}),
  attestationAccepted: v.optional(v.boolean("must be true or false"), false),
};

/** Its body. What is left out stays as it was before; null and an empty text clear it. */
export const DraftBody = onlyThese(DRAFT);

/** The members of `POST /ledger/verification/submit`. */
export const SUBMISSION = {
  businessProfile,
  authorizedRepresentative,
  attestationAccepted: v.literal(true, "must be true"),
};

/** Its body, which is whole: what is left out is missing, whatever a draft has. */
export const SubmissionBody = v.pipe(
  onlyThese(SUBMISSION),
  v.transform((given) => ({ ...prefilled(given), attestationAccepted: true as const })),
);
