/**
 * Numbers as they were at a time: each folded from its own history up to then. Which of them were
 * there is read from the lists of those that are there and of those that have ended, and the names
 * in their views from their versions up to then; so nothing else of the log is read.
 */
import * as Effect from "effect/Effect";
import { fits } from "../../../core/log/listing.ts";
import { type Holding, numbers, worldOf } from "../../../core/number/state.ts";
import { type NumberView, viewsWith } from "../../../core/number/view.ts";
import {
  type Assistant,
  type SipConnection,
  sipConnections,
} from "../../../core/organization/state.ts";
import type { ListPlace, RowFilter } from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import { isWithin } from "../../../core/values/claim-key.ts";
import { textsOf } from "../../numbering/search.ts";
import { inFuture } from "../../validation/argument.ts";
import type { Caller, NumberFilter, NumberListOptions } from "../api/mod.ts";
import { unlessClosed } from "../engine/close-signal.ts";
import {
  LIFE_CLASSES,
  PAST,
  type PastNumber,
  type Version,
  versionsUntil,
} from "../engine/past-rows.ts";
import { scopeOf } from "../engine/scope.ts";
import { ask, Ports } from "../engine/services.ts";
import { openPace } from "../engine/slices.ts";
import { isAfter, isListed, rowFilterOf } from "./number-filter.ts";
import { holdingThen, inPastTurn } from "./views.ts";

type Sources = Pick<Ports["Service"], "log" | "closing" | "paces">;

/** An organization at a time, and the pace at which it is read. */
type Then = {
  readonly sources: Sources;
  readonly organization: string;
  readonly asOf: Instant;
  readonly pace: ReturnType<typeof openPace>;
};

const thenOf = (sources: Sources, organization: string, asOf: Instant): Then => ({
  sources,
  organization,
  asOf,
  pace: openPace(sources),
});

/** As many numbers as are read in one turn: a row may be large, and a history long. */
const PAGE = 20;

/** So many readings of one question are under way together. */
const AT_ONCE = 4;

/** What is read for each, in their order. */
const each = async <Item, Value>(
  items: readonly Item[],
  read: (item: Item) => Promise<Value>,
): Promise<readonly Value[]> => {
  const values: Value[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    values.push(...await Promise.all(items.slice(from, from + AT_ONCE).map(read)));
  }
  return values;
};

/** A number as it was, from its own events; undefined where it was not there. */
const numberThen = ({ sources, organization, asOf }: Then, id: string) =>
  holdingThen(sources, organization, id, ({ at }) => at <= asOf);

/** So many of an entity's last versions are looked at. */
const VERSIONS = 50;

/**
 * The last version of an entity by then. The clocks of servers differ, so the last one may have an
 * earlier time than those before it: of more than `VERSIONS` that servers gave while their clocks
 * disagreed, it may be another.
 */
const versionThen = async <Value>(
  { sources: { log }, organization, asOf }: Then,
  kind: string,
  group: string,
): Promise<readonly Value[]> => {
  const page = { limit: VERSIONS, after: versionsUntil(asOf) };
  const { rows } = await log.list(organization, kind, { group }, page);
  const versions = rows.map(({ data }) => data as Version<Value>);
  const last = versions.reduce<Version<Value> | null>(
    (found, one) => found === null || one.position > found.position ? one : found,
    null,
  );
  return last === null ? [] : [last.value];
};

/** The connections over which some of these numbers come in, as they were. */
const connectionsThen = async (
  then: Then,
  holdings: readonly Holding[],
): Promise<readonly SipConnection[]> => {
  const named = holdings.flatMap((one) => one.source === "imported" ? [one.sipConnection] : []);
  if (named.length === 0) return [];
  const { log } = then.sources;
  const { rows } = await log.load(then.organization, { kinds: [sipConnections.kind] });
  // A legacy trunk may be that of any of them.
  const wanted = rows.filter(({ key }) => named.includes(null) || named.includes(key));
  const found = await each(
    wanted,
    ({ key }) => versionThen<SipConnection>(then, PAST.sipConnection, key),
  );
  return found.flat();
};

/** The views of numbers as they were. */
const viewsThen = async (then: Then, holdings: readonly Holding[]) => {
  const assistants = new Set(holdings.flatMap(({ assistant }) => assistant ?? []));
  const named = await each(
    [...assistants],
    (id) => versionThen<Assistant>(then, PAST.assistant, id),
  );
  const connections = await connectionsThen(then, holdings);
  return viewsWith(holdings, named.flat(), connections, then.asOf);
};

/** At most so many rows are read at a time of numbers of which none was there. */
const MOST = 200;

/** Whether one of these is a part of a number's texts. */
const isFound = (id: string, { e164 }: PastNumber, parts: RowFilter["parts"]): boolean =>
  parts === undefined ||
  fits({ sort: 0, group: null, tags: [], texts: textsOf({ id, e164 }) }, { parts });

/** A part of a list: so many after one place, and none after another. */
type Part = {
  readonly limit: number;
  readonly after: ListPlace | undefined;
  readonly to: ListPlace | undefined;
};

/** The places of the next numbers of a class that were there and have ended since. */
const endedThen = async (
  { sources: { log }, organization, asOf, pace }: Then,
  { parts, ...filter }: RowFilter,
  group: string,
  { limit, after, to }: Part,
): Promise<readonly ListPlace[]> => {
  const found: ListPlace[] = [];
  let from = after;
  for (let count = limit;; count = Math.min(4 * count, MOST)) {
    const page = { limit: count, after: from };
    const { rows } = await log.list(organization, PAST.number, { ...filter, group }, page);
    for (const { sort, key, data } of rows) {
      const place = { sort, key };
      const isBehind = sort > asOf || (to !== undefined && isAfter(place, to));
      if (isBehind || found.length === limit) return found;
      // Rows of the past are written by `pastRows` alone, so they have its types.
      const number = data as PastNumber;
      if (number.until > asOf && isFound(key, number, parts)) found.push(place);
    }
    const last = rows.at(-1);
    if (rows.length < count || last === undefined) return found;
    from = { sort: last.sort, key: last.key };
    await pace.rest();
  }
};

