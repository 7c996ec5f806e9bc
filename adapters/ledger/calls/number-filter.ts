/** What a list of numbers is filtered by, as the log filters rows. */
import type { RowFilter } from "../../../core/ports/mod.ts";
import type { Scope } from "../../../core/values/claim-key.ts";
import { partsOf } from "../../numbering/search.ts";
import type { NumberFilter } from "../api/mod.ts";
import type { NumberTag } from "../engine/listed-rows.ts";

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
