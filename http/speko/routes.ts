import { isoTime } from "../../core/values/calendar.ts";
import { InvalidArgument } from "../../adapters/validation/argument.ts";
import { NO_MONEY, toDollars } from "../../core/values/money.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import type { Call, Outcome, Reply, Route } from "../dialect.ts";
import { encoded, listed } from "../list-body.ts";
import { encodeNumber, encodeOffer, encodeSubmission, encodeVerification } from "./encode.ts";
import { encodeEntry } from "./encode-credits.ts";
import { failureOf, incomplete, invalid, NUMBER_NOT_FOUND, type Refusal } from "./failures.ts";
import { DraftSchema, lacking, SubmissionSchema } from "./kyb-schemas.ts";
import {
  AvailableSchema,
  CURSOR_RULE,
  ImportSchema,
  LedgerSchema,
  PurchaseSchema,
  RoutingSchema,
} from "./schemas.ts";

const BASE = "/v1/phone-numbers";

const done = (body: unknown, status: Reply["status"] = 200): Outcome => ok({ status, body });

/** What the ledger answered: its value as `encode` writes it, or its refusal. */
const answer = <Value>(
  result: Result<Value, Refusal>,
  encode: (value: Value) => unknown,
): Outcome => result.ok ? done(encode(result.value)) : failed(failureOf(result.error));

type Wishes = {
  readonly label?: string | null;
  readonly agentId?: string | null;
  readonly dispatchMetadataTemplate?: Readonly<Record<string, unknown>> | null;
};

/** Speko's names become ours; what is absent must stay so, since null would clear it. */
const inOurWords = <Body extends Wishes>(
  { agentId, dispatchMetadataTemplate, ...rest }: Body,
) => ({
  ...rest,
  ...(agentId === undefined ? {} : { assistant: agentId }),
  ...(dispatchMetadataTemplate === undefined ? {} : { template: dispatchMetadataTemplate }),
});

const list = ({ ledger, caller }: Call): Promise<Outcome> => {
  const pages = encoded(
    ledger.numberPages(caller),
    (view) => encodeNumber(view, caller.organization),
  );
  return Promise.resolve(listed("[", pages, () => "]"));
};

const available = async (call: Call): Promise<Outcome> => {
  const filters = call.checkedQuery(AvailableSchema, { lists: ["features"] });
  if (!filters.ok) return filters;
  if (filters.value.nearby === true && filters.value.areaCode === undefined) {
    return failed(invalid({ nearby: ["needs an areaCode"] }, call.language));
  }
  // A search is recorded, with its prices, and HEAD must change nothing.
  if (call.isHead) return done([]);
  const american = { country: "US", type: "local", ...filters.value } as const;
  const found = await call.ledger.search(call.caller, american, {
    mayGoOn: async () => (await call.countSearch()).ok,
  });
  if (!found.ok && found.error.code === "SEARCH_NOT_SUPPORTED") {
    const { filter, fault } = found.error;
    return failed(invalid({ [filter]: [fault] }, call.language));
  }
  return answer(found, ({ offers }) => offers.map(encodeOffer));
};

const purchase = async (call: Call): Promise<Outcome> => {
  const input = await call.body(PurchaseSchema);
  if (!input.ok) return input;
  const { ledger, caller } = call;
  const bought = await ledger.purchase(caller, inOurWords(input.value), call.repeatable);
  const outcome = await answer(bought, ({ number }) => encodeNumber(number, caller.organization));
  return outcome.ok && bought.ok
    ? ok({ ...outcome.value, isPending: bought.value.number.status === "purchasing" })
    : outcome;
};

const importNumber = async (call: Call): Promise<Outcome> => {
  const input = await call.body(ImportSchema);
  if (!input.ok) return input;
  const { ledger, caller } = call;
  const imported = await ledger.import(caller, inOurWords(input.value), call.repeatable);
  if (!imported.ok && imported.error.code === "SIP_CONNECTION_UNKNOWN") {
    const member = "sipTrunk" in input.value.via ? "sipTrunkId" : "sipConnectionInstallationId";
    return failed(
      invalid({ [member]: ["names no SIP connection that is installed"] }, call.language),
    );
  }
  return answer(imported, (view) => encodeNumber(view, caller.organization));
};

