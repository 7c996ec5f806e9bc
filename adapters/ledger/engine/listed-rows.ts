/** Rows as the log is to list them: numbers, by when they came, assistants, tags and texts. */
import type { Direction } from "../../../core/events/number.ts";
import { featuresOf, type Holding, numbers, worldOf } from "../../../core/number/state.ts";
import type { Feature, Row, WrittenRow } from "../../../core/ports/mod.ts";
import type { World } from "../../../core/values/claim-key.ts";
import { textsOf } from "../../numbering/search.ts";

/** What lists of numbers are filtered by, besides assistants and texts. */
export type NumberTag =
  | `world:${World}`
  | `source:${Holding["source"]}`
  | `direction:${Direction}`
  | `feature:${Feature}`;

/** The tags of a number. */
export const tagsOf = (number: Holding): readonly NumberTag[] => [
  `world:${worldOf(number)}`,
  `source:${number.source}`,
  `direction:${number.routing.direction}`,
  ...featuresOf(number).map((feature) => `feature:${feature}` as const),
];

/** The row with how it is listed, where it is: the oldest number first. */
export const listedRow = <Written extends Row>(row: Written): Written & WrittenRow => {
  if (row.kind !== numbers.kind) return row;
  // The subject of a kind is the only writer of its rows, so they have its type.
  const number = row.data as Holding;
  const { createdAt: sort, assistant: group } = number;
  return { ...row, listing: { sort, group, tags: tagsOf(number), texts: textsOf(number) } };
};
