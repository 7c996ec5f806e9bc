import { failed, ok } from "../../core/values/result.ts";
import type { Call, Failure, Outcome, Route } from "../dialect.ts";
import { mapInSlices } from "../slices.ts";
import { encodeEvent, encodeNumber } from "./encode.ts";
import { ListQuery } from "./schemas.ts";

const unknownNumber = failed<Failure>({
  status: 404,
  code: "NUMBER_UNKNOWN",
  message: "There is no such phone number.",
});

/** 200 `{"numbers": […]}`, the oldest first; with `asOf` as they were at that time. */
const listNumbers = async ({ ledger, caller, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(ListQuery);
  if (!query.ok) return query;
  const { asOf } = query.value;
  const numbers = await ledger.numbers.list(caller, asOf === undefined ? {} : { asOf });
  return ok({ status: 200, body: { numbers: await mapInSlices(numbers, encodeNumber) } });
};

/** 200 `{"events": […]}` of one holding, the oldest first, also after its release. */
const readHistory = async ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const events = await ledger.numbers.history(caller, param("id"));
  if (events.length === 0) return unknownNumber;
  return ok({ status: 200, body: { events: await mapInSlices(events, encodeEvent) } });
};

/** What only we can answer: how it was, and how it came to be. */
export const routes: readonly Route[] = [
  { method: "GET", path: "/ledger/numbers", readsAll: true, handle: listNumbers },
  { method: "GET", path: "/ledger/numbers/:id/history", readsAll: true, handle: readHistory },
];