const verification = async ({ ledger, caller }: Call): Promise<Outcome> =>
  done(encodeVerification(await ledger.verification.get(caller), caller.organization));

const draft = async (call: Call): Promise<Outcome> => {
  const content = await call.body(DraftSchema);
  if (!content.ok) return content;
  const { ledger, caller } = call;
  const drafted = await ledger.verification.draft(caller, content.value);
  return answer(drafted, (submission) => encodeSubmission(submission, caller.organization));
};

const submit = async (call: Call): Promise<Outcome> => {
  const content = await call.body(SubmissionSchema);
  if (!content.ok) return content;
  const { ledger, caller } = call;
  const submitted = await ledger.verification.submit(caller, content.value);
  if (submitted.ok) return done(encodeSubmission(submitted.value, caller.organization));
  const { error } = submitted;
  return failed(
    error.code === "VERIFICATION_INCOMPLETE"
      ? incomplete(lacking(error, content.value))
      : failureOf(error),
  );
};

const get = async ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const view = await ledger.numbers.get(caller, param("id"));
  return view === null ? failed(NUMBER_NOT_FOUND) : done(encodeNumber(view, caller.organization));
};

const route = async (call: Call): Promise<Outcome> => {
  const changes = await call.body(RoutingSchema);
  if (!changes.ok) return changes;
  const { ledger, caller } = call;
  const routed = await ledger.route(caller, call.param("id"), inOurWords(changes.value));
  return answer(routed, (view) => encodeNumber(view, caller.organization));
};

const release = async ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const result = await ledger.release(caller, param("id"));
  if (!result.ok) return failed(failureOf(result.error));
  const { released } = result.value;
  return done({ released }, released ? 200 : 202);
};

/** 200 with the remaining prepaid credits, a JSON number of US dollars, and since when. */
const balance = async ({ ledger, caller }: Call): Promise<Outcome> => {
  const organization = await ledger.organization(caller);
  const credits = organization?.credits ?? NO_MONEY;
  return done({
    balanceUsd: toDollars(credits),
    currency: credits.currency,
    updatedAt: isoTime(organization?.creditedAt ?? ledger.now()),
  });
};

/** 200 with a page of the credits' movements, the latest first. */
const creditLedger = async (call: Call): Promise<Outcome> => {
  const query = call.checkedQuery(LedgerSchema);
  if (!query.ok) return query;
  const { cursor: before, limit } = query.value;
  try {
    const { entries, next } = await call.ledger.credits.entries(call.caller, { before, limit });
    return done({
      entries: entries.map(encodeEntry),
      nextCursor: next === null ? null : String(next),
    });
  } catch (error) {
    if (!(error instanceof InvalidArgument)) throw error;
    return failed(invalid({ cursor: [CURSOR_RULE] }, call.language));
  }
};

/** Every call of Speko's phone-number API; fixed paths come before the one with an id. */
export const routes: readonly Route[] = [
  { method: "GET", path: BASE, readsAll: true, handle: list },
  { method: "POST", path: BASE, handle: purchase },
  { method: "GET", path: `${BASE}/available`, searches: true, handle: available },
  { method: "POST", path: `${BASE}/import`, handle: importNumber },
  { method: "GET", path: `${BASE}/kyb`, handle: verification },
  { method: "PUT", path: `${BASE}/kyb/draft`, handle: draft },
  { method: "POST", path: `${BASE}/kyb/submit`, handle: submit },
  { method: "GET", path: `${BASE}/:id`, handle: get },
  { method: "PATCH", path: `${BASE}/:id`, handle: route },
  { method: "DELETE", path: `${BASE}/:id`, handle: release },
  { method: "GET", path: "/v1/credits/balance", handle: balance },
  { method: "GET", path: "/v1/credits/ledger", readsAll: true, handle: creditLedger },
];
