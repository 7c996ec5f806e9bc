/** Talkover's calls (http/README.md, Talkover). */
import { isoTime } from "../../core/values/calendar.ts";
import type { ReleaseRequest } from "../../core/number/release-requests.ts";
import type { NumberView } from "../../core/number/view.ts";
import { NO_MONEY, toDollars } from "../../core/values/money.ts";
import { ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { encoded, listed } from "../list-body.ts";
import { mapInSlices } from "../slices.ts";
import { callingRoutes } from "./calling.ts";
import { didRoutes } from "./dids.ts";
import { encodeNumber, encodeReleaseRequest } from "./encode.ts";
import { filterOf, metaOf, pageOf, placeOf } from "./filter.ts";
import { sentence } from "./messages.ts";
import { refused } from "./refusals.ts";
import { ListQuerySchema, PageQuerySchema, ReleaseRequestSchema } from "./schemas.ts";

const list = async ({ ledger, caller, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(ListQuerySchema);
  if (!query.ok) return query;
  const filter = filterOf(query.value);
  const place = placeOf(query.value);
  const [environment, page] = await Promise.all([
    ledger.organization(caller),
    place && ledger.numbers.page(caller, { skip: place.skip, limit: place.limit, filter }),
  ]);
  const now = ledger.now();
  const encode = (view: NumberView) => encodeNumber(view, environment, now);
  if (place === null || page === null) {
    const pages = encoded(ledger.numberPages(caller, filter), encode);
    return listed('{"success":true,"data":[', pages, () => "]}");
  }
  const { numbers, total } = page;
  const data = await mapInSlices(numbers, encode);
  return ok({ status: 200, body: { success: true, data, meta: metaOf(place, total) } });
};

const request = async (call: Call): Promise<Outcome> => {
  const { ledger, caller, language, repeatable } = call;
  const input = await call.body(ReleaseRequestSchema);
  if (!input.ok) return input;
  const requested = await ledger.releaseRequests.request(
    caller,
    { holding: call.param("id"), reason: input.value.reason },
    repeatable,
  );
  if (!requested.ok) return refused(requested.error, language);
  return ok({
    status: 201,
    body: { success: true, data: encodeReleaseRequest(requested.value) },
  });
};

/** How many release requests are answered, the newest first, when no page is asked for. */
const MAX_UNPAGED = 500;
/** How many all pages have together: a page says how many that are, so they are read for each. */
const MAX_PAGED = 10_000;
const AT_ONCE = 100;

/** The newest release requests. */
const newest = async (
  { ledger, caller }: Call,
  most: number,
): Promise<readonly ReleaseRequest[]> => {
  const found: ReleaseRequest[] = [];
  for (let after: string | null | undefined; after !== null && found.length < most;) {
    const limit = Math.min(AT_ONCE, most - found.length);
    const { requests, next } = await ledger.releaseRequests.page(caller, { after, limit });
    found.push(...requests);
    after = next;
  }
  return found;
};

/** 200 with the newest release requests first; with `meta` where a page of them is asked for. */
const listRequests = async (call: Call): Promise<Outcome> => {
  const query = call.checkedQuery(PageQuerySchema);
  if (!query.ok) return query;
  const most = placeOf(query.value) === null ? MAX_UNPAGED : MAX_PAGED;
  const { rows, meta } = pageOf(await newest(call, most), query.value);
  const data = await mapInSlices(rows, encodeReleaseRequest);
  return ok({
    status: 200,
    body: { success: true, data, ...(meta === undefined ? {} : { meta }) },
  });
};

const cancel = async ({ ledger, caller, language, param }: Call): Promise<Outcome> => {
  const cancelled = await ledger.releaseRequests.cancel(caller, param("id"));
  if (!cancelled.ok) return refused(cancelled.error, language);
  const message = sentence("RELEASE_REQUEST_CANCELLED", language);
  return ok({ status: 200, body: { success: true, message } });
};

/**
 * 200 with the remaining prepaid credits, a JSON number of dollars; they are not topped up
 * automatically.
 */
const balance = async ({ ledger, caller }: Call): Promise<Outcome> => {
  const environment = await ledger.organization(caller);
  const credits = environment?.credits ?? NO_MONEY;
  return ok({
    status: 200,
    body: {
      success: true,
      data: {
        balance: toDollars(credits),
        currency: credits.currency,
        auto_topup_enabled: false,
        as_of: isoTime(ledger.now()),
      },
    },
  });
};

const BASE = "/api/v1/phone-numbers";

export const routes: readonly Route[] = [
  { method: "GET", path: BASE, readsAll: true, handle: list },
  { method: "GET", path: `${BASE}/release-requests`, readsAll: true, handle: listRequests },
  { method: "DELETE", path: `${BASE}/release-requests/:id`, handle: cancel },
  { method: "POST", path: `${BASE}/:id/request-release`, handle: request },
  { method: "GET", path: "/api/v1/credits/balance", handle: balance },
  ...callingRoutes,
  ...didRoutes,
];
