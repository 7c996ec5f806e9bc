/** Query strings as Telnyx reads them: `filter[a][b]=…`, `page[number]=…`, lists with commas. */
import { type Answer, badParameter, done } from "./answer.ts";

const PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 250;

/** The filters by name, such as `customer_reference` or `phone_number[starts_with]`. */
export type Filters = ReadonlyMap<string, string>;

const FILTER = /^filter\[([a-z_]+)\]((?:\[[a-z_]*\])?)$/;

/**
 * Reads the filters that are among `known`; anything else that filters is answered 400, so that a
 * misspelt filter is not one that finds everything.
 */
export const filtersOf = (query: URLSearchParams, known: readonly string[]): Filters | Answer => {
  const filters = new Map<string, string>();
  for (const [key, value] of query) {
    if (!key.startsWith("filter")) continue;
    const [, name, part] = FILTER.exec(key) ?? [];
    const whole = `${name}${part === "[]" ? "" : part}`;
    if (!known.includes(whole)) return badParameter(key, `The filter ${key} is unknown.`);
    const earlier = filters.get(whole);
    filters.set(whole, earlier === undefined ? value : `${earlier},${value}`);
  }
  return filters;
};

/** True for an answer in place of filters. */
export const isAnswer = (value: Filters | Answer): value is Answer => "status" in value;

const wholeNumber = (text: string | null, otherwise: number): number =>
  text === null ? otherwise : /^\d{1,6}$/.test(text) ? Number(text) : 0;

/** The page that the query asks for, with Telnyx's `meta`. */
export const page = (query: URLSearchParams, all: readonly unknown[]): Answer => {
  const number = wholeNumber(query.get("page[number]"), 1);
  const size = wholeNumber(query.get("page[size]"), PAGE_SIZE);
  if (number < 1) return badParameter("page[number]", "The page number must be at least 1.");
  if (size < 1 || size > MAX_PAGE_SIZE) {
    return badParameter("page[size]", `The page size must be 1 to ${MAX_PAGE_SIZE}.`);
  }
  return done({
    data: all.slice((number - 1) * size, number * size),
    meta: {
      page_number: number,
      page_size: size,
      total_pages: Math.ceil(all.length / size),
      total_results: all.length,
    },
  });
};
