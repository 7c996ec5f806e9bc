/** What a search can be given, and what it answers; part of `mod.ts`. */
import type { CarrierName } from "../../../core/ports/carrier.ts";
import type { SearchNotSupported } from "../../../core/number/search.ts";
import type { OrganizationUnknown } from "../../../core/organization/refusals.ts";
import type { Offer, SearchFilters } from "../../../core/ports/mod.ts";
import type { CarrierRefusal, TooManySearches } from "./caller.ts";

export type SearchInput = SearchFilters & {
  /**
   * Where the area code has nothing, up to five others are searched in its place: those that serve
   * the same places first, then the nearest of its state or province. Needs an area code.
   */
  readonly nearby?: boolean | undefined;
};

export type SearchOptions = {
  /** Asked before each further search that `nearby` leads to; none is made once it says no. */
  readonly mayGoOn?: (() => Promise<boolean>) | undefined;
};

export type Search = {
  readonly carrier: CarrierName;
  readonly offers: readonly Offer[];
  /**
   * The area codes that were searched because the one asked for has nothing, in order; the offers,
   * if any, are of the last. Empty where `nearby` was not asked for or not needed.
   */
  readonly nearby: readonly string[];
};

export type { SearchNotSupported } from "../../../core/number/search.ts";

/** Why a search is refused; `SearchNotSupported` names the filter that the carrier cannot do. */
export type SearchRefusal =
  | CarrierRefusal
  | TooManySearches
  | SearchNotSupported
  | OrganizationUnknown;
