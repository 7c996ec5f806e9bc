/** What a list of numbers is filtered by, as the log filters rows. */
import { fits } from "../../../core/log/listing.ts";
import { type Holding, numbers } from "../../../core/number/state.ts";
import type { ListPlace, RowFilter } from "../../../core/ports/mod.ts";
import type { Scope } from "../../../core/values/claim-key.ts";
import { partsOf } from "../../numbering/search.ts";
import type { NumberFilter } from "../api/mod.ts";
import { listedRow, type NumberTag } from "../engine/listed-rows.ts";

/** The filter of numbers that fit and that a caller sees. */
export const rowFilterOf = (
  { assistant, source, direction, has = [], lacks = [], search }: NumberFilter,
  scope: Scope,
): RowFilter => {
  const tags: NumberTag[] = has.map((feature) => `feature:${feature}` as const);
  if (scope !== "all") tags.push(`world:${scope}`);
  if (source !== undefined) tags.push(`source:${source}`);
  if (direction !== undefined) tags.push(`direction:${direction}`);
  const without = lacks.map((feature): NumberTag => `feature:${feature}`);
  const parts = search === undefined ? null : partsOf(search);
  return {
    tags,
    without,
    ...(assistant !== undefined && { group: assistant }),
    ...(parts !== null && { parts }),
  };
};

/** The place of a number in lists. */
export const placeOf = ({ createdAt, id }: Pick<Holding, "createdAt" | "id">): ListPlace => ({
  sort: createdAt,
  key: id,
});

/** Whether a place is after another in lists of numbers. */
export const isAfter = (a: ListPlace, b: ListPlace): boolean =>
  a.sort > b.sort || (a.sort === b.sort && a.key > b.key);

/** Whether a number fits, as the log would find it. */
export const isListed = (holding: Holding, filter: RowFilter): boolean => {
  const row = { kind: numbers.kind, key: holding.id, data: holding, work: null };
  const { listing } = listedRow(row);
  return listing !== undefined && fits(listing, filter);
};
