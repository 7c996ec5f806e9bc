/** Lists of what all organizations have, for the operator; `next` is null on the last page. */
import type { Token } from "../../../core/organization/state.ts";
import type { NumberStatus, NumberView } from "../../../core/number/view.ts";
import type { RecordedEvent } from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { E164 } from "../../../core/values/e164.ts";
import type { PlanCatalogue } from "../../../core/values/plan.ts";
import type { StartRelease } from "../../../core/number/decisions/release.ts";
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type { Answer, TokenScope } from "./caller.ts";
import type { OrganizationView } from "./organization.ts";

/**
 * `after` is the `next` of an earlier page, and nothing else (`InvalidArgument`); fifty rows by
 * default, and a hundred at most.
 */
export type PageOptions = {
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
};

/** Organizations by id; a page may have fewer than were asked for, and still have a next one. */
export type OrganizationsPage = {
  readonly organizations: readonly OrganizationView[];
  readonly next: string | null;
};

/** A token in use, without its secret and its hash. */
export type TokenView = Pick<Token, "id" | "email" | "name" | "sandbox"> & {
  readonly scope: TokenScope;
  /** From when on it is not valid; null for one that is valid until it is revoked. */
  readonly expiresAt: Instant | null;
  /** When it was last used, to the hour; null where it was not, or the log does not know. */
  readonly lastUsedAt: Instant | null;
  /** When its id was made; null for an id that does not say so. */
  readonly issuedAt: Instant | null;
};

/** Tokens in the order in which they were issued. */
export type TokensPage = { readonly tokens: readonly TokenView[]; readonly next: string | null };

/** Which numbers a list has: those that fit all of this. */
export type AllNumbersOptions = PageOptions & {
  readonly e164?: E164 | undefined;
  readonly status?: Exclude<NumberStatus, "released"> | undefined;
  readonly organization?: string | undefined;
};

/**
 * Numbers with the organizations that have them. A page looks at so many rows only: it may hold few
 * that fit, or none, and still have a next one.
 */
export type AllNumbersPage = {
  readonly numbers: readonly { readonly organization: string; readonly number: NumberView }[];
  readonly next: string | null;
};

/** Which events of a number are asked for; `organization` where it has been released. */
export type NumberHistoryOptions = {
  readonly organization?: string | undefined;
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
};

/** Events of a number, the oldest first; `next` is what to ask for `after`. */
export type NumberHistory = {
  readonly organization: string;
  readonly events: readonly RecordedEvent[];
  readonly next: number | null;
};

/** Calls that list what all organizations have. */
export interface Inventory {
  /**
   * Organizations by id, a page at a time.
   *
   * @example
   * ```ts
   * const { organizations, next } = await ledger.operator.organizations({ limit: 100 });
   * ```
   */
  organizations(page?: PageOptions): Promise<OrganizationsPage>;
  /**
   * The tokens of an organization that are in use; null when it was never opened.
   *
   * @example
   * ```ts
   * const page = await ledger.operator.tokens("acme");
   * for (const { id, email } of page?.tokens ?? []) console.log(id, email);
   * ```
   */
  tokens(organization: string, page?: PageOptions): Promise<TokensPage | null>;
  /**
   * Numbers of all organizations that are not yet released, failed purchases too: the newest first;
   * those of one organization the oldest first; those with one `e164` by organization, the oldest
   * first.
   *
   * @example
   * ```ts
   * const { numbers } = await ledger.operator.numbers({ status: "failed" });
   * for (const { organization, number } of numbers) console.log(organization, number.holding.id);
   * ```
   */
  numbers(list?: AllNumbersOptions): Promise<AllNumbersPage>;
  /**
   * Ends a number, whichever organization has it, as the organization's own `release` does: a
   * purchase in progress is cancelled where its carrier can, one that failed is dismissed, and a
   * number that is held is given back. `released` says whether that is over; else it goes on
   * automatically.
   *
   * @example
   * ```ts
   * const ended = await ledger.operator.release("pn_…");
   * if (ended.ok) console.log(ended.value.released);
   * ```
   */
  release(number: string): Answer<{ readonly released: boolean }, RefusalOf<StartRelease>>;
  /**
   * The events of the number with this id, whichever organization has it; of one that has been
   * released only where its `organization` is named. Null when there are none.
   *
   * @example
   * ```ts
   * const history = await ledger.operator.history("pn_…");
   * for (const { at, type } of history?.events ?? []) console.log(at, type);
   * ```
   */
  history(id: string, options?: NumberHistoryOptions): Promise<NumberHistory | null>;
  /**
   * The plans on offer, by name.
   *
   * @example
   * ```ts
   * console.log(Object.keys(ledger.operator.plans()));
   * ```
   */
  plans(): PlanCatalogue;
}
