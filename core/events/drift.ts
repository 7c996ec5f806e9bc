import type { E164 } from "../values/e164.ts";

/** What happens to numbers that the carrier keeps and no organization holds. */
export type OrphanPolicy =
  | { readonly kind: "report" }
  /** Those from our own orders, lost ones included, are released; others are reported. */
  | { readonly kind: "release" }
  /** This organization takes them. */
  | { readonly kind: "adopt"; readonly into: string };

/**
 * What to do about a drift: only report it; release the number at the carrier, or end it here;
 * adopt it; set its connection; detach the route of a suspended number, or attach that of a
 * reinstated one; do one more step of what is under way.
 */
export const REMEDIES = [
  "report",
  "releaseThere",
  "releaseHere",
  "adopt",
  "connect",
  "detach",
  "attach",
  "continue",
] as const;
/** One of `REMEDIES`. */
export type Remedy = typeof REMEDIES[number];

/**
 * `orphan`: the carrier keeps the number, no organization holds it. `ghost`: held here, but no
 * longer at the carrier. `stuck`: under way for too long, here or there. `mismatch`: on both sides,
 * and not the same.
 */
export const DRIFT_KINDS = ["orphan", "ghost", "stuck", "mismatch"] as const;

/** A number on which the carrier and we do not agree. */
export type Drift = {
  readonly kind: typeof DRIFT_KINDS[number];
  readonly e164: E164;
  /** Who holds it, or, for an orphan of our own orders, who ordered it. */
  readonly organization: string | null;
  readonly holding: string | null;
  readonly carrierId: string | null;
  /** A sentence for the operator. */
  readonly message: string;
  readonly remedy: Remedy;
};
