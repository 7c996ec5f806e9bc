/** What all organizations have: themselves, their tokens, their numbers; plans; and open work. */
import type { TokenView, WorkView } from "../../adapters/ledger/api/mod.ts";
import { workName } from "../../adapters/ledger/arguments/lists.ts";
import { unknownNumber } from "../../core/number/refusals.ts";
import { unknownOrganization } from "../../core/organization/refusals.ts";
import type { RecordedEvent } from "../../core/ports/mod.ts";
import { isoTime, isoTimeOrNull, SECOND_MS } from "../../core/values/calendar.ts";
import { ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { encodeNumber } from "../ledger/encode.ts";
import { mapInSlices } from "../slices.ts";
import { exactTime } from "../../core/values/calendar.ts";
import { encodeListedOrganization, encodeTerms, isSandbox } from "./encode.ts";
import { refused } from "./refusals.ts";
import { HistoryQuery, NumbersQuery, PageQuery, WorkQuery } from "./schemas.ts";

/**
 * 200 `{"organizations": [{"id", "name", "plan", "terms", "credits", "verification", "numbers",
 * "imports", "tokens", "openedAt"}], "next"}`, by id.
 */
const listOrganizations = async ({ ledger, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(PageQuery);
  if (!query.ok) return query;
  const { organizations, next } = await ledger.operator.organizations(query.value);
  return ok({
    status: 200,
    body: { organizations: organizations.map(encodeListedOrganization), next },
  });
};

const encodeToken = (token: TokenView) => ({
  id: token.id,
  email: token.email,
  name: token.name,
  sandbox: token.sandbox,
  scope: token.scope,
  issuedAt: isoTimeOrNull(token.issuedAt),
  expiresAt: token.expiresAt === null ? null : exactTime(token.expiresAt),
  lastUsedAt: isoTimeOrNull(token.lastUsedAt),
});

/**
 * 200 `{"tokens": [{"id", "email", "name", "sandbox", "scope", "issuedAt", "expiresAt",
 * "lastUsedAt"}], "next"}`, the oldest first.
 */
const listTokens = async ({ ledger, param, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(PageQuery);
  if (!query.ok) return query;
  const page = await ledger.operator.tokens(param("id"), query.value);
  if (page === null) return refused(unknownOrganization.error);
  return ok({ status: 200, body: { tokens: page.tokens.map(encodeToken), next: page.next } });
};

/** 200 `{"numbers": [{"organization", "sandbox", …}], "next"}`, otherwise as in `/ledger`. */
const listNumbers = async ({ ledger, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(NumbersQuery);
  if (!query.ok) return query;
  const { numbers, next } = await ledger.operator.numbers(query.value);
  const body = {
    numbers: numbers.map(({ organization, number }) => ({
      organization,
      sandbox: isSandbox(number.holding),
      ...encodeNumber(number),
    })),
    next,
  };
  return ok({ status: 200, body });
};

/** An event as the log holds it: the operator is shown a carrier's own words too. */
const encodeEvent = (event: RecordedEvent) => ({
  position: event.position,
  type: event.type,
  version: event.version,
  at: isoTime(event.at),
  actor: event.actor,
  data: event.data,
  hash: event.hash,
});

/** 200 `{"organization", "events": […], "next"}` of one number, the oldest first. */
const readHistory = async ({ ledger, param, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(HistoryQuery);
  if (!query.ok) return query;
  const history = await ledger.operator.history(param("id"), query.value);
  if (history === null) return refused(unknownNumber.error);
  const { organization, events, next } = history;
  const body = { organization, events: await mapInSlices(events, encodeEvent), next };
  return ok({ status: 200, body });
};

const seconds = (milliseconds: number): number => Math.floor(milliseconds / SECOND_MS);

const encodeWork = (item: WorkView) => ({
  organization: item.organization,
  automation: item.automation,
  kind: item.kind,
  id: item.id,
  due: isoTime(item.due),
  ageSeconds: seconds(item.age),
  stuck: item.isStuck,
  restsSeconds: item.restsFor === null ? null : Math.ceil(item.restsFor / SECOND_MS),
  reason: item.reason,
});

/**
 * 200 `{"work": [{"organization", "automation", "kind", "id", "due", "ageSeconds", "stuck",
 * "restsSeconds", "reason"}], "next"}`, the longest due first.
 */
const listWork = async ({ ledger, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(WorkQuery);
  if (!query.ok) return query;
  const { work, next } = await ledger.operator.work(query.value);
  return ok({ status: 200, body: { work: work.map(encodeWork), next } });
};

/** 200 `{"outcome", "reason"}` of an item that was tried now. */
const runWork = async ({ ledger, body }: Call): Promise<Outcome> => {
  const item = await body(workName);
  if (!item.ok) return item;
  const tried = await ledger.operator.runWork(item.value);
  if (!tried.ok) return refused(tried.error);
  // What stays open is tried again where this is repeated.
  return ok({ status: 200, body: tried.value, isPending: tried.value.outcome !== "done" });
};

/** 200 `{"released"}`; 202 while it goes on. */
const release = async ({ ledger, param }: Call): Promise<Outcome> => {
  const ended = await ledger.operator.release(param("id"));
  if (!ended.ok) return refused(ended.error);
  return ok({ status: ended.value.released ? 200 : 202, body: ended.value });
};

/**
 * 200 `{"plans": [{"name", "maxNumbers", "billing", "verification", "trialDays", "graceDays",
 * "trialNoticeDays", "renewalNoticeDays", "graceNoticeDays", "price", "markup", "limits"}]}`.
 */
const listPlans = ({ ledger }: Call): Promise<Outcome> => {
  const plans = Object.values(ledger.operator.plans()).map(encodeTerms);
  return Promise.resolve(ok({ status: 200, body: { plans } }));
};

export const inventoryRoutes: readonly Route[] = [
  { method: "GET", path: "/admin/organizations", handle: listOrganizations },
  { method: "GET", path: "/admin/organizations/:id/tokens", handle: listTokens },
  { method: "GET", path: "/admin/numbers", handle: listNumbers },
  { method: "GET", path: "/admin/numbers/:id/history", handle: readHistory },
  { method: "DELETE", path: "/admin/numbers/:id", handle: release },
  { method: "GET", path: "/admin/work", handle: listWork },
  { method: "POST", path: "/admin/work/run", handle: runWork },
  { method: "GET", path: "/admin/plans", handle: listPlans },
];
