/** The list of an organization's rows: one statement reads a page and counts, at one head. */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { EventLog, RowFilter, RowList, RowPage, TextPart } from "../../../core/ports/mod.ts";
import type { Database, Parameter, Statement } from "./database.ts";
import { isFit } from "../../../core/values/text.ts";
import { compareText, isTag } from "../append-checks.ts";
import { linesOf, toHead, toRow, whole } from "./row-codec.ts";
import { headOf } from "./statements.ts";

/** Parameters as they are taken, with their names in the text. */
const openParameters = () => {
  const parameters: Parameter[] = [];
  return { parameters, take: (value: Parameter): string => `$${parameters.push(value)}` };
};

type Take = ReturnType<typeof openParameters>["take"];

/**
 * As many of these that there are few texts of statements: the last one again and again, up to a
 * power of two.
 */
const padded = <Each>(all: readonly Each[]): readonly Each[] => {
  const last = all.at(-1);
  if (last === undefined) return [];
  const count = 2 ** Math.ceil(Math.log2(all.length));
  return Array.from({ length: count }, (_, place) => all[place] ?? last);
};

/** The condition that one of these parts is in its text. The place of a text counts from 1. */
const hasPart = (parts: readonly TextPart[], take: Take): string => {
  const tests = padded(parts.filter(({ part }) => isFit(part))).map(({ text, part }) =>
    `strpos(s.texts[${take(text + 1)}::integer], ${take(part)}) > 0`
  );
  return `(${tests.length === 0 ? "false" : tests.join(" or ")})`;
};

/** Where each tag is among those of a row; 0 where it is not, and for what cannot be a tag. */
const placesOf = (tags: readonly string[], take: Take): readonly string[] =>
  // Each once: a statement takes only so many parameters.
  padded([...new Set(tags)])
    .map((tag) => isTag(tag) ? `strpos(s.tags, ${take(linesOf([tag]))})` : "0");

const hasTags = ({ tags = [], without = [] }: RowFilter, take: Take): readonly string[] => [
  ...placesOf(tags, take).map((place) => `${place} > 0`),
  ...placesOf(without, take).map((place) => `${place} = 0`),
];

/** What a list is of, as conditions on the row `s`. */
type Wanted = {
  readonly ofKind: string;
  readonly tags: readonly string[];
  readonly behind: string;
};

/** The places of a page and how many are listed in all, as SQL; before them, what both need. */
type Found = { readonly before: string; readonly page: string; readonly total: string };

const ORDER = "order by s.sort, s.key";
const BACKWARDS = "order by s.sort desc, s.key desc";

/**
 * The page where what is listed must be read to know what fits. What is in a group is listed: the
 * condition does not say so again, so that only the index of groups answers it.
 */
const foundByReading = (
  { ofKind, tags, behind }: Wanted,
  { group, parts }: RowFilter,
  { limit, skip = 0 }: RowPage,
  take: Take,
): Found => {
  const conditions = [
    ofKind,
    group === undefined ? "s.sort is not null" : isFit(group) ? `s.grp = ${take(group)}` : "false",
    ...tags,
    ...(parts === undefined ? [] : [hasPart(parts, take)]),
  ];
  const listed = `ledgerline.state s where ${conditions.join(" and ")}`;
  // A search reads all texts: once, for the page and for the count.
  const isOnce = parts !== undefined;
  const found = isOnce ? "found s where true" : listed;
  return {
    before: isOnce ? `with found as materialized (select s.sort, s.key from ${listed})` : "",
    page: `select s.sort, s.key from ${found}${behind} ${ORDER}
    limit ${take(limit)}::bigint offset ${take(skip)}::bigint`,
    total: `(select count(*) from ${found})`,
  };
};

/**
 * The page where tags alone say what fits: how many rows there are with the same tags is counted
 * already, and for each such set an index has them in their order. A page in the second half is
 * read from the end.
 */
