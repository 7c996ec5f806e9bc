/** A tool does its part by the ledger's own calls: the rules, words and bounds are theirs. */
import type { PurchaseOptions } from "../../adapters/ledger/api/purchase.ts";
import { failed, ok } from "../../core/values/result.ts";
import { check } from "../call.ts";
import type { Call, Failure, Outcome, Route } from "../dialect.ts";
import { invalidProblem, TOKEN_READ_ONLY } from "../errors.ts";
import { routes } from "../ledger/routes.ts";
import { mayUse } from "../writing.ts";

/** What a call is given: its path's parameters, its query and its body. */
export type Given = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** A command's id, for one that must not be done twice. */
  readonly commandId?: string;
  /** Whether a purchase is made for this. */
  readonly accepts?: PurchaseOptions["accepts"];
};

const ROUTES: ReadonlyMap<string, Route> = new Map(
  routes.map((route) => [`${route.method} ${route.path}`, route]),
);

const missing = failed<Failure>(invalidProblem({ body: ["is required"] }));

/** Does another call of the ledger's API on behalf of this one's caller. */
export const within = async (call: Call, name: string, given: Given): Promise<Outcome> => {
  const route = ROUTES.get(name);
  if (route === undefined) throw new Error(`there is no call ${name}`);
  if (!mayUse(call.caller, route)) return failed(TOKEN_READ_ONLY);
  const { params = {}, query = {}, body, commandId, accepts } = given;
  const counted = route.searches === true ? await call.countSearch() : ok(null);
  if (!counted.ok) return counted;
  const handle = (): Promise<Outcome> =>
    route.handle({
      ...call,
      repeatable: commandId === undefined ? {} : { commandId, accepts },
      param: (part) => params[part] ?? "",
      body: async (schema) =>
        body === undefined ? missing : check(schema, body, "body", invalidProblem),
      optionalBody: async (schema) => check(schema, body ?? {}, "body", invalidProblem),
      checkedQuery: (schema) => check(schema, query, "query", invalidProblem),
    });
  return await (route.readsAll === true ? call.takeTurn(handle) : handle());
};

/** The body that a call answered; the failure where it failed. */
export const bodyOf = (outcome: Outcome) =>
  outcome.ok ? ok(outcome.value.body as Readonly<Record<string, unknown>>) : outcome;
