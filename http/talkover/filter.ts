/** Which numbers a list shows (http/README.md, Talkover: filters combine with AND). */
import type { NumberFilter } from "../../adapters/ledger/api/mod.ts";
import type { Feature } from "../../core/ports/mod.ts";
import { featuresBefore } from "./encode.ts";
import type { ListQuery } from "./schemas.ts";

const flag = (feature: Feature, isWanted: boolean | undefined) => ({
  has: isWanted === true ? [feature] : [],
  lacks: isWanted === false ? [feature] : [],
});

/** The filter that a query asks for. A number's `type` is the first of its features. */
export const filterOf = (query: ListQuery): NumberFilter => {
  const { type, direction, has_voice: voice, has_whatsapp: whatsapp, search } = query;
  const first = type === undefined
    ? { has: [], lacks: [] }
    : { has: [type], lacks: featuresBefore(type) };
  const all = [first, flag("voice", voice), flag("whatsapp", whatsapp)];
  return {
    direction,
    search,
    has: all.flatMap(({ has }) => has),
    lacks: all.flatMap(({ lacks }) => lacks),
  };
};

const PER_PAGE = 20;

/** What a page of a list is, beside its rows. */
export type Meta = {
  readonly current_page: number;
  readonly per_page: number;
  readonly total: number;
  readonly last_page: number;
};

/** Which rows a query asks for, and the page that they are; null where it names no page. */
export const placeOf = ({ page, per_page }: Pick<ListQuery, "page" | "per_page">) => {
  if (page === undefined && per_page === undefined) return null;
  const current = page ?? 1;
  const size = per_page ?? PER_PAGE;
  return {
    skip: Math.min((current - 1) * size, Number.MAX_SAFE_INTEGER),
    limit: size,
    current,
  };
};

/** What is said of a page beside its rows. The first page always exists. */
export const metaOf = (
  { limit, current }: NonNullable<ReturnType<typeof placeOf>>,
  total: number,
): Meta => ({
  current_page: current,
  per_page: limit,
  total,
  last_page: Math.max(1, Math.ceil(total / limit)),
});

/**
 * The rows of the requested page, with its place in the whole; all rows and no `meta` when neither
 * a page nor its length is given. A page past the end is empty.
 */
export const pageOf = <Row>(
  rows: readonly Row[],
  query: Pick<ListQuery, "page" | "per_page">,
): { readonly rows: readonly Row[]; readonly meta?: Meta } => {
  const place = placeOf(query);
  if (place === null) return { rows };
  const { skip, limit } = place;
  return { rows: rows.slice(skip, skip + limit), meta: metaOf(place, rows.length) };
};
