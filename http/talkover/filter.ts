/** Which numbers a list shows (contract, Talkover: filters combine with AND). */
import type { NumberView } from "../../core/number/view.ts";
import { afterPrefix, writtenDigits } from "../../core/values/written-number.ts";
import { featuresOf, typeOf } from "./encode.ts";
import { written } from "./format.ts";
import type { ListQuery } from "./schemas.ts";

/** What a search looks at. */
export type Searched = {
  readonly id: string;
  readonly e164: string;
  readonly national: string;
  readonly international: string;
};

const digitsOf = (text: string): string => text.replace(/\D/g, "");

/** A trunk prefix, which is written within an international form and not dialled. */
const TRUNK = "(0)";

/**
 * Whether the text that somebody searches for is a part of the number, however it is written
 * (`writtenDigits`), or of the id. The digits are compared with those of its E.164, national and
 * international forms (a trunk prefix stands in one only); after a prefix for calls abroad, with the
 * beginning of its E.164 form. White space at the ends counts for nothing, a raw `+` in a query
 * decodes to it. An empty text matches all.
 */
export const matches = (searched: Searched, text: string): boolean => {
  const wanted = text.normalize("NFKC").trim();
  if (searched.id.toLowerCase().includes(wanted.toLowerCase())) return true;
  const digits = writtenDigits(wanted);
  if (digits === null) return false;
  const forms = [searched.e164, searched.national, searched.international];
  if (digits === "") return forms.some((form) => form.includes(wanted));
  const parts = [digits, writtenDigits(wanted.replace(TRUNK, "")) ?? ""]
    .filter((part) => part !== "");
  return forms.map(digitsOf).some((form) => parts.some((part) => form.includes(part))) ||
    parts.flatMap(afterPrefix).some((part) => searched.e164.startsWith(`+${part}`));
};

/** Whether a number passes all filters of the query. */
export const passes = (view: NumberView, query: ListQuery): boolean => {
  const { type, has_voice: voice, has_whatsapp: whatsapp, search } = query;
  const features = featuresOf(view.holding);
  if (type !== undefined && typeOf(features) !== type) return false;
  if (voice !== undefined && features.includes("voice") !== voice) return false;
  if (whatsapp !== undefined && features.includes("whatsapp") !== whatsapp) return false;
  if (search === undefined) return true;
  const { id, e164 } = view.holding;
  const { national, international } = written(e164);
  return matches({ id, e164, national, international }, search);
};

const PER_PAGE = 20;

/** What a page of a list is, beside its rows. */
export type Meta = {
  readonly current_page: number;
  readonly per_page: number;
  readonly total: number;
  readonly last_page: number;
};

/**
 * The rows of the page that is asked for, with its place in the whole; all rows and no `meta` when
 * neither a page nor its length is given. A page past the end is empty; there is always a first.
 */
export const pageOf = <Row>(
  rows: readonly Row[],
  { page, per_page }: Pick<ListQuery, "page" | "per_page">,
): { readonly rows: readonly Row[]; readonly meta?: Meta } => {
  if (page === undefined && per_page === undefined) return { rows };
  const current = page ?? 1;
  const size = per_page ?? PER_PAGE;
  return {
    rows: rows.slice((current - 1) * size, current * size),
    meta: {
      current_page: current,
      per_page: size,
      total: rows.length,
      last_page: Math.max(1, Math.ceil(rows.length / size)),
    },
  };
};
