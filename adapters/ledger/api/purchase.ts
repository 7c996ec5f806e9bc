/** What a purchase and an import are given, and what a purchase answers; part of `mod.ts`. */
import type { ImportNumber } from "../../../core/number/decisions/imports.ts";
import type { Routing } from "../../../core/number/details.ts";
import type { NumberView } from "../../../core/number/view.ts";
import type { Eligibility } from "../../../core/organization/eligibility.ts";
import type { E164 } from "../../../core/values/e164.ts";
import type { Optional } from "../../validation/optional.ts";

type RoutingWish = Optional<Routing> & { readonly assistant?: string | null | undefined };

export type PurchaseInput = RoutingWish & {
  readonly e164: E164;
  /** The carrier connection to put the number on. */
  readonly connection?: string | null | undefined;
};

/** The number (`status` is `purchasing` when the carrier has not confirmed in time). */
export type Purchase = { readonly number: NumberView; readonly eligibility: Eligibility };

export type ImportInput = RoutingWish & {
  readonly e164: E164;
  readonly via: ImportNumber["via"];
  readonly sipProviderName?: string | null | undefined;
};
