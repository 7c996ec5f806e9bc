/**
 * The ledger: the one entry point through which programs and the HTTP layer use the domain. Its
 * calls are effects (`open.ts`); here they become promises, and their refusals values.
 */
import * as Effect from "effect/Effect";
import type { LedgerEffects } from "./api/effects.ts";
import type { Ledger, Operator } from "./api/mod.ts";
import type { LedgerOptions } from "./api/options.ts";
import { toResult } from "./engine/refusals.ts";
import { openCalls, type RunOptions } from "./open.ts";

export type * from "./api/mod.ts";
export { type Mark } from "./api/feed.ts";
export { ForkedLog } from "./feed/cursor.ts";
export type { Cursor, FollowAllOptions, Followed, FollowOptions } from "./api/feed.ts";
export { Busy, Closed } from "./engine/errors.ts";
export type { LedgerOptions } from "./api/options.ts";

export { openCalls, type OpenedLedger, type RunOptions } from "./open.ts";
export type { Feed, LedgerEffects, Performed, Tagged } from "./api/effects.ts";

type Run = <Value>(effect: Effect.Effect<Value>) => Promise<Value>;

/** A call that is never refused, as a promise of its value. */
const valued =
  (run: Run) =>
  <Given extends readonly unknown[], Value>(call: (...given: Given) => Effect.Effect<Value>) =>
  (...given: Given): Promise<Value> => run(call(...given));

/** A call as a promise of its result: the one place where a refusal becomes a value. */
const answered =
  (run: Run) =>
  <Given extends readonly unknown[], Value, Refusal extends { readonly _tag: unknown }>(
    call: (...given: Given) => Effect.Effect<Value, Refusal>,
  ) =>
  (...given: Given) => run(toResult(call(...given)));

const operatorOf = (calls: LedgerEffects["operator"], run: Run): Operator => {
  const [value, answer] = [valued(run), answered(run)];
  return {
    open: answer(calls.open),
    organization: value(calls.organization),
    issueToken: answer(calls.issueToken),
    revokeToken: answer(calls.revokeToken),
    addCredits: answer(calls.addCredits),
    nameAssistant: answer(calls.nameAssistant),
    installSipConnection: answer(calls.installSipConnection),
    registerConnection: answer(calls.registerConnection),
    removeConnection: answer(calls.removeConnection),
    connections: value(calls.connections),
    setRequirementGroup: answer(calls.setRequirementGroup),
    requirementGroups: value(calls.requirementGroups),
    review: answer(calls.review),
    resolveReleaseRequest: answer(calls.resolveReleaseRequest),
    heads: value(calls.heads),
    verifications: value(calls.verifications),
    releaseRequests: value(calls.releaseRequests),
    installation: value(calls.installation),
    renewInstallation: value(calls.renewInstallation),
    advanceClock: value(calls.advanceClock),
    confirmClock: value(calls.confirmClock),
  };
};

/**
 * Opens a ledger over these adapters and starts its automations. Close it to finish what is under
 * way, which it waits for no longer than a bound; the log is closed with it.
 */
export const openLedger = (options: LedgerOptions & RunOptions): Ledger => {
  const { calls, feed, close } = openCalls(options);
  const run: Run = options.services === undefined
    ? Effect.runPromise
    : Effect.runPromiseWith(options.services);
  const [value, answer] = [valued(run), answered(run)];
  const { numbers, releaseRequests, verification, reconciliation } = calls;
  return {
    authenticate: value(calls.authenticate),
    organization: value(calls.organization),
    limits: value(calls.limits),
    eligibility: value(calls.eligibility),
    search: answer(calls.search),
    purchase: answer(calls.purchase),
    import: answer(calls.import),
    route: answer(calls.route),
    change: answer(calls.change),
    assign: answer(calls.assign),
    setCalling: answer(calls.setCalling),
    release: answer(calls.release),
    removeImport: answer(calls.removeImport),
    sipConnections: value(calls.sipConnections),
    setAutoRenewal: answer(calls.setAutoRenewal),
    assignSmsCampaign: answer(calls.assignSmsCampaign),
    numbers: {
      list: value(numbers.list),
      get: value(numbers.get),
      history: value(numbers.history),
    },
    releaseRequests: {
      list: value(releaseRequests.list),
      request: answer(releaseRequests.request),
      cancel: answer(releaseRequests.cancel),
    },
    verification: {
      get: value(verification.get),
      draft: answer(verification.draft),
      submit: answer(verification.submit),
    },
    credits: { entries: value(calls.credits.entries) },
    reconciliation: {
      run: answer(reconciliation.run),
      list: value(reconciliation.list),
    },
    operator: operatorOf(calls.operator, run),
    work: { run: value(calls.work.run), look: value(calls.work.look) },
    doubt: () => Effect.runSync(calls.doubt()),
    now: () => Effect.runSync(calls.now()),
    ready: value(calls.ready),
    follow: feed.follow,
    followAll: feed.followAll,
    close,
    [Symbol.asyncDispose]: close,
  };
};
