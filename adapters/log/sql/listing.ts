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

/**
 * The condition that a row is listed and fits. What is in a group is listed: the condition does not
 * say so again, so that only the index of groups answers it.
 */
const fits = ({ group, tags = [], without = [], parts }: RowFilter, take: Take): string =>
  [
    group === undefined ? "s.sort is not null" : isFit(group) ? `s.grp = ${take(group)}` : "false",
    ...placesOf(tags, take).map((place) => `${place} > 0`),
    ...placesOf(without, take).map((place) => `${place} = 0`),
    ...(parts === undefined ? [] : [hasPart(parts, take)]),
  ].join(" and ");

/**
 * The statement for a page. Which rows a page has is read from an index alone, whatever they hold;
 * each of them is then looked up by its key. Only what is asked for is in its text.
 */
export const listStatement = (
  organization: string,
  kind: string,
  filter: RowFilter,
  { limit, after, skip = 0, isCounted }: RowPage,
): Statement => {
  const { parameters, take } = openParameters();
  const [of, ofKind] = [take(organization), take(kind)];
  const listed = `ledgerline.state s
    where s.organization = ${of} and s.kind = ${ofKind} and ${fits(filter, take)}`;
  // A search reads all texts: once, for the page and for the count.
  const isOnce = isCounted === true && filter.parts !== undefined;
  const once = isOnce ? `with found as materialized (select s.sort, s.key from ${listed})` : "";
  const found = isOnce ? "found s where true" : listed;
  const behind = after === undefined
    ? ""
    : ` and (s.sort, s.key) > (${take(after.sort)}::bigint, ${take(after.key)})`;
  const page = `select s.sort, s.key from ${found}${behind}
    order by s.sort, s.key limit ${take(limit)}::bigint offset ${take(skip)}::bigint`;
  const total = isCounted === true ? `(select count(*) from ${found})` : "null";
  const sql = `${once}
select h.position::text, h.hash, null as kind, null as key, null as data, null as automation,
  null as due, null as sort, ${total}::text as total
from (select 1) one left join (${headOf(of)}) h on true
union all
select null, null, ${ofKind}, p.key, r.data, r.automation, r.due::text, p.sort::text, null
from (${page}) p cross join lateral (
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
