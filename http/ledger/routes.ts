import type { Caller, Ledger } from "../../adapters/ledger/api/mod.ts";
import { failed, ok } from "../../core/values/result.ts";
import { unknownNumber } from "../../core/number/refusals.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { invalidProblem } from "../errors.ts";
import { encoded, listed } from "../list-body.ts";
import { mapInSlices } from "../slices.ts";
import { encodeEvent, encodeNumber, encodeWhole } from "./encode.ts";
import { refused } from "./refusals.ts";
import { ChangeBody, HistoryQuery, ListQuery } from "./schemas.ts";

const noSuchNumber = refused(unknownNumber.error);

/**
 * 200 `{"numbers": […]}`, the oldest first; with `asOf` as they were at that time, the last where
 * it is repeated.
 */
const listNumbers = async ({ ledger, caller, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(ListQuery, { lastCounts: ["asOf"] });
  if (!query.ok) return query;
  const { asOf } = query.value;
  if (asOf !== undefined && asOf > ledger.now()) {
    return failed(invalidProblem({ asOf: ["must not be in the future"] }));
  }
  const pages = encoded(ledger.numberPages(caller, {}, { asOf }), encodeNumber);
  return listed('{"numbers":[', pages, () => "]}");
};

/** 200 with one number, its template and SMS campaign too. */
const readNumber = async ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const view = await ledger.numbers.get(caller, param("id"));
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
 * A number that is held has a row; only for one that was released is the log read from its
 * beginning.
 */
const hasHistory = async (ledger: Ledger, caller: Caller, id: string): Promise<boolean> =>
  await ledger.numbers.get(caller, id) !== null ||
  (await ledger.numbers.history(caller, id, { limit: 1 })).length > 0;

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
  const isKnown = found.length > 0 || (after > 0 && await hasHistory(ledger, caller, id));
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

/** What only this API can answer: past states and histories; and what only it can change. */
export const routes: readonly Route[] = [
  { method: "GET", path: "/ledger/numbers", readsAll: true, handle: listNumbers },
  { method: "GET", path: "/ledger/numbers/:id", handle: readNumber },
  { method: "PATCH", path: "/ledger/numbers/:id", handle: changeNumber },
  { method: "DELETE", path: "/ledger/numbers/:id", handle: release },
  { method: "GET", path: "/ledger/numbers/:id/history", readsAll: true, handle: readHistory },
];
