import type { Result } from "../../core/values/result.ts";
import { failed, ok } from "../../core/values/result.ts";
import { isId } from "../../core/values/identity.ts";
import type { Call, Outcome, Reply, Route } from "../dialect.ts";
import { encodeNumber, encodeOffer, encodeSubmission, encodeVerification } from "./encode.ts";
import { failureOf, NUMBER_NOT_FOUND, type Refusal } from "./failures.ts";
import { DraftSchema, SubmissionSchema } from "./kyb-schemas.ts";
import { AvailableSchema, ImportSchema, PurchaseSchema, RoutingSchema } from "./schemas.ts";

const BASE = "/v1/phone-numbers";

const done = (body: unknown, status: Reply["status"] = 200): Outcome => ok({ status, body });

/** What the ledger answered: its value as `encode` writes it, or its refusal. */
const answer = <Value>(
  result: Result<Value, Refusal>,
  encode: (value: Value) => unknown,
): Outcome => result.ok ? done(encode(result.value)) : failed(failureOf(result.error));

const repeatable = ({ commandId }: Call) => commandId === undefined ? {} : { commandId };

// No record has a malformed id, and a database may not even take it for a key.
const idOf = (call: Call): string | null => {
  const id = call.param("id");
  return isId(id) ? id : null;
};

const list = async ({ ledger, caller }: Call): Promise<Outcome> => {
  const views = await ledger.numbers.list(caller);
  return done(views.map((view) => encodeNumber(view, caller.organization)));
};

const available = async (call: Call): Promise<Outcome> => {
  const filters = call.checkedQuery(AvailableSchema);
  if (!filters.ok) return filters;
  const found = await call.ledger.search(call.caller, filters.value);
  return answer(found, ({ offers }) => offers.map(encodeOffer));
};

const purchase = async (call: Call): Promise<Outcome> => {
  const input = await call.body(PurchaseSchema);
  if (!input.ok) return input;
  const { ledger, caller } = call;
  const bought = await ledger.purchase(caller, input.value, repeatable(call));
  return answer(bought, ({ number }) => encodeNumber(number, caller.organization));
};

const importNumber = async (call: Call): Promise<Outcome> => {
  const input = await call.body(ImportSchema);
  if (!input.ok) return input;
  const { ledger, caller } = call;
  const imported = await ledger.import(caller, input.value, repeatable(call));
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
  return answer(submitted, (submission) => encodeSubmission(submission, caller.organization));
};

const get = async (call: Call): Promise<Outcome> => {
  const { ledger, caller } = call;
  const id = idOf(call);
  const view = id === null ? null : await ledger.numbers.get(caller, id);
  return view === null ? failed(NUMBER_NOT_FOUND) : done(encodeNumber(view, caller.organization));
};

const route = async (call: Call): Promise<Outcome> => {
  const { ledger, caller } = call;
  const id = idOf(call);
  if (id === null) return failed(NUMBER_NOT_FOUND);
  const changes = await call.body(RoutingSchema);
  if (!changes.ok) return changes;
  const routed = await ledger.route(caller, id, changes.value);
  return answer(routed, (view) => encodeNumber(view, caller.organization));
};

const release = async (call: Call): Promise<Outcome> => {
  const id = idOf(call);
  if (id === null) return failed(NUMBER_NOT_FOUND);
  const result = await call.ledger.release(call.caller, id);
  if (!result.ok) return failed(failureOf(result.error));
  const { released } = result.value;
  return done({ released }, released ? 200 : 202);
};

/** Every call of Speko's phone-number API; fixed paths stand before the one with an id. */
export const routes: readonly Route[] = [
  { method: "GET", path: BASE, handle: list },
  { method: "POST", path: BASE, handle: purchase },
  { method: "GET", path: `${BASE}/available`, handle: available },
  { method: "POST", path: `${BASE}/import`, handle: importNumber },
  { method: "GET", path: `${BASE}/kyb`, handle: verification },
  { method: "PUT", path: `${BASE}/kyb/draft`, handle: draft },
  { method: "POST", path: `${BASE}/kyb/submit`, handle: submit },
  { method: "GET", path: `${BASE}/:id`, handle: get },
  { method: "PATCH", path: `${BASE}/:id`, handle: route },
  { method: "DELETE", path: `${BASE}/:id`, handle: release },
];
