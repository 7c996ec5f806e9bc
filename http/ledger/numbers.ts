/** The calls about numbers that there are: lists, one number, its past, its changes, its end. */
import type { Caller, Ledger, NumberFilter } from "../../adapters/ledger/api/mod.ts";
import { noSuchPage } from "../../adapters/validation/argument.ts";
import type { NumberView } from "../../core/number/view.ts";
import { unknownNumber } from "../../core/number/refusals.ts";
import type { Holding } from "../../core/number/state.ts";
import type { Instant } from "../../core/values/calendar.ts";
import { failed, ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { invalidProblem } from "../errors.ts";
import { encoded, listed } from "../list-body.ts";
import { mapInSlices } from "../slices.ts";
import { encodeEvent, encodeNumber, encodeWhole } from "./encode.ts";
import { refused } from "./refusals.ts";
import { ChangeBody, HistoryQuery, ListQuery, WhenQuery } from "./schemas.ts";

const noSuchNumber = refused(unknownNumber.error);

const inFuture = failed(invalidProblem({ asOf: ["must not be in the future"] }));

/** A number's place in lists. */
type Place = Pick<Holding, "createdAt" | "id">;

/** Which numbers are asked for, and as of when. */
type Asked = {
  readonly asOf?: Instant | undefined;
  readonly filter: NumberFilter;
  readonly status?: NumberView["status"] | undefined;
};

const hasStatus = ({ status }: Asked, view: NumberView): boolean =>
  status === undefined || view.status === status;

/**
 * The place of a number that is held, or was: it began with its first event. One that is held has a
 * row; only for one that was released is the log read.
 */
const placeOf = async (ledger: Ledger, caller: Caller, id: string): Promise<Place | null> => {
  const view = await ledger.numbers.get(caller, id);
  if (view !== null) return view.holding;
  const [first] = await ledger.numbers.history(caller, id, { limit: 1 });
  return first === undefined ? null : { id, createdAt: first.at };
};

/** As many numbers as are read for one page, of which few may have the status. */
const LOOKED_AT = 2_000;
const AT_ONCE = 100;

/**
 * A page of a list, after a place: at most so many, and where the next page begins. Of numbers by
 * their status, which no index has, so many are looked at, and the next page goes on.
 */
const pageOf = async (
  { ledger, caller }: Pick<Call, "ledger" | "caller">,
  asked: Asked,
  begin: Place | undefined,
  limit: number,
) => {
  const { asOf, filter, status } = asked;
  // One more than is shown tells whether there is another page.
  const count = status === undefined ? limit + 1 : AT_ONCE;
  const found: NumberView[] = [];
  let [after, looked] = [begin, 0];
  while (looked < LOOKED_AT) {
    const views = await ledger.numbers.list(caller, { asOf, filter, after, limit: count });
    for (const view of views) {
      if (found.length === limit) return { found, next: after?.id ?? null };
      after = view.holding;
      if (hasStatus(asked, view)) found.push(view);
    }
    if (views.length < count) return { found, next: null };
    looked += views.length;
  }
  return { found, next: after?.id ?? null };
};

async function* those(pages: AsyncIterable<readonly NumberView[]>, asked: Asked) {
  for await (const page of pages) yield page.filter((view) => hasStatus(asked, view));
}

/**
 * 200 `{"numbers": […], "next"}`, the oldest first; with `asOf` as they were at that time, the last
 * where it is repeated. All of them, unless a page is asked for (`after`, `limit`).
 */
const listNumbers = async (call: Call): Promise<Outcome> => {
  const { ledger, caller } = call;
  const query = call.checkedQuery(ListQuery, { lastCounts: ["asOf"] });
  if (!query.ok) return query;
  const { asOf, after, limit, status, ...filter } = query.value;
  if (asOf !== undefined && asOf > ledger.now()) return inFuture;
  const asked: Asked = { asOf, filter, status };
  if (after === undefined && limit === undefined) {
    const pages = those(ledger.numberPages(caller, filter, { asOf }), asked);
    return listed('{"numbers":[', encoded(pages, encodeNumber), () => '],"next":null}');
  }
  const place = after === undefined ? undefined : await placeOf(ledger, caller, after);
  if (place === null) throw noSuchPage("after");
  const { found, next } = await pageOf(call, asked, place, limit ?? AT_ONCE);
  return ok({ status: 200, body: { numbers: found.map(encodeNumber), next } });
};

/** 200 with one number, its template and SMS campaign too; with `asOf` as it was at that time. */
const readNumber = async ({ ledger, caller, param, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(WhenQuery, { lastCounts: ["asOf"] });
  if (!query.ok) return query;
  const { asOf } = query.value;
  if (asOf !== undefined && asOf > ledger.now()) return inFuture;
  const view = await ledger.numbers.get(caller, param("id"), { asOf });
  return view === null ? noSuchNumber : ok({ status: 200, body: encodeWhole(view) });
};

/**
 * 200 with the number after all that is given was changed; where one part is refused, nothing
 * changes.
 */
const changeNumber = async ({ ledger, caller, param, body }: Call): Promise<Outcome> => {
  const input = await body(ChangeBody);
  if (!input.ok) return input;
  const changed = await ledger.change(caller, param("id"), input.value);
  return changed.ok
    ? ok({ status: 200, body: encodeWhole(changed.value) })
    : refused(changed.error);
};

/**
 * 200 `{"events": […], "next"}` of one holding, the oldest first, also after its release; `next` is
 * what to ask for `after`, null on the last page.
 */
const readHistory = async ({ ledger, caller, param, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(HistoryQuery);
  if (!query.ok) return query;
  const { after, limit } = query.value;
  const id = param("id");
  // One more than is shown tells whether there is another page.
  const found = await ledger.numbers.history(caller, id, { after, limit: limit + 1 });
  const isKnown = found.length > 0 || (after > 0 && await placeOf(ledger, caller, id) !== null);
  if (!isKnown) return noSuchNumber;
  const events = found.slice(0, limit);
  const next = found.length > limit ? events[events.length - 1]?.position ?? null : null;
  return ok({ status: 200, body: { events: await mapInSlices(events, encodeEvent), next } });
};

/**
 * 200 `{"released": true}` once the number has been released, dismissed where it could not be
 * bought, or its purchase cancelled. 202 `{"released": false}` while the carrier has not answered;
 * the release then completes automatically.
 */
const release = async ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const result = await ledger.release(caller, param("id"));
  if (!result.ok) return refused(result.error);
  const { released } = result.value;
  return ok({ status: released ? 200 : 202, body: { released } });
};

export const numberRoutes: readonly Route[] = [
  { method: "GET", path: "/ledger/numbers", readsAll: true, handle: listNumbers },
  { method: "GET", path: "/ledger/numbers/:id", handle: readNumber },
  { method: "PATCH", path: "/ledger/numbers/:id", handle: changeNumber },
  { method: "DELETE", path: "/ledger/numbers/:id", handle: release },
  { method: "GET", path: "/ledger/numbers/:id/history", readsAll: true, handle: readHistory },
];
