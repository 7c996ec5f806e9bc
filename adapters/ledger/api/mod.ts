/** What a program that embeds the ledger, or the HTTP layer, can call. */
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type { ImportNumber } from "../../../core/number/decisions/imports.ts";
import type { NumberView } from "../../../core/number/view.ts";
import type { Eligibility } from "../../../core/organization/eligibility.ts";
import type { PlanLimits } from "../../../core/values/plan.ts";
import type { Token } from "../../../core/organization/state.ts";
import type { RecordedEvent } from "../../../core/ports/mod.ts";
import type { ArgumentInvalid } from "../../validation/argument.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { ClockDoubt } from "../../../core/values/clock-trust.ts";
import type { Result } from "../../../core/values/result.ts";
import type { Answer, Caller, CommandOptions, RepeatableAnswer } from "./caller.ts";
import type { Credits } from "./credits.ts";
import type { EventCalls } from "./events.ts";
import type { DryCall, DryRefusal, DryRun } from "./dry-run.ts";
import type { ImportInput, Purchase, PurchaseInput, PurchaseOptions } from "./purchase.ts";
import type { PurchaseFailure } from "./purchase-failure.ts";
import type { FollowAllOptions, Followed, FollowOptions } from "./feed.ts";
import type { NumberCalls } from "./numbers.ts";
import type { Search, SearchInput, SearchOptions, SearchRefusal } from "./search.ts";
import type { NumberFilter, NumberReads, WhenOptions } from "./number-reads.ts";
import type { Operator } from "./operator.ts";
import type { OrganizationView } from "./organization.ts";
import type { ReleaseRequests } from "./release-requests.ts";
import type { Reconciliations } from "./reconciliation.ts";
import type { VerificationCalls } from "./verification.ts";
import type { WebhookCalls } from "./webhooks.ts";
import type { WorkCalls } from "./upkeep.ts";

export type { HistoryOptions } from "./paging.ts";
export type * from "./requirements.ts";
export type * from "./holders.ts";
export type * from "./inventory.ts";
export type * from "./upkeep.ts";
export type * from "./work-list.ts";
export type * from "./number-reads.ts";
export type * from "./operator.ts";
export type * from "./organization.ts";
export type * from "./release-requests.ts";
export type * from "./verification.ts";
export type { ArgumentInvalid } from "../../validation/argument.ts";
export type * from "./caller.ts";
export type * from "./dry-run.ts";
export type * from "./purchase.ts";
export type * from "./purchase-failure.ts";
export type * from "./closing.ts";
export type * from "./credits.ts";
export type * from "./events.ts";
export type * from "./lists.ts";
export type * from "./numbers.ts";
export type * from "./reconciliation.ts";
export type * from "./search.ts";
export type * from "./webhooks.ts";

/**
 * A ledger. What is refused comes back as a value with a code. An argument that does not fit is
 * refused too (`INVALID_ARGUMENT`, with the path of its field), or, by calls without refusals,
 * rejected with an `InvalidArgument`. Anything else that rejects is `Busy`, `Closed`, or an adapter
 * that is broken.
 */