/** The first of these places, each once. */
const firstOf = (places: readonly ListPlace[], limit: number): readonly ListPlace[] =>
  [...new Map(places.map((place) => [place.key, place])).values()]
    .toSorted((a, b) => isAfter(a, b) ? 1 : -1)
    .slice(0, limit);

/** The places of the next numbers that were there, in order. */
const placesThen = async (
  then: Then,
  filter: RowFilter,
  page: Pick<Part, "limit" | "after">,
): Promise<readonly ListPlace[]> => {
  const { sources: { log }, organization, asOf } = then;
  const { limit, after } = page;
  // First those that are there: one that ends meanwhile is then among those that have ended.
  const { rows } = await log.list(organization, numbers.kind, filter, page);
  let places: readonly ListPlace[] = rows.filter(({ sort }) => sort <= asOf)
    .map(({ sort, key }) => ({ sort, key }));
  for (const { group, below } of LIFE_CLASSES) {
    const to = places.length < limit ? undefined : places.at(-1);
    const first = { sort: asOf - below, key: "" };
    // The lives of the next classes are shorter, and began later.
    if (to !== undefined && isAfter(first, to)) break;
    const from = after === undefined || isAfter(first, after) ? first : after;
    const ended = await endedThen(then, filter, group, { limit, after: from, to });
    places = firstOf([...places, ...ended], limit);
  }
  return places;
};

/** Which part of a list is asked for, in pages. */
type PastList = Omit<NumberListOptions, "asOf">;

/**
 * The views of an organization's numbers that fit and that a caller sees, as they were at a time,
 * the oldest first: a page at a time, as far as they are taken, each in the organization's turn.
 */
async function* pagesAsOf(
  ports: Ports["Service"],
  caller: Caller,
  asOf: Instant,
  { filter: wanted = {}, after, limit = PAGE }: PastList,
): AsyncGenerator<readonly NumberView[], void, undefined> {
  const { organization } = caller;
  const scope = Effect.runSync(Effect.provideService(scopeOf(caller), Ports, ports));
  const then = thenOf(ports, organization, asOf);
  const filter = rowFilterOf(wanted, scope);
  // What may change of a number is compared with what it was then.
  const { assistant, direction, ...lasting } = wanted;
  const isSame = assistant === undefined && direction === undefined;
  const count = isSame ? Math.min(limit, PAGE) : PAGE;
  const readAfter = async (place: ListPlace | undefined) => {
    const page = { limit: count, after: place };
    const places = await placesThen(then, rowFilterOf(lasting, scope), page);
    const found = await each(places, ({ key }) => numberThen(then, key));
    const holdings = found.flatMap((one) =>
      one !== undefined && isListed(one, filter) ? [one] : []
    );
    const to = places.length < count ? undefined : places.at(-1);
    return { views: await viewsThen(then, holdings), to };
  };
  const read = (place: ListPlace | undefined) =>
    unlessClosed(ports, () => {
      const reading = inPastTurn(organization, ask(() => readAfter(place)));
      return Effect.runPromise(Effect.provideService(reading, Ports, ports));
    });
  const { pace } = then;
  let place = after === undefined ? undefined : { sort: after.createdAt, key: after.id };
  for (;;) {
    const from = place;
    const { views, to } = await pace.during(() => read(from));
    yield views;
    if (to === undefined) return;
    place = to;
    pace.given();
    await pace.rest();
  }
}

/** The same of all that fit. Throws an `InvalidArgument` for a time in the future. */
export const numberPagesAsOf = (
  ports: Ports["Service"],
  caller: Caller,
  asOf: Instant,
  filter?: NumberFilter,
) => {
  if (asOf > ports.clock.now()) throw inFuture("options.asOf");
  return pagesAsOf(ports, caller, asOf, { filter });
};

/**
 * The same numbers together, at most `limit`. Dies with an `InvalidArgument` for a time in the
 * future.
 */
export const listNumbersAsOf = Effect.fnUntraced(function* (
  caller: Caller,
  asOf: Instant,
  list: PastList,
) {
  const ports = yield* Ports;
  if (asOf > ports.clock.now()) return yield* Effect.die(inFuture("options.asOf"));
  const { limit = Number.POSITIVE_INFINITY } = list;
  return yield* ask(async () => {
    const views: NumberView[] = [];
    for await (const page of pagesAsOf(ports, caller, asOf, list)) {
      views.push(...page.slice(0, limit - views.length));
      if (views.length === limit) break;
    }
    return views;
  });
});

/** The view of one number as it was; null where the organization did not hold it in that world. */
export const getNumberAsOf = Effect.fnUntraced(function* (
  caller: Caller,
  id: string,
  asOf: Instant,
) {
  const ports = yield* Ports;
  if (asOf > ports.clock.now()) return yield* Effect.die(inFuture("options.asOf"));
  const { organization } = caller;
  const scope = yield* scopeOf(caller);
  const then = thenOf(ports, organization, asOf);
  const reading = ask(async () => {
    const number = await numberThen(then, id);
    if (number === undefined || !isWithin(scope, worldOf(number))) return null;
    const [view = null] = await viewsThen(then, [number]);
    return view;
  });
  return yield* inPastTurn(organization, reading);
});
