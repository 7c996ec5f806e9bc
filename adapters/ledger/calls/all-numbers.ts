/**
 * Numbers of all organizations, for the operator: by the index of the ids that we made, of the
 * beginnings of a number, or of what an organization lists. A page looks at so many rows at most.
 */
import * as Effect from "effect/Effect";
import * as v from "valibot";
import { toFact } from "../../../core/events/vocabulary.ts";
import { isBeginning } from "../../../core/number/facts.ts";
import { type Holding, numbers } from "../../../core/number/state.ts";
import { holdingAt } from "../../../core/number/status.ts";
import { type NumberView, statusOf } from "../../../core/number/view.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";
import type { AllNumbersOptions, AllNumbersPage } from "../api/inventory.ts";
import { ask, Ports } from "../engine/services.ts";
import { noSuchPage } from "../../validation/argument.ts";
import { cursorOf, placeOfCursor } from "./cursors.ts";
import { PAGE, READS_AT_ONCE } from "./inventory.ts";
import { viewsNow } from "./number-lists.ts";

/** So many rows are read at a time. */
const READ = 100;
/** How many rows are examined for one page; where few fit, the next page goes on. */
const LOOKED_AT = 2_000;
/** The same where each is looked up for itself. */
const LOOKED_UP = 200;

/** A number that was looked at, null once released; `place` is the cursor behind it. */
type Look = {
  readonly organization: string;
  readonly holding: Holding | null;
  readonly place: readonly (string | number)[];
};

/** Reads on behind a cursor, or from the beginning; fewer than `READ` are the end. */
type Reader = {
  readonly most: number;
  readonly next: (log: EventLog, after: string | undefined) => Promise<readonly Look[]>;
};

const PATH = "list.after";

// The subject of a kind is the only writer of its rows, so they have its type.
const holdingOf = (data: unknown): Holding => data as Holding;

const Every = v.strictTuple([v.literal("id"), v.pipe(v.string(), v.startsWith("pn_"))]);

/** Of all organizations, the newest first. "`" comes after "_". */
const everyNumber: Reader = {
  most: LOOKED_AT,
  next: async (log, after) => {
    const below = after === undefined ? "pn`" : placeOfCursor(Every, after, PATH)[1];
    const found = await log.rowsOf(numbers.kind, { from: "pn_", below }, READ);
    return found.map(({ organization, row: { key, data } }) => ({
      organization,
      holding: holdingOf(data),
      place: ["id", key],
    }));
  },
};

const Listed = v.strictTuple([
  v.literal("listed"),
  v.pipe(v.number(), v.safeInteger()),
  v.string(),
]);

/** Of one organization, the oldest first. */
const numbersOf = (organization: string): Reader => ({
  most: LOOKED_AT,
  next: async (log, after) => {
    const [, sort, key] = after === undefined ? [] : placeOfCursor(Listed, after, PATH);
    const page = {
      limit: READ,
      ...(sort !== undefined && key !== undefined && { after: { sort, key } }),
    };
    const { rows } = await log.list(organization, numbers.kind, {}, page);
    return rows.map(({ sort: at, key: id, data }) => ({
      organization,
      holding: holdingOf(data),
      place: ["listed", at, id],
    }));
  },
});

const Begun = v.strictTuple([
  v.literal("begun"),
  v.string(),
  v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
]);

/** Behind an event with which the number began, of the organization if one is named. */
const placeOfBeginning = async (
  log: EventLog,
  e164: E164,
  only: string | undefined,
  cursor: string,
) => {
  const [, organization, position] = placeOfCursor(Begun, cursor, PATH);
  const before = { organization, position: position - 1 };
  const [event] = await log.eventsBeginning(e164, before, 1);
  const isThere = event?.organization === organization && event.position === position;
  if (!isThere || (only ?? organization) !== organization) throw noSuchPage(PATH);
  return { organization, position };
};

/**
 * With one number, by organization: each holding has one event with which it began, and those that
 * were released no longer have a row.
 */
const withNumber = (e164: E164, only: string | undefined): Reader => ({
  most: LOOKED_UP,
  next: async (log, after) => {
    const place = after === undefined
      ? { organization: only ?? "", position: 0 }
      : await placeOfBeginning(log, e164, only, after);
    const events = await log.eventsBeginning(e164, place, READ);
    const looks: Look[] = [];
    for (const event of events) {
      if (only !== undefined && event.organization !== only) break;
      const fact = toFact(event);
      if (!isBeginning(fact)) continue;
      const row = { kind: numbers.kind, key: fact.data.holding };
      const { rows: [held] } = await log.load(event.organization, { rows: [row] });
      looks.push({
        organization: event.organization,
        holding: held === undefined ? null : holdingOf(held.data),
        place: ["begun", event.organization, event.position],
      });
    }
    return looks;
  },
});

const readerOf = ({ e164, organization }: AllNumbersOptions): Reader => {
  if (e164 !== undefined) return withNumber(e164, organization);
  return organization === undefined ? everyNumber : numbersOf(organization);
};

type Found = { readonly organization: string; readonly holding: Holding };

/** Their views, in their order: what they point to is read once for each organization. */
const viewsOf = Effect.fnUntraced(function* (found: readonly Found[]) {
  const groups = new Map<string, Found[]>();
  for (const one of found) {
    const group = groups.get(one.organization);
    if (group === undefined) groups.set(one.organization, [one]);
    else group.push(one);
  }
  const views = yield* Effect.forEach(
    groups,
    ([organization, group]) => viewsNow(organization, group.map(({ holding }) => holding)),
    { concurrency: READS_AT_ONCE },
  );
  const byId = new Map<string, NumberView>(views.flat().map((view) => [view.holding.id, view]));
  return found.flatMap(({ organization, holding: { id } }) => {
    const number = byId.get(id);
    return number === undefined ? [] : [{ organization, number }];
  });
});

/** A page of the numbers of all organizations that fit. */
export const listAllNumbers = Effect.fnUntraced(function* (
  { after, limit = PAGE, status, ...wanted }: AllNumbersOptions,
): Effect.fn.Return<AllNumbersPage, never, Ports> {
  const { log, clock } = yield* Ports;
  const reader = readerOf(wanted);
  const now = clock.now();
  const found: Found[] = [];
  let [cursor, looked] = [after, 0];
  for (;;) {
    const behind = cursor;
    const looks = yield* ask(() => reader.next(log, behind));
    for (const { organization, holding, place } of looks) {
      const fits = holding !== null &&
        (status === undefined || statusOf(holdingAt(holding, now)) === status);
      // One more than is shown tells whether there is another page.
      if (fits && found.length === limit) {
        return { numbers: yield* viewsOf(found), next: cursor ?? null };
      }
      if (fits) found.push({ organization, holding });
      cursor = cursorOf(place);
    }
    looked += looks.length;
    const isEnd = looks.length < READ;
    if (isEnd || looked >= reader.most) {
      return { numbers: yield* viewsOf(found), next: isEnd ? null : cursor ?? null };
    }
  }
});
