/**
 * Decides drafts, submissions and reviews of a verification; `state.ts` has the state,
 * `completeness.ts` and `size.ts` what a content must be.
 */
import { type Context, type Decision, type Handler, NOTHING, sameJson } from "../log/decision.ts";
import type { Refused } from "../log/decision.ts";
import type { DomainEvent } from "../events/vocabulary.ts";
import type { State } from "../log/state.ts";
import { restOrResume } from "../number/decisions/compliance.ts";
import { ALL_NUMBERS } from "../number/decisions/needs.ts";
import { numbers } from "../number/state.ts";
import { planOf } from "../organization/plans.ts";
import { dailyLimit, type DailyLimitReached, dailyRow } from "../organization/daily.ts";
import {
  type OrganizationUnknown,
  self,
  SELF_ROW,
  unknownOrganization,
} from "../organization/refusals.ts";
import type { VerificationStatus } from "../organization/state.ts";
import type { Needs } from "../ports/mod.ts";
import { failed, ok } from "../values/result.ts";
import { prefilled, type VerificationDraft } from "./draft.ts";
import type { VerificationContent } from "../events/verification.ts";
import { tooLarge, type VerificationTooLarge } from "./size.ts";
import { type Notice, type Verification, verifications } from "./state.ts";
import { incomplete, lackingOf, type VerificationIncomplete } from "./completeness.ts";
import { unreachable } from "../values/unreachable.ts";

type Unknown = Refused<"VERIFICATION_UNKNOWN">;
type Locked = Refused<"VERIFICATION_LOCKED">;
/** The submission is not in the state that the review asks for. */
type OutOfTurn = Refused<"VERIFICATION_OUT_OF_TURN">;

/** The refusal of a verification that does not exist. */
export const unknownVerification = failed<Unknown>({
  code: "VERIFICATION_UNKNOWN",
  message: "There is no such verification; its id is in the notice of the submission.",
});

const locked = (verification: Verification) =>
  failed<Locked>({
    code: "VERIFICATION_LOCKED",
    message: `The verification is ${verification.status} and cannot be changed; ${
      verification.status === "submitted"
        ? "wait until it is reviewed"
        : "only once it is revoked can a new one begin"
    }.`,
  });

const row = (key: string): Needs => ({ rows: [{ kind: verifications.kind, key }] });

/** The organization's last submission, whatever its status. */
const last = (state: State): Verification | undefined => {
  const id = self(state)?.verification.id ?? null;
  return id === null ? undefined : state.get(verifications, id);
};

const needsLast = {
  needs: ({ verification }: { readonly verification: string }): Needs => ({
    rows: [SELF_ROW, { kind: verifications.kind, key: verification }],
  }),
  more: (state: State): Needs => {
    const id = self(state)?.verification.id ?? null;
    return id === null ? {} : row(id);
  },
};

/** The last submission that was rejected or revoked. */
const lastReviewed = (state: State): Verification | undefined =>
  state.all(verifications)
    .filter(({ status }) => status === "rejected" || status === "revoked")
    .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))[0];

/** Saves what is known of the business so far. */
export type DraftVerification = {
  readonly type: "DraftVerification";
  /** The id of the submission that begins, should none be open. */
  readonly verification: string;
  readonly content: VerificationDraft;
};

type DraftRefusal = OrganizationUnknown | Locked | VerificationTooLarge | DailyLimitReached;

const decideDraft = (
  state: State,
  { verification, content }: DraftVerification,
  { now }: Context,
): Decision<DraftRefusal> => {
  if (self(state) === undefined) return unknownOrganization;
  const before = last(state);
  if (before?.status === "submitted" || before?.status === "approved") return locked(before);
  const isOpen = before?.status === "draft";
  const drafted = prefilled(content, isOpen ? before : lastReviewed(state));
  // Older drafts have their members in another order.
  if (isOpen && sameJson(prefilled(before), drafted)) return ok(NOTHING);
  const data = { verification: isOpen ? before.id : verification, ...drafted };
  return tooLarge(drafted) ?? dailyLimit(state, "drafts", now) ??
    ok([{ type: "VerificationDrafted", data }]);
};

/**
 * Refused once submitted or approved. After a rejection or revocation a new submission begins, with
 * what the last one said (http/README.md, Speko). What is left out stays as it is, null and an
 * empty text clear it; so the same again changes nothing. All of it together is bounded. The
 * attestation is of the content as it is then, and is never kept.
 */
