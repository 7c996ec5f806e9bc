/** Lists of rows in memory. */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import { fits } from "../../../core/log/listing.ts";
import type { EventLog, Listing, ListPlace, RowList } from "../../../core/ports/mod.ts";
import { compareText } from "../append-checks.ts";
import { type Book, readRow, type StoredRow } from "./store.ts";

type ListedRow = StoredRow & { readonly listing: Listing };

const isListed = (row: StoredRow): row is ListedRow => row.listing !== null;

const placeOf = ({ key, listing: { sort } }: ListedRow): ListPlace => ({ sort, key });

const comparePlaces = (a: ListPlace, b: ListPlace): number =>
  a.sort - b.sort || compareText(a.key, b.key);

/** A page of a list of an organization's rows. */
export const listIn = (
  book: Book | undefined,
  ...[, kind, filter, { limit, after, skip = 0, isCounted }]: Parameters<EventLog["list"]>
): RowList => {
  const all = [...book?.rows.values() ?? []].filter(isListed)
    .filter((row) => row.kind === kind && fits(row.listing, filter))
    .toSorted((a, b) => comparePlaces(placeOf(a), placeOf(b)));
  const behind = after === undefined
    ? all
    : all.filter((row) => comparePlaces(placeOf(row), after) > 0);
  return {
    head: { ...(book?.head ?? EMPTY_HEAD) },
    rows: behind.slice(skip, skip + limit)
      .map((row) => ({ ...readRow(row), sort: row.listing.sort })),
    total: isCounted === true ? all.length : null,
  };
};
