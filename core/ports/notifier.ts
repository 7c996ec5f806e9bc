/** The port to the reviewers of verifications; part of `mod.ts`. */
import type { Instant } from "../values/calendar.ts";
import type { Result } from "../values/result.ts";

/**
 * Notifies reviewers of a submission that waits for them. A call answers within 20 seconds, even on
 * failure, and never rejects. `notifierContract` in `ledgerline/testing` tests all of this.
 */
export interface Notifier {
  /**
   * The id of the queued notice, or why it could not be queued, in a sentence without secrets or
   * addresses. A notice counts as queued only if the receiver accepted it: a lost answer, a
   * redirect or 429 is a failure. The notice is sent once; the ledger announces it again until it
   * is queued. The job id, and the key by which the receiver recognizes a repeat, follow from the
   * submission's id alone.
   */
  announce(
    submission: {
      readonly id: string;
      readonly organization: string;
      readonly legalName: string;
      readonly submittedAt: Instant;
    },
  ): Promise<Result<{ readonly jobId: string }, { readonly message: string }>>;
}
