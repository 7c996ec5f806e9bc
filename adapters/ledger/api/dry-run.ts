/** What a dry run is given and answers: a part of `mod.ts`. */
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type { PaidFrom, SmsCampaign } from "../../../core/events/number.ts";
import type { ChangeNumber } from "../../../core/number/decisions/changes.ts";
import type { ImportNumber, RemoveImport } from "../../../core/number/decisions/imports.ts";
import type {
  RequestRelease,
  ResolveReleaseRequest,
  StartRelease,
} from "../../../core/number/decisions/release.ts";
import type { AssignNumbers } from "../../../core/number/decisions/routing.ts";
import type { Eligibility } from "../../../core/organization/eligibility.ts";
import type { RecordedEvent } from "../../../core/ports/mod.ts";
import type { Money } from "../../../core/values/money.ts";
import type {
  DraftVerification,
  SubmitVerification,
} from "../../../core/verification/decisions.ts";
import type { VerificationDraft } from "../../../core/verification/draft.ts";
import type { CallingInput, ChangeInput, RouteInput } from "./numbers.ts";
import type { ImportInput, PurchaseInput } from "./purchase.ts";
import type { PurchaseRefused } from "./purchase-failure.ts";

/** A call of an organization that changes something: its name, and its arguments by theirs. */
export type DryCall =
  | { readonly call: "purchase"; readonly input: PurchaseInput }
  | { readonly call: "import"; readonly input: ImportInput }
  | { readonly call: "route"; readonly id: string; readonly input: RouteInput }
  | { readonly call: "change"; readonly id: string; readonly input: ChangeInput }
  | { readonly call: "assign"; readonly assistant: string; readonly ids: readonly string[] }
  | { readonly call: "setCalling"; readonly assistant: string; readonly input: CallingInput }
  | { readonly call: "release" | "removeImport"; readonly id: string }
  | { readonly call: "setAutoRenewal"; readonly id: string; readonly on: boolean }
  | { readonly call: "assignSmsCampaign"; readonly id: string; readonly campaign: SmsCampaign }
  | {
    readonly call: "releaseRequests.request";
    readonly input: { readonly holding: string; readonly reason: string };
  }
  | { readonly call: "releaseRequests.cancel"; readonly id: string }
  | { readonly call: "verification.draft"; readonly content: VerificationDraft }
  | { readonly call: "verification.submit"; readonly content: SubmitVerification["content"] };

/** What a purchase would cost, and do to the organization's place within its plan. */
export type DryPurchase = {
  readonly setup: Money;
  readonly monthly: Money;
  readonly paidFrom: PaidFrom;
  /** What would be taken from the credits: setup and first month, or nothing. */
  readonly debited: Money;
  readonly eligibility: { readonly before: Eligibility; readonly after: Eligibility };
};

/**
 * What a call would add to the log: its events in order, none where it changes nothing. Ids that it
 * would make are zeros (`pn_000…`). Of a purchase also what it would cost, else null.
 */
export type DryRun = {
  readonly events: readonly Pick<RecordedEvent, "type" | "version" | "data">[];
  readonly purchase: DryPurchase | null;
};

/** Why a call would be refused, before anything is ordered. */
export type DryRefusal =
  | PurchaseRefused
  | RefusalOf<
    | ImportNumber
    | RemoveImport
    | ChangeNumber
    | AssignNumbers
    | StartRelease
    | RequestRelease
    | ResolveReleaseRequest
    | DraftVerification
    | SubmitVerification
  >;