export interface Ledger extends NumberCalls {
  /**
   * The caller that a bearer token identifies; null when it is unknown, revoked or expired. Of a
   * token that only reads, the caller has the scope `read`: calls that change something refuse it
   * (`INVALID_ARGUMENT`, with the path `caller`), and dry runs and searches do not.
   *
   * @example
   * ```ts
   * const caller = await ledger.authenticate("tk_…");
   * if (caller !== null) console.log(caller.organization);
   * ```
   */
  authenticate(token: string): Promise<(Caller & { readonly token: Token }) | null>;
  /**
   * The organization of a caller; null when it was never opened.
   *
   * @example
   * ```ts
   * const organization = await ledger.organization(alice);
   * console.log(organization?.plan);
   * ```
   */
  organization(caller: Caller): Promise<OrganizationView | null>;
  /**
   * What the organization's plan allows; the smallest limits when there is no such organization.
   *
   * @example
   * ```ts
   * const { requestsPerMinute } = await ledger.limits(alice);
   * ```
   */
  limits(caller: Caller): Promise<PlanLimits>;
  /**
   * The organization's place within its plan; null when there is no such organization.
   *
   * @example
   * ```ts
   * const place = await ledger.eligibility(alice);
   * console.log(place?.currentCount, "of", place?.maxAllowed);
   * ```
   */
  eligibility(caller: Caller): Promise<Eligibility | null>;
  /**
   * Offers of the carrier. Nothing is bought; a purchase takes their prices for 29 minutes at
   * least.
   *
   * @example
   * ```ts
   * const filters = { country: "US", type: "local", areaCode: "415", limit: 5 } as const;
   * const found = await ledger.search(alice, filters);
   * if (found.ok) console.log(found.value.offers.map(({ e164 }) => e164));
   * ```
   */
  search(
    caller: Caller,
    filters: SearchInput,
    options?: SearchOptions,
  ): Promise<Result<Search, SearchRefusal | ArgumentInvalid>>;
  /**
   * Buys a number, for the price of an offer of the last 30 minutes or what the carrier quotes now.
   * The intent is in the log before the carrier is called, so an answer that is lost loses nothing.
   * With a command id it can be repeated: the same id again buys nothing more.
   *
   * @example
   * ```ts
   * const order = { commandId: "order-1" };
   * const bought = await ledger.purchase(alice, { e164: "+14155550101" }, order);
   * if (bought.ok) console.log(bought.value.number.status);
   * else console.log(bought.error.code, bought.error.message);
   * ```
   */
  purchase(
    caller: Caller,
    input: PurchaseInput,
    options?: PurchaseOptions,
  ): RepeatableAnswer<Purchase, PurchaseFailure>;
  /**
   * Brings in a number that its owner has with a SIP provider. It is never charged, and never keeps
   * the number from a buyer.
   *
   * @example
   * ```ts
   * const via = { sipConnection: "sip_1" };
   * const imported = await ledger.import(alice, { e164: "+4922812345678", via });
   * ```
   */
  import(
    caller: Caller,
    input: ImportInput,
    options?: CommandOptions,
  ): RepeatableAnswer<NumberView, RefusalOf<ImportNumber>>;
  /**
   * What a call would add to the log now, or why it would be refused: decided as the call itself
   * is, with nothing appended, claimed, charged or ordered. A purchase whose price is not known
   * asks the carrier for it, as the purchase does; its answer has the price, and what it would do
   * to the organization's place within its plan. What others do meanwhile may change the outcome.
   *
   * @example
   * ```ts
   * const planned = { call: "purchase", input: { e164: "+14155550101" } } as const;
   * const dry = await ledger.dryRun(alice, planned);
   * if (dry.ok) console.log(dry.value.purchase?.monthly.micros, dry.value.events.length);
   * else console.log("it would be refused:", dry.error.code);
   * ```
   */
  dryRun(caller: Caller, planned: DryCall): Answer<DryRun, DryRefusal>;
  readonly numbers: NumberReads;
  /**
   * All numbers that fit, the oldest first, as they were when the first were asked for, or at the
   * past time `asOf`. They are read a page at a time, as far as they are taken, so that there may
   * be any number of them. Fails with `Closed` where the ledger is closed meanwhile.
   *
   * @example
   * ```ts
   * for await (const page of ledger.numberPages(alice, { has: ["sms"] })) {
   *   for (const { holding, status } of page) console.log(holding.e164, status);
   * }
   * ```
   */
  numberPages(
    caller: Caller,
    filter?: NumberFilter,
    options?: WhenOptions,
  ): AsyncIterable<readonly NumberView[]>;
  readonly releaseRequests: ReleaseRequests;
  readonly verification: VerificationCalls;
  readonly credits: Credits;
  readonly reconciliation: Reconciliations;
  /**
   * An organization's events after a position, in order and without a gap, and then new ones as
   * they are appended here or elsewhere, until the signal is aborted or the ledger is closed. Fails
   * with a `ForkedLog` when the log is not the one that was followed before, or when it cannot be
   * read.
   *
   * @example
   * ```ts
   * for await (const event of ledger.follow("acme", { signal: AbortSignal.timeout(60_000) })) {
   *   console.log(event.position, event.type);
   * }
   * ```
   */
  follow(organization: string, options?: FollowOptions): AsyncIterable<RecordedEvent>;
  /**
   * The same over all organizations, some events of one at a time; fair, and nothing is left out.
   * Keep the `head` of each organization once its events are handled, to begin again there.
   *
   * @example
   * ```ts
   * const signal = AbortSignal.timeout(60_000);
   * for await (const { organization, events, head } of ledger.followAll({ signal })) {
   *   console.log(organization, events.length, head.position);
   * }
   * ```
   */
  followAll(options?: FollowAllOptions): AsyncIterable<Followed>;
  /** The feed of published events, for programs of others. */
  readonly events: EventCalls;
  readonly webhooks: WebhookCalls;
  readonly operator: Operator;
  readonly work: WorkCalls;
  /**
   * Why nothing is ended or charged by the clock now; null while the clock is trusted.
   *
   * @example
   * ```ts
   * const doubt = ledger.doubt();
   * if (doubt !== null) console.warn(`the clock is doubted: ${doubt.why}`);
   * ```
   */
  doubt(): ClockDoubt | null;
  /**
   * The current time, by the ledger's clock.
   *
   * @example
   * ```ts
   * console.log(new Date(ledger.now()).toISOString());
   * ```
   */
  now(): Instant;
  /**
   * Resolves when the log can be read; rejects when it cannot, or does not answer for three
   * seconds.
   *
   * @example
   * ```ts
   * await ledger.ready();
   * ```
   */
  ready(): Promise<void>;
  /**
   * Finishes what is under way and releases all resources.
   *
   * @example
   * ```ts
   * await ledger.close();
   * ```
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
