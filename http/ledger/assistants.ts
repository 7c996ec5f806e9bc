/** The calls about the numbers that an assistant has. */
import type { NumberView } from "../../core/number/view.ts";
import { ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { encoded, listed } from "../list-body.ts";
import { mapInSlices } from "../slices.ts";
import { encodeNumber } from "./encode.ts";
import { refused } from "./refusals.ts";
import { AssignmentBody, CallingBody } from "./schemas.ts";

/** 200 `{"numbers": […]}`: all that the assistant has, the oldest first. */
const listAssigned = ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const pages = encoded(ledger.numberPages(caller, { assistant: param("id") }), encodeNumber);
  return Promise.resolve(listed('{"numbers":[', pages, () => "]}"));
};

const answered = async (numbers: readonly NumberView[]): Promise<Outcome> =>
  ok({ status: 200, body: { numbers: await mapInSlices(numbers, encodeNumber) } });

/**
 * 200 `{"numbers": […]}`: the assistant then has these numbers, and no others; with a `direction`
 * all of them serve in it. One number that is refused refuses all.
 */
const assign = async ({ ledger, caller, param, body }: Call): Promise<Outcome> => {
  const input = await body(AssignmentBody);
  if (!input.ok) return input;
  const { numbers: ids, direction } = input.value;
  if (direction === undefined) {
    const assigned = await ledger.assign(caller, param("id"), ids);
    return assigned.ok ? await answered(assigned.value) : refused(assigned.error);
  }
  const set = await ledger.setCalling(caller, param("id"), { direction, ids });
  return set.ok ? await answered(set.value.numbers) : refused(set.error);
};

/** 200 `{"numbers": […]}`: all that the assistant has, which then serve in this direction. */
const direct = async ({ ledger, caller, param, body }: Call): Promise<Outcome> => {
  const input = await body(CallingBody);
  if (!input.ok) return input;
  const set = await ledger.setCalling(caller, param("id"), input.value);
  return set.ok ? await answered(set.value.numbers) : refused(set.error);
};

const PATH = "/ledger/assistants/:id/numbers";

export const assistantRoutes: readonly Route[] = [
  { method: "GET", path: PATH, readsAll: true, handle: listAssigned },
  { method: "PUT", path: PATH, handle: assign },
  { method: "PATCH", path: PATH, handle: direct },
];