const foundByTags = (
  { ofKind, tags, behind }: Wanted,
  { limit, skip = 0 }: RowPage,
  take: Take,
): Found => {
  const counted = `ledgerline.listed s where ${[ofKind, ...tags].join(" and ")}`;
  const listed = `ledgerline.state s where ${ofKind} and s.sort is not null${behind}`;
  /** So many places from either end. */
  const places = (order: string, count: string): string =>
    tags.length === 0
      ? `select s.sort, s.key from ${listed} ${order} limit ${count}`
      : `select s.sort, s.key from (select s.tags from ${counted} and s.count > 0) t cross join lateral (
      select s.sort, s.key from ${listed} and s.tags collate "C" = t.tags ${order} limit ${count}
    ) s ${order} limit ${count}`;
  const sum = `select coalesce(sum(s.count), 0)::bigint as count from ${counted}`;
  const most = `${take(limit)}::bigint`;
  if (skip === 0) return { before: "", page: places(ORDER, most), total: `(${sum})` };
  const total = "(select count from total)";
  const begin = `least(${take(skip)}::bigint, ${total})`;
  const end = `least(${begin} + ${most}, ${total})`;
  return {
    before: `with total as materialized (${sum})`,
    page: `(select * from (${places(ORDER, end)}) s
    where 2 * ${begin} <= ${total} ${ORDER} offset ${begin})
    union all (select * from (${places(BACKWARDS, `${total} - ${begin}`)}) s
    where 2 * ${begin} > ${total} ${BACKWARDS} limit ${end} - ${begin} offset ${total} - ${end})`,
    total,
  };
};

/**
 * The statement for a page. Which rows a page has is read from indexes alone, whatever they hold;
 * each of them is then looked up by its key. Only what is asked for is in its text.
 */
export const listStatement = (
  organization: string,
  kind: string,
  filter: RowFilter,
  page: RowPage,
): Statement => {
  const { after, skip = 0, isCounted = false } = page;
  const { parameters, take } = openParameters();
  const [of, ofKind] = [take(organization), take(kind)];
  const wanted: Wanted = {
    ofKind: `s.organization = ${of} and s.kind = ${ofKind}`,
    tags: hasTags(filter, take),
    behind: after === undefined
      ? ""
      : ` and (s.sort, s.key) > (${take(after.sort)}::bigint, ${take(after.key)})`,
  };
  const isByTags = filter.group === undefined && filter.parts === undefined &&
    (skip === 0 || after === undefined);
  const found = isByTags
    ? foundByTags(wanted, page, take)
    : foundByReading(wanted, filter, page, take);
  const sql = `${found.before}
select h.position::text, h.hash, null as kind, null as key, null as data, null as automation,
  null as due, null as sort, ${isCounted ? found.total : "null"}::text as total
from (select 1) one left join (${headOf(of)}) h on true
union all
select null, null, ${ofKind}, p.key, r.data, r.automation, r.due::text, p.sort::text, null
from (${found.page}) p cross join lateral (
  select data, automation, due from ledgerline.state r
  where r.organization = ${of} and r.kind = ${ofKind} and r.key = p.key offset 0
) r`;
  return { sql, parameters };
};

/** A page of a list in a database. */
export const listIn = async (
  database: Database,
  ...[organization, kind, filter, page]: Parameters<EventLog["list"]>
): Promise<RowList> => {
  const { sql, parameters } = listStatement(organization, kind, filter, page);
  const found = await database.query(sql, parameters);
  const [first = {}] = found.filter((row) => row["key"] === null);
  return {
    head: (first["hash"] ?? null) === null ? EMPTY_HEAD : toHead(first),
    rows: found.filter((row) => row["key"] !== null)
      .map((row) => ({ ...toRow(row), sort: whole(row, "sort") }))
      .toSorted((a, b) => a.sort - b.sort || compareText(a.key, b.key)),
    total: page.isCounted === true ? whole(first, "total") : null,
  };
};
