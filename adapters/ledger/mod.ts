/** The ledger: the one entry point through which programs and the HTTP layer use the domain. */
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Fiber from "effect/Fiber";
import * as Scope from "effect/Scope";
import type { CarrierName } from "../../core/ports/carrier.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import type { Carrier } from "../../core/ports/mod.ts";
import type { Ledger, Operator } from "./api/mod.ts";
import { purchase } from "./calls/purchases.ts";
import { endsWithin } from "./engine/time-limit.ts";
import { checked } from "./arguments/checked.ts";
import { Closed } from "./engine/errors.ts";
import { type Crew, makeCrew } from "./automations/crew.ts";
import { openClosing } from "./engine/close-signal.ts";
import { listCredits } from "./calls/credits.ts";
import { execute } from "./engine/execute.ts";
import { makeExclusive } from "./engine/keyed-mutex.ts";
import { follow, followAll } from "./feed/follow.ts";
import {
  assign,
  cancelRelease,
  changeNumber,
  draftVerification,
  getVerification,
  importNumber,
  listReleaseRequests,
  release,
  removeImport,
  requestRelease,
  setCalling,
  submitVerification,
} from "./calls/numbers.ts";
import { openGoneViews } from "./engine/released-number-cache.ts";
import { listHeads } from "./calls/heads.ts";
import { installationId, renewInstallation } from "./engine/installation.ts";
import { openFollowers } from "./feed/wake-up.ts";
import { listAllReleaseRequests, listVerifications } from "./calls/lists.ts";
import { look } from "./automations/order-lookup.ts";
import * as operator from "./calls/operator.ts";
import type { LedgerOptions } from "./api/options.ts";
import { reconcileNow } from "./automations/reconciliation/mod.ts";
import { listReports } from "./automations/reconciliation/reports.ts";
import { makeAssignments } from "./engine/assignment-turns.ts";
import { openRequirementsCache, type RequirementsCache } from "./engine/requirements-cache.ts";
import { openSearchCache } from "./engine/search-cache.ts";
import { search } from "./calls/searches.ts";
import { Paces } from "./engine/paces.ts";
import { ask, Ports } from "./engine/services.ts";
import {
  getEligibility,
  getLimits,
  getNumber,
  getOrganization,
  historySeen,
  listNumbers,
  listNumbersAsOf,
  listSipConnections,
  ready,
} from "./calls/views.ts";
import { advance, runDue, WORKER, workForEver } from "./automations/worker.ts";
import { type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { ok } from "../../core/values/result.ts";

export type * from "./api/mod.ts";
export { type Mark } from "./api/feed.ts";
export { ForkedLog } from "./feed/cursor.ts";
export type { Cursor, FollowAllOptions, Followed, FollowOptions } from "./api/feed.ts";
export { Busy, Closed } from "./engine/errors.ts";
export type { LedgerOptions } from "./api/options.ts";

/** Where all of a ledger runs. */
export type RunOptions = {
  /** Services of Effect (a clock to wait by, a tracer); Effect's own if none. */
  readonly services?: Context.Context<never>;
  /** What is known of carriers' requirements, where ledgers follow one another. */
  readonly requirements?: RequirementsCache;
};

/** Calls `report` with errors; one that throws must not end automatic work. */
const reporter =
  (report: NonNullable<LedgerOptions["report"]>): Ports["Service"]["report"] => (what, error) => {
    if (error instanceof Unavailable) return;
    try {
      report(what, error);
    } catch {
      // There is nobody else to notify.
    }
  };

const portsOf = (options: LedgerOptions & RunOptions): Ports["Service"] => {
  const { carrier, sandbox } = options;
  const carriers = new Map<CarrierName, Carrier>([[carrier.name, carrier]]);
  if (sandbox !== undefined) carriers.set("sandbox", sandbox);
  return {
    log: options.log,
    carriers,
    carrier: carrier.name,
    payments: options.payments,
    notifier: options.notifier ?? null,
    clock: options.clock,
    ids: options.ids,
    plans: options.plans ?? DEFAULT_PLANS,
    orphans: options.orphans ?? { kind: "report" },
    reconcilesDaily: options.reconcilesDaily ?? true,
    known: { installation: null },
    openedAt: options.clock.now(),
    scheduled: new Set(),
    waitMs: options.waitMs ?? 2_000,
    recoveryMs: options.recoveryMs ?? 1_000,
    leaseMs: options.leaseMs ?? 60_000,
    lanes: makeExclusive(),
    places: new Map(),
    assignments: makeAssignments(),
    gone: openGoneViews(),
    closing: openClosing(),
    paces: Context.get(options.services ?? Context.empty(), Paces),
    searches: openSearchCache({
      log: options.log,
      clock: options.clock,
      keptMs: options.searchCacheMs ?? 5_000,
    }),
    requirements: options.requirements ?? openRequirementsCache(),
    items: makeExclusive(),
    pursued: new Map(),
    report: reporter(options.report ?? (() => {})),
  };
};

type Perform = <Value>(effect: Effect.Effect<Value, never, Ports>) => Promise<Value>;

const operatorOf = (
  run: Perform,
  ports: Ports["Service"],
  crew: Crew,
  { setClock }: LedgerOptions,
): Operator => {
  const { clock } = ports;
  return {
    open: (id, input) => run(operator.open(id, input)),
    organization: (id) => run(getOrganization(id)),
    issueToken: (id, input) => run(operator.issueToken(id, input)),
    revokeToken: (token) => run(operator.revokeToken(token)),
    addCredits: (id, input, options = {}) => run(operator.addCredits(id, input, options)),
    nameAssistant: (organization, input) =>
      run(Effect.map(
        execute({ organization, actor: OPERATOR, command: { type: "NameAssistant", ...input } }),
        (done) => done.ok ? ok({ id: input.assistant, name: input.name }) : done,
      )),
    installSipConnection: (organization, input) =>
      run(Effect.map(
        execute({
          organization,
          actor: OPERATOR,
          command: { type: "InstallSipConnection", ...input },
        }),
        (done) => done.ok ? ok(input) : done,
      )),
    registerConnection: (id, input) => run(operator.registerConnection(id, input)),
    removeConnection: (id, connection) => run(operator.removeConnection(id, connection)),
    connections: (id) => run(operator.listConnections(id)),
    setRequirementGroup: (id, input) => run(operator.setRequirementGroup(id, input)),
    requirementGroups: (id) => run(operator.listRequirementGroups(id)),
    review: (id, review) => run(operator.review(id, review)),
    resolveReleaseRequest: (id, resolution) => run(operator.resolve(id, resolution)),
    heads: (page = {}) => run(listHeads(page)),
    verifications: (list = {}) => run(listVerifications(list)),
    releaseRequests: (list = {}) => run(listAllReleaseRequests(list)),
    installation: () => run(installationId),
    renewInstallation: () => run(renewInstallation),
    advanceClock: (milliseconds) =>
      setClock === undefined
        ? Promise.resolve(null)
        : run(ports.items.inTurn(WORKER, advance(crew, setClock, milliseconds))),
    confirmClock: () => run(Effect.sync(() => clock.confirm?.() ?? clock.now())),
  };
};

/** So many reports are listed when nobody says how many. */
const REPORTS = 20;

const callsOf = (run: Perform, scope: Scope.Scope) => ({
  authenticate: (token) => run(operator.authenticate(token)),
  organization: (caller) => run(getOrganization(caller.organization)),
  limits: (caller) => run(getLimits(caller.organization)),
  eligibility: (caller) => run(getEligibility(caller)),
  search: (caller, filters, options) => run(search(caller, filters, options)),
  purchase: (caller, input, options = {}) => run(purchase(scope, caller, input, options)),
  import: (caller, input, options = {}) => run(importNumber(caller, input, options)),
  route: (caller, holding, input) =>
    run(changeNumber(caller, { type: "ChangeRouting", holding, ...input })),
  change: (caller, holding, input) =>
    run(changeNumber(caller, { type: "ChangeNumber", holding, ...input })),
  assign: (caller, assistant, ids) => run(assign(caller, assistant, ids)),
  setCalling: (caller, assistant, input) => run(setCalling(caller, assistant, input)),
  release: (caller, id) => run(release(scope, caller, id)),
  removeImport: (caller, id) => run(removeImport(caller, id)),
  sipConnections: (caller) => run(listSipConnections(caller.organization)),
  setAutoRenewal: (caller, holding, on) =>
    run(changeNumber(caller, { type: "SetAutoRenewal", holding, on })),
  assignSmsCampaign: (caller, holding, campaign) =>
    run(changeNumber(caller, { type: "AssignSmsCampaign", holding, campaign })),
  numbers: {
    list: (caller, { asOf } = {}) =>
      run(asOf === undefined ? listNumbers(caller) : listNumbersAsOf(caller, asOf)),
    get: (caller, id) => run(getNumber(caller, id)),
    history: (caller, id, options = {}) => run(historySeen(caller, id, options)),
  },
  releaseRequests: {
    list: (caller) => run(listReleaseRequests(caller)),
    request: (caller, input, options = {}) => run(requestRelease(scope, caller, input, options)),
    cancel: (caller, id) => run(cancelRelease(caller, id)),
  },
  verification: {
    get: (caller) => run(getVerification(caller)),
    draft: (caller, content) => run(draftVerification(caller, content)),
    submit: (caller, content) => run(submitVerification(caller, content)),
  },
  credits: { entries: (caller, page = {}) => run(listCredits(caller, page)) },
  reconciliation: {
    run: ({ carrier } = {}) => run(reconcileNow(scope, carrier)),
    list: ({ before = null, limit = REPORTS } = {}) => run(listReports(before, limit)),
  },
} satisfies Partial<Ledger>);

/**
 * So long what is under way may take when the ledger is closed, and then the log: a carrier or a
 * database may never answer. What is cut off goes on at the next start, as after a crash.
 */
const FINISH_MS: Milliseconds = 15 * SECOND_MS;
const UNFINISHED = `It did not end within ${FINISH_MS / SECOND_MS} s, and is left as it is.`;

/**
 * Opens a ledger over these adapters and starts its automations. Close it to finish what is under
 * way, which it waits for no longer than a bound; the log is closed with it.
 */
export const openLedger = (options: LedgerOptions & RunOptions): Ledger => {
  const ports = portsOf(options);
  const scope = Scope.makeUnsafe();
  let closed: Promise<void> | null = null;
  const services = Context.add(options.services ?? Context.empty(), Ports, ports);
  const perform = Effect.runPromiseWith(services);
  const underWay = new Set<Promise<unknown>>();
  const run: Perform = (effect) => {
    if (closed !== null) return Promise.reject(new Closed());
    const call = perform(effect);
    underWay.add(call);
    const settled = (): void => void underWay.delete(call);
    call.then(settled, settled);
    return call;
  };
  const fork = Effect.runForkWith(services);
  const crew = makeCrew(fork);
  const worker = options.worksByItself === false ? null : fork(workForEver(crew));
  const finish = Effect.gen(function* () {
    if (worker !== null) yield* Fiber.interrupt(worker);
    yield* crew.close;
    yield* Scope.close(scope, Exit.void);
    // They wait for nothing any more, but have yet to read what they answer.
    yield* ask(() => Promise.allSettled(underWay));
  });
  const close = async (): Promise<void> => {
    const finished = await endsWithin(FINISH_MS, perform(finish));
    if (!finished) ports.report("closing the ledger", new Error(UNFINISHED));
    const isClosed = await endsWithin(FINISH_MS, ports.log.close());
    if (!isClosed) ports.report("closing the log", new Error(UNFINISHED));
  };
  const followers = openFollowers();
  const closeOnce = (): Promise<void> => {
    followers.end();
    ports.closing.close();
    ports.searches.close();
    return closed ??= close();
  };
  return checked({
    ...callsOf(run, scope),
    follow: (organization, wish) => follow(ports.log, organization, wish, followers),
    followAll: (wish) => followAll(ports.log, wish, followers),
    operator: operatorOf(run, ports, crew, options),
    work: {
      run: () => run(Effect.map(ports.items.inTurn(WORKER, runDue(crew)), ({ done }) => done)),
      look: (orderKey) => run(look(scope, orderKey)),
    },
    doubt: () => ports.clock.doubt?.() ?? null,
    now: () => ports.clock.now(),
    ready: () => run(ready),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  });
};
