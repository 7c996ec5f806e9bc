/**
 * Numbers of a block that have given digits: built from the digits, not filtered from all numbers.
 */
import { nationalOf } from "../../../core/number/search.ts";
import type { Pattern, SearchFilters } from "../../../core/ports/mod.ts";
import { type E164, isE164 } from "../../../core/values/e164.ts";
import { type Block, scattered } from "./number-block.ts";
import { interleaved } from "./interleave.ts";

/** The digits that a number is to have, beside its area code. */
type Digits = Pick<SearchFilters, Pattern>;

/**
 * The shape with these digits from this position on; null where it has others there, or is too
 * short.
 */
const overlaid = (shape: string, digits: string, at: number): string | null => {
  if (at < 0 || at + digits.length > shape.length) return null;
  const under = shape.slice(at, at + digits.length);
  const fits = Array.from(under).every((digit, place) => digit === "#" || digit === digits[place]);
  return fits ? shape.slice(0, at) + digits + shape.slice(at + digits.length) : null;
};

/** Where the national number begins in the shape; it begins with no `#`. */
const startOf = (shape: string): number => {
  const filled: E164 = `+${shape.slice(1).replaceAll("#", "0")}`;
  return filled.length - nationalOf(filled).length;
};

/**
 * Every shape within the block's that has the digits: one for each place of the part in the middle.
 */
const shapesOf = (
  shape: string,
  { contains = "", startsWith = "", endsWith = "" }: Digits,
): readonly string[] => {
  const start = startOf(shape);
  const begun = overlaid(shape, startsWith, start);
  const framed = begun === null ? null : overlaid(begun, endsWith, shape.length - endsWith.length);
  if (framed === null || shape.length - endsWith.length < start) return [];
  const places = contains === "" ? [start] : Array.from(
    { length: Math.max(0, shape.length - contains.length - start + 1) },
    (_, place) => start + place,
  );
  const shapes = places.flatMap((place) => overlaid(framed, contains, place) ?? []);
  return [...new Set(shapes)];
};

const filledWith = (shape: string, digits: string): string => {
  let filled = 0;
  return shape.replaceAll("#", () => digits.charAt(filled++));
};

/** How many numbers of one shape are tried, of the many that a short pattern fits. */
const LOOKS = 10_000;

/** The numbers of one shape; null in place of one that the block does not have. */
function* numbersOf(block: Block, shape: string): Generator<E164 | null> {
  const blanks = shape.split("#").length - 1;
  const size = 10 ** blanks;
  for (let index = 0; index < Math.min(size, LOOKS); index++) {
    const place = String(scattered(shape, index, size)).padStart(blanks, "0");
    const number = filledWith(shape, blanks === 0 ? "" : place);
    yield isE164(number) && block.has(number) ? number : null;
  }
}

/**
 * The numbers of a block that have these digits, listed or not, each once: the first of each place
 * of the part in the middle, then the second, and so on. Null for a candidate that the block lacks
 * or that was given already, so that the caller can stop searching.
 */
export function* patterned(block: Block, digits: Digits): Generator<E164 | null> {
  const shapes = shapesOf(block.shape, digits);
  const given = new Set<E164>();
  for (const number of interleaved(shapes.map((shape) => numbersOf(block, shape)))) {
    const isNew = number !== null && !given.has(number);
    if (isNew) given.add(number);
    yield isNew ? number : null;
  }
}
