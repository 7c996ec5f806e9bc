import type { Feature, NumberType, Offer } from "../../../core/ports/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";

/** Prices and features of a kind of number. */
export type Terms = Pick<Offer, "monthly" | "setup" | "features">;

export type Region = Offer["region"];

/** A range of numbers that share a country, a type and a prefix, such as one area code. */
export type Block = {
  readonly country: string;
  readonly type: NumberType;
  /** Three digits, in US and CA. */
  readonly areaCode: string | null;
  /** Its numbers in E.164 form, with `#` for any digit; `has` may rule out some of these. */
  readonly shape: string;
  /** Every feature that one of its numbers has. */
  readonly features: readonly Feature[];
  /** Where its numbers are; empty for toll-free ones. */
  regions(): readonly Region[];
  /** Whether the numbering plan has this number in the block. */
  has(e164: E164): boolean;
  /** The number that search lists at `index`, from 0 to `LISTED - 1`; each only once. */
  numberAt(index: number): E164;
  /** The offer of a number that the block has. */
  offer(e164: E164): Offer;
};

/**
 * How many numbers of each block search lists; `quote` and `order` accept all numbers of the plan.
 */
export const LISTED = 10_000;

/** A whole number below 2^32 that `text` alone determines (FNV-1a, 32 bits). */
export const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) {
    value = Math.imul(value ^ text.charCodeAt(place), 0x01000193);
  }
  return value >>> 0;
};

// Shares no factor with any size in use (2, 5, 7 and 113 divide those), so that every index below
// `size` gives a distinct place.
const STRIDE = 4_888_643;

/** Spreads `index` over `size` places, from a start that `seed` determines; one to one. */
export const scattered = (seed: string, index: number, size: number): number =>
  (hash(seed) + index * STRIDE) % size;
