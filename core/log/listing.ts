/** Which rows a list has: the rule that every log keeps to. */
import type { Listing, RowFilter } from "../ports/mod.ts";

/** Whether a row that is listed so fits a filter. */
export const fits = (
  { group, tags, texts = [] }: Listing,
  { group: wanted, tags: all = [], without = [], parts }: RowFilter,
): boolean =>
  (wanted === undefined || group === wanted) &&
  all.every((tag) => tags.includes(tag)) &&
  !without.some((tag) => tags.includes(tag)) &&
  (parts?.some(({ text, part }) => texts[text]?.includes(part)) ?? true);
