/** How much a verification may say in all: texts that each fit may be too long in sum. */
import type { VerificationContent } from "../events/verification.ts";
import type { Refused } from "../log/decision.ts";
import { failed } from "../values/result.ts";
import { fitsInto } from "../values/text.ts";

/** In bytes of UTF-8 as JSON; older logs may have more. */
export const MAX_VERIFICATION_BYTES = 32_768;

/** What a verification must be, as a sentence that begins with its name has it. */
export const VERIFICATION_SIZE_RULE =
  `must take at most ${MAX_VERIFICATION_BYTES} bytes as JSON, with all that is kept of an ` +
  "earlier draft; shorten or clear some of it";

/** The content is larger than the rule allows. */
export type VerificationTooLarge = Refused<"VERIFICATION_TOO_LARGE">;

/** The refusal of a content that is too large, all of it that would be stored; null if it fits. */
export const tooLarge = (
  { businessProfile, authorizedRepresentative, attestationAccepted }: VerificationContent,
) =>
  fitsInto(
      { businessProfile, authorizedRepresentative, attestationAccepted },
      MAX_VERIFICATION_BYTES,
    )
    ? null
    : failed<VerificationTooLarge>({
      code: "VERIFICATION_TOO_LARGE",
      message: `The verification ${VERIFICATION_SIZE_RULE}.`,
    });
