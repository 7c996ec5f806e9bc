/** What a program that embeds the ledger, or the HTTP layer, can call. */
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type { OpenOrganization } from "../../../core/billing/plan.ts";
import type { AddCredits } from "../../../core/billing/credits.ts";
import type { NameAssistant } from "../../../core/number/decisions/assistants.ts";
import type {
  InstallSipConnection,
  IssueToken,
  RevokeToken,
} from "../../../core/organization/decisions.ts";
import type {
  Connection,
  RegisterConnection,
  RemoveConnection,
} from "../../../core/organization/connections.ts";
import type { CarrierName } from "../../../core/ports/carrier.ts";
import type { ImportNumber } from "../../../core/number/decisions/importing.ts";
import type {
  RequestRelease,
  ResolveReleaseRequest,
} from "../../../core/number/decisions/release.ts";
import type { ReleaseRequest } from "../../../core/number/release-requests.ts";
import type { Routing } from "../../../core/number/state.ts";
import type { NumberView } from "../../../core/number/view.ts";
import type { Eligibility } from "../../../core/organization/eligibility.ts";
import type { PlanLimits } from "../../../core/values/plan.ts";
import type { Organization, Token } from "../../../core/organization/state.ts";
import type { RecordedEvent } from "../../../core/ports/mod.ts";
import type { ArgumentInvalid } from "../../validation/argument.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { ClockDoubt } from "../../../core/values/clock-trust.ts";
import type { E164 } from "../../../core/values/e164.ts";
import type { Result } from "../../../core/values/result.ts";
import type {
  DraftVerification,
  ReviewVerification,
  SubmitVerification,
} from "../../../core/verification/decisions.ts";
import type { VerificationDraft } from "../../../core/verification/draft.ts";
import type { Verification } from "../../../core/verification/state.ts";
import type { VerificationView } from "../../../core/verification/view.ts";
import type { Answer, Caller, CommandOptions, RepeatableAnswer } from "./caller.ts";
import type { Credits } from "./credits.ts";
import type { PurchaseFailure } from "./purchase-failure.ts";
import type { FollowAllOptions, Followed, FollowOptions } from "./feed.ts";
import type { Lists } from "./lists.ts";
import type { NumberCalls } from "./numbers.ts";
import type { HistoryOptions } from "./paging.ts";
import type {
  ReconciliationPage,
  ReconciliationRefusal,
  ReconciliationReport,
} from "./reconciliation.ts";
import type { RequirementGroups } from "./requirements.ts";
import type { Search, SearchInput, SearchOptions, SearchRefusal } from "./search.ts";
import type { Upkeep } from "./upkeep.ts";

export type { HistoryOptions } from "./paging.ts";
export type { RequirementGroups } from "./requirements.ts";
export type { HeadsPage, Upkeep } from "./upkeep.ts";
export type { ArgumentInvalid } from "../../validation/argument.ts";
export type * from "./caller.ts";
export type * from "./purchase-failure.ts";
export type * from "./credits.ts";
export type * from "./lists.ts";
export type * from "./numbers.ts";
export type * from "./reconciliation.ts";
export type * from "./search.ts";

type RoutingWish = Partial<Routing> & { readonly assistant?: string | null };

export type PurchaseInput = RoutingWish & {
  readonly e164: E164;
  /** The carrier connection to put the number on. */
  readonly connection?: string | null;
};

/** The number (`status` is `purchasing` when the carrier has not confirmed in time). */
export type Purchase = { readonly number: NumberView; readonly eligibility: Eligibility };

export type ImportInput = RoutingWish & {
  readonly e164: E164;
  readonly via: ImportNumber["via"];
  readonly sipProviderName?: string | null;
};

/** An organization as the operator sees it. */
export type OrganizationView = Organization & { readonly id: string };

/** What the operator may do; `operator` calls need no caller. */
export interface Operator extends Upkeep, Lists, RequirementGroups {
  /** Opens an organization, or gives it this name and plan. The same again changes nothing. */
  open(
    id: string,
    input: Omit<OpenOrganization, "type">,
  ): Answer<OrganizationView, RefusalOf<OpenOrganization>>;
  organization(id: string): Promise<OrganizationView | null>;
  /** A new bearer token, shown this once; only its hash is kept. */
  issueToken(
    organization: string,
    input: Pick<IssueToken, "email" | "name" | "sandbox">,
  ): Answer<{ readonly id: string; readonly token: string }, RefusalOf<IssueToken>>;
  revokeToken(token: string): Answer<null, RefusalOf<RevokeToken>>;
  addCredits(
    organization: string,
    input: Omit<AddCredits, "type">,
    options?: CommandOptions,
  ): RepeatableAnswer<OrganizationView, RefusalOf<AddCredits>>;
  nameAssistant(
    organization: string,
    input: Omit<NameAssistant, "type">,
  ): Answer<{ readonly id: string; readonly name: string }, RefusalOf<NameAssistant>>;
  installSipConnection(
    organization: string,
    input: Omit<InstallSipConnection, "type">,
  ): Answer<Omit<InstallSipConnection, "type">, RefusalOf<InstallSipConnection>>;
  /** Lets the organization put numbers on this connection of the carrier, or relabels it. */
  registerConnection(
    organization: string,
    input: Omit<RegisterConnection, "type">,
  ): Answer<Connection, RefusalOf<RegisterConnection>>;
  /** Lets it put no further number on the connection; those on it stay. */
  removeConnection(organization: string, id: string): Answer<null, RefusalOf<RemoveConnection>>;
  /**
   * The connections that are registered for an organization, by id; null when there is no such
   * organization.
   */
  connections(organization: string): Promise<readonly Connection[] | null>;
  /** Approves, rejects or revokes the verification with this id. */
  review(
    verification: string,
    review: ReviewVerification["review"],
  ): Answer<
    { readonly organization: string; readonly submission: Verification },
    RefusalOf<ReviewVerification>
  >;
  /** Approves or rejects a pending release request. */
  resolveReleaseRequest(
    request: string,
    resolution: ResolveReleaseRequest["resolution"],
  ): Answer<ReleaseRequest, RefusalOf<ResolveReleaseRequest>>;
  /** Moves a test clock, stopping at every due time on the way; null when the clock is real. */
  advanceClock(milliseconds: number): Promise<Instant | null>;
  /** Trusts this machine's clock as it is now, even if it was doubted; returns its time. */
  confirmClock(): Promise<Instant>;
}

