/** Outcomes of what waits for an answer. */
import fc from "fast-check";
import { oddText } from "./contents.ts";

/** A reviewer's decision on a verification. */
export const review = fc.oneof(
  fc.constant({ kind: "approve" as const }),
  fc.record({ kind: fc.constantFrom("reject" as const, "revoke" as const), reason: oddText }),
);

/** The outcome of a release request. */
export const resolution = fc.oneof(
  fc.record({ kind: fc.constantFrom("cancel" as const, "approve" as const) }),
  fc.record({ kind: fc.constant("reject" as const), reason: oddText }),
);

/** The outcome of a notice to the reviewers. */
export const outcome = fc.oneof(
  fc.record({ status: fc.constant("queued" as const), jobId: oddText }),
  fc.record({ status: fc.constant("enqueue_failed" as const), error: oddText }),
);
