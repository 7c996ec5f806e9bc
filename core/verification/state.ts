/**
 * The state of a verification, folded from its events (`events/verification.ts`); `decisions.ts`
 * decides them.
 */
import type { FactOf, TypeWith } from "../events/vocabulary.ts";
import type { AutomationWork, Subject } from "../log/state.ts";
import type { VerificationStatus } from "../organization/state.ts";
import { HOUR_MS, type Instant } from "../values/calendar.ts";
import type { Actor } from "../values/identity.ts";
import { unreachable } from "../values/unreachable.ts";
import type { VerificationContent } from "../events/verification.ts";

/** Whether the reviewers have been notified of a submission. */
export type Notice =
  | { readonly status: "not_queued" }
  | { readonly status: "queued"; readonly jobId: string }
  | { readonly status: "enqueue_failed"; readonly error: string };

/** The statuses of a submission. */
export const SUBMISSION_STATUSES = [
  "draft",
  "submitted",
  "approved",
  "rejected",
  "revoked",
] as const satisfies readonly Exclude<VerificationStatus, "missing">[];

/** A submission: what an organization declares about its business, and how it was reviewed. */
export type Verification = VerificationContent & {
  readonly id: string;
  readonly status: Exclude<VerificationStatus, "missing">;
  readonly attestedAt: Instant | null;
  readonly submitted: { readonly at: Instant; readonly by: Actor } | null;
  readonly reviewed: { readonly at: Instant; readonly by: Actor } | null;
  /** Why it was rejected or revoked. */
  readonly reason: string | null;
  readonly notice: Notice;
  readonly attempts: number;
  readonly announceFrom: Instant | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** Reviewers are tried hourly this often; after that the operator must check the list. */
const MAX_ATTEMPTS = 24;

type VerificationType = TypeWith<{ readonly verification: string }>;

const idOf = ({ data }: FactOf<VerificationType>): readonly string[] => [data.verification];

/** Submissions of an organization; a rejected or revoked one stays beside the next. */
export const verifications: Subject<Verification, VerificationType> = {
  kind: "verification",
  keys: {
    VerificationDrafted: idOf,
    VerificationSubmitted: idOf,
    VerificationApproved: idOf,
    VerificationRejected: idOf,
    VerificationRevoked: idOf,
    ReviewerNotified: idOf,
  },
  evolve: (row, event) => {
    switch (event.type) {
      case "VerificationDrafted":
      case "VerificationSubmitted": {
        const { businessProfile, authorizedRepresentative, attestationAccepted } = event.data;
        const submits = event.type === "VerificationSubmitted";
        return {
          id: event.data.verification,
          status: submits ? "submitted" : "draft",
          businessProfile,
          authorizedRepresentative,
          attestationAccepted,
          attestedAt: attestationAccepted ? row?.attestedAt ?? event.at : null,
          submitted: submits ? { at: event.at, by: event.actor } : null,
          reviewed: null,
          reason: null,
          notice: { status: "not_queued" },
          attempts: 0,
          announceFrom: submits && event.data.announce ? event.at : null,
          createdAt: row?.createdAt ?? event.at,
          updatedAt: event.at,
        };
      }
      case "VerificationApproved":
        return row && {
          ...row,
          status: "approved",
          reviewed: { at: event.at, by: event.actor },
          updatedAt: event.at,
        };
      case "VerificationRejected":
      case "VerificationRevoked":
        return row && {
          ...row,
          status: event.type === "VerificationRejected" ? "rejected" : "revoked",
          reason: event.data.reason,
          reviewed: { at: event.at, by: event.actor },
          updatedAt: event.at,
        };
      case "ReviewerNotified":
        return row && announced(row, event.data.outcome, event.at);
      default:
        return unreachable(event);
    }
  },
  work: (row): AutomationWork | null =>
    row.status === "submitted" && row.announceFrom !== null
      ? { automation: "reviewers", due: row.announceFrom }
      : null,
};

const announced = (
  row: Verification,
  notice: Exclude<Notice, { status: "not_queued" }>,
  at: Instant,
): Verification => {
  const attempts = row.attempts + 1;
  const again = notice.status === "enqueue_failed" && attempts < MAX_ATTEMPTS;
  return { ...row, notice, attempts, announceFrom: again ? at + HOUR_MS : null, updatedAt: at };
};