/**
 * A ledger. What is refused comes back as a value with a code. An argument that does not fit is
 * refused too (`INVALID_ARGUMENT`, with the path of its field), or, by calls without refusals,
 * rejected with an `InvalidArgument`. Anything else that rejects is `Busy`, `Closed`, or an adapter
 * that is broken.
 */
export interface Ledger extends NumberCalls {
  /** The caller that a bearer token identifies; null when it is unknown or revoked. */
  authenticate(token: string): Promise<(Caller & { readonly token: Token }) | null>;
  organization(caller: Caller): Promise<OrganizationView | null>;
  /**
   * What the organization's plan allows; the smallest limits when there is no such organization.
   */
  limits(caller: Caller): Promise<PlanLimits>;
  /** The organization's place within its plan; null when there is no such organization. */
  eligibility(caller: Caller): Promise<Eligibility | null>;
  /**
   * Offers of the carrier. Nothing is bought; a purchase takes their prices for 29 minutes at
   * least.
   */
  search(
    caller: Caller,
    filters: SearchInput,
    options?: SearchOptions,
  ): Promise<Result<Search, SearchRefusal | ArgumentInvalid>>;
  purchase(
    caller: Caller,
    input: PurchaseInput,
    options?: CommandOptions,
  ): RepeatableAnswer<Purchase, PurchaseFailure>;
  import(
    caller: Caller,
    input: ImportInput,
    options?: CommandOptions,
  ): RepeatableAnswer<NumberView, RefusalOf<ImportNumber>>;
  readonly numbers: {
    /** All numbers not yet released, the oldest first; `asOf` is a past time to list them for. */
    list(
      caller: Caller,
      options?: { readonly asOf?: Instant },
    ): Promise<readonly NumberView[]>;
    get(caller: Caller, id: string): Promise<NumberView | null>;
    /** Every event of one holding, the oldest first; also after its release. */
    history(
      caller: Caller,
      id: string,
      options?: HistoryOptions,
    ): Promise<readonly RecordedEvent[]>;
  };
  readonly releaseRequests: {
    /** The newest first. */
    list(caller: Caller): Promise<readonly ReleaseRequest[]>;
    /**
     * Asks the operator to release a number. For a failed purchase, or one in progress that its
     * carrier can cancel, the request is approved immediately and does what `release` does.
     */
    request(
      caller: Caller,
      input: { readonly holding: string; readonly reason: string },
      options?: CommandOptions,
    ): RepeatableAnswer<ReleaseRequest, RefusalOf<RequestRelease>>;
    cancel(caller: Caller, id: string): Answer<ReleaseRequest, RefusalOf<ResolveReleaseRequest>>;
  };
  readonly verification: {
    get(caller: Caller): Promise<VerificationView>;
    /**
     * What is left out stays as it was in the draft or the last submission; null and "" clear it.
     */
    draft(
      caller: Caller,
      content: VerificationDraft,
    ): Answer<Verification, RefusalOf<DraftVerification>>;
    submit(
      caller: Caller,
      content: SubmitVerification["content"],
    ): Answer<Verification, RefusalOf<SubmitVerification>>;
  };
  readonly credits: Credits;
  readonly reconciliation: {
    /** Compares a carrier's inventory with the numbers held here, and repairs what is safe. */
    run(
      input?: { readonly carrier?: CarrierName },
    ): Promise<Result<ReconciliationReport, ReconciliationRefusal | ArgumentInvalid>>;
    /**
     * Reports from the position `before` back, the `next` of an earlier page; twenty by default.
     */
    list(
      page?: { readonly before?: number; readonly limit?: number },
    ): Promise<ReconciliationPage>;
  };
  /**
   * An organization's events after a position, in order and without a gap, and then new ones as
   * they are appended here or elsewhere, until the signal is aborted or the ledger is closed. Fails
   * with a `ForkedLog` when the log is not the one that was followed before, or when it cannot be
   * read.
   */
  follow(organization: string, options?: FollowOptions): AsyncIterable<RecordedEvent>;
  /**
   * The same over all organizations, some events of one at a time; fair, and nothing is left out.
   * Keep the `head` of each organization once its events are handled, to begin again there.
   */
  followAll(options?: FollowAllOptions): AsyncIterable<Followed>;
  readonly operator: Operator;
  readonly work: {
    /** Does everything that is due now; says how many items were done. */
    run(): Promise<number>;
    /**
     * Looks up the order with this key at the carrier now, for example when the carrier has
     * notified a change. False when this ledger made no order with the key.
     */
    look(orderKey: string): Promise<boolean>;
  };
  /** Why nothing is ended or charged by the clock now; null while the clock is trusted. */
  doubt(): ClockDoubt | null;
  /** The current time, by the ledger's clock. */
  now(): Instant;
  /**
   * Resolves when the log can be read; rejects when it cannot, or does not answer for three
   * seconds.
   */
  ready(): Promise<void>;
  /** Finishes what is under way and releases all resources. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