export const draftVerification: Handler<DraftVerification, DraftRefusal> = {
  needs: () => ({ rows: [SELF_ROW, dailyRow("drafts")], kinds: [verifications.kind] }),
  decide: decideDraft,
};

/** Submits the verification for review. */
export type SubmitVerification = {
  readonly type: "SubmitVerification";
  readonly verification: string;
  readonly content: VerificationContent & { readonly attestationAccepted: true };
  /** Whether a reviewer is configured. */
  readonly announce: boolean;
};

/**
 * Refused once submitted or approved, while something is missing that a review needs, and where it
 * is too large.
 */
export const submitVerification: Handler<
  SubmitVerification,
  OrganizationUnknown | Locked | VerificationTooLarge | VerificationIncomplete
> = {
  ...needsLast,
  decide: (state, { verification, content, announce }) => {
    const large = tooLarge(content);
    if (large !== null) return large;
    const missing = lackingOf(content);
    if (missing.length > 0) return incomplete(missing);
    if (self(state) === undefined) return unknownOrganization;
    const before = last(state);
    if (before?.status === "submitted" || before?.status === "approved") return locked(before);
    const id = before?.status === "draft" ? before.id : verification;
    return ok([{
      type: "VerificationSubmitted",
      data: { verification: id, ...content, announce },
    }]);
  },
};

/** The operator's decision on a submission. */
export type ReviewVerification = {
  readonly type: "ReviewVerification";
  readonly verification: string;
  readonly review:
    | { readonly kind: "approve" }
    | { readonly kind: "reject" | "revoke"; readonly reason: string };
};

const REVIEWS = {
  approve: { from: "submitted", to: "approved" },
  reject: { from: "submitted", to: "rejected" },
  revoke: { from: "approved", to: "revoked" },
} as const satisfies Record<string, { from: VerificationStatus; to: VerificationStatus }>;

const reviewEvent = ({ verification, review }: ReviewVerification): DomainEvent => {
  switch (review.kind) {
    case "approve":
      return { type: "VerificationApproved", data: { verification } };
    case "reject":
      return { type: "VerificationRejected", data: { verification, reason: review.reason } };
    case "revoke":
      return { type: "VerificationRevoked", data: { verification, reason: review.reason } };
    default:
      return unreachable(review);
  }
};

const decideReview = (
  state: State,
  command: ReviewVerification,
  { plans }: Context,
): Decision<Unknown | OutOfTurn> => {
  const organization = self(state);
  const submission = state.get(verifications, command.verification);
  if (organization === undefined || submission === undefined) return unknownVerification;
  const { from, to } = REVIEWS[command.review.kind];
  if (submission.status === to) return ok(NOTHING);
  if (submission.status !== from) {
    return failed({
      code: "VERIFICATION_OUT_OF_TURN",
      message: `The verification is ${submission.status}; only one that is ${from} can be ${to}.`,
    });
  }
  const revoked = to === "revoked" || (to === "rejected" && organization.verification.revoked);
  const after = { ...organization, verification: { id: submission.id, status: to, revoked } };
  const plan = planOf(plans, organization);
  return ok([reviewEvent(command), ...restOrResume(after, plan, state.all(numbers))]);
};

/**
 * submitted → approved or rejected, approved → revoked; the same again changes nothing. Where the
 * plan asks for a verification, its numbers rest while it is revoked.
 */
export const reviewVerification: Handler<ReviewVerification, Unknown | OutOfTurn> = {
  needs: ({ verification }) => ({
    ...ALL_NUMBERS,
    rows: [...ALL_NUMBERS.rows, { kind: verifications.kind, key: verification }],
  }),
  decide: decideReview,
};

/** Records whether the reviewers could be notified of a submission. */
export type RecordNotice = {
  readonly type: "RecordNotice";
  readonly verification: string;
  readonly outcome: Exclude<Notice, { status: "not_queued" }>;
};

/** Nothing to record once the notice is queued, or before the time of the next attempt. */
export const recordNotice: Handler<RecordNotice, Unknown> = {
  needs: ({ verification }) => row(verification),
  decide: (state, { type: _type, ...data }, { now }) => {
    const submission = state.get(verifications, data.verification);
    if (submission === undefined) return unknownVerification;
    if (submission.announceFrom === null || now < submission.announceFrom) return ok(NOTHING);
    return ok([{ type: "ReviewerNotified", data }]);
  },
};
