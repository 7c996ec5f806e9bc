/** The calls about release requests, which the operator approves or rejects. */
import { unknownRequest } from "../../core/number/decisions/release.ts";
import { ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { encodeReleaseRequest } from "./encode-requests.ts";
import { refused } from "./refusals.ts";
import { ReleaseRequestBody, ReleaseRequestsQuery } from "./schemas.ts";

const PATH = "/ledger/release-requests";

/** As many requests as one answer has. */
const MOST = 100;

/** 201 with the request; `Location` names it. */
const request = async ({ ledger, caller, body, repeatable }: Call): Promise<Outcome> => {
  const input = await body(ReleaseRequestBody);
  if (!input.ok) return input;
  const { number: holding, reason } = input.value;
  const made = await ledger.releaseRequests.request(caller, { holding, reason }, repeatable);
  if (!made.ok) return refused(made.error);
  return ok({
    status: 201,
    body: encodeReleaseRequest(made.value),
    headers: { location: `${PATH}/${made.value.id}` },
  });
};

/**
 * 200 `{"releaseRequests": […], "next"}`, the newest first; `next` is what to ask for `after`, null
 * on the last page. Others of the status may come after a page that is short, or empty.
 */
const list = async ({ ledger, caller, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(ReleaseRequestsQuery);
  if (!query.ok) return query;
  const { limit = MOST } = query.value;
  const { requests, next } = await ledger.releaseRequests.page(caller, { ...query.value, limit });
  return ok({ status: 200, body: { releaseRequests: requests.map(encodeReleaseRequest), next } });
};

/** 200 with one request. */
const read = async ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const found = await ledger.releaseRequests.get(caller, param("id"));
  return found === null
    ? refused(unknownRequest.error)
    : ok({ status: 200, body: encodeReleaseRequest(found) });
};

/** 200 with the request, which is cancelled; the number stays. */
const cancel = async ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const cancelled = await ledger.releaseRequests.cancel(caller, param("id"));
  return cancelled.ok
    ? ok({ status: 200, body: encodeReleaseRequest(cancelled.value) })
    : refused(cancelled.error);
};

export const releaseRequestRoutes: readonly Route[] = [
  { method: "POST", path: PATH, handle: request },
  { method: "GET", path: PATH, readsAll: true, handle: list },
  { method: "GET", path: `${PATH}/:id`, handle: read },
  { method: "DELETE", path: `${PATH}/:id`, handle: cancel },
];
