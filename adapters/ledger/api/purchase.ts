/** What a purchase and an import are given, and what a purchase answers; part of `mod.ts`. */
import type { PaidFrom } from "../../../core/events/number.ts";
import type { ImportNumber } from "../../../core/number/decisions/imports.ts";
import type { Routing } from "../../../core/number/details.ts";
import type { NumberView } from "../../../core/number/view.ts";
import type { Eligibility } from "../../../core/organization/eligibility.ts";
import type { E164 } from "../../../core/values/e164.ts";
import type { Money } from "../../../core/values/money.ts";
import type { CommandOptions } from "./caller.ts";
import type { Optional } from "../../validation/optional.ts";

type RoutingWish = Optional<Routing> & { readonly assistant?: string | null | undefined };

export type PurchaseInput = RoutingWish & {
  readonly e164: E164;
  /** The carrier connection to put the number on. */
  readonly connection?: string | null | undefined;
};

/** What a purchase would cost, and from what it would be paid. */
export type PurchasePrice = {
  readonly setup: Money;
  readonly monthly: Money;
  readonly paidFrom: PaidFrom;
};

/** How a purchase is made repeatable, and what it may cost. */
export type PurchaseOptions = CommandOptions & {
  /**
   * Whether it is bought for this; refused with `PURCHASE_CANCELLED` unless that is `true`. Called
   * before anything is written or ordered, again where another writer was faster, and not for a
   * request that was made before. Must not throw: the call then rejects with what is thrown, and
   * nothing is written or ordered.
   */
  readonly accepts?: ((price: PurchasePrice) => boolean) | undefined;
};

/** The number (`status` is `purchasing` when the carrier has not confirmed in time). */
export type Purchase = { readonly number: NumberView; readonly eligibility: Eligibility };

export type ImportInput = RoutingWish & {
  readonly e164: E164;
  readonly via: ImportNumber["via"];
  readonly sipProviderName?: string | null | undefined;
};
