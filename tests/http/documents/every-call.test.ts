/** Each call of a ledger is also one of `/ledger` or of the operator, but for those named here. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { ALICE } from "../../harness/specification.ts";
import { ok } from "../../../core/values/result.ts";
import type { Call, Route } from "../../../http/dialect.ts";
import { APIS } from "../../../http/openapi/apis.ts";
import { operationKey } from "../../../http/openapi/document.ts";
import { openTestApp } from "../../support/app.ts";

/** Calls without a route of their own, and what a client does instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  route: "PATCH /ledger/numbers/{id} changes a number",
  setAutoRenewal: "PATCH /ledger/numbers/{id} changes a number",
  assignSmsCampaign: "PATCH /ledger/numbers/{id} changes a number",
  "events.follow": "GET /ledger/events is a stream where one is asked for",
  "webhooks.enable": "PATCH /ledger/webhooks/{id} enables",
  "webhooks.disable": "PATCH /ledger/webhooks/{id} disables",
  "numbers.page": "GET /ledger/numbers has pages by a cursor; Talkover's are by their place",
  "releaseRequests.list": "GET /ledger/release-requests has pages",
  "work.run": "a server works unasked; POST /admin/work/run does one item",
  "work.look": "GET /admin/work",
  "operator.installation": "of a copied database: a server's own start, and the command line",
  "operator.renewInstallation": "of a copied database: the command line",
  authenticate: "each request is authenticated",
  limits: "each request is counted",
  doubt: "GET /healthz",
  ready: "GET /readyz",
  now: "every answer with a time",
  follow: "programs that hold the ledger",
  followAll: "programs that hold the ledger",
  close: "the server that opened it",
};

const stop = new Error("the rest of the call is not needed");

/** The ledger, whose calls are noted and not made; what is said of the present is said. */
const noting = (target: object, made: Set<string>, before = ""): object =>
  new Proxy(target, {
    get: (all, member) => {
      const name = before + String(member);
      const found: unknown = Reflect.get(all, member);
      if (typeof found !== "function") return noting(found as object, made, `${name}.`);
      if (name === "now") return found;
      return () => {
        made.add(name);
        throw stop;
      };
    },
  });

/** Has a route handle a request with this query, and the body that its document has. */
const handled = async (route: Route, ledger: object, query: unknown, body: unknown) => {
  const read = (schema: v.GenericSchema, given: unknown) =>
    Promise.resolve(ok(v.parse(schema, given)));
  const call = {
    ledger,
    caller: { organization: "acme", actor: ALICE },
    language: "en",
    headers: new Headers(),
    param: () => "+14155550101",
    repeatable: {},
    countSearch: () => Promise.resolve(ok(null)),
    body: (schema: v.GenericSchema) => read(schema, body),
    optionalBody: (schema: v.GenericSchema) => read(schema, body ?? {}),
    checkedQuery: (schema: v.GenericSchema) => {
      const fit = v.safeParse(schema, query);
      return ok(fit.success ? fit.output : v.parse(schema, {}));
    },
  };
  try {
    await route.handle(call as unknown as Call);
  } catch (error) {
    if (error !== stop) throw error;
  }
};

test("each call of a ledger has a route, or a reason why it does without", async () => {
  const { ledger, close } = openTestApp();
  const all = Object.entries(ledger).flatMap(([name, member]) =>
    typeof member === "function" ? [name] : Object.keys(member).map((call) => `${name}.${call}`)
  );
  const made = new Set<string>();
  const noted = noting(ledger, made);
  for (const { routes, operations } of [APIS.ledger, APIS.admin]) {
    for (const route of routes) {
      const body = operations[operationKey(route)]?.bodyExample;
      for (const query of [{}, { limit: "5" }]) await handled(route, noted, query, body);
    }
  }
  const missing = all.filter((call) => !made.has(call));
  assert.deepEqual(missing.toSorted(), Object.keys(ELSEWHERE).toSorted());
  await close();
});
