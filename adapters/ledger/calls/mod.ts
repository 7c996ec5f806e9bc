/** Every call of the ledger, by its name in `api`, as an effect that needs the ports. */
import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import type { Instant } from "../../../core/values/calendar.ts";
import type { LedgerEffects } from "../api/effects.ts";
import type { Crew } from "../automations/crew.ts";
import { look } from "../automations/order-lookup.ts";
import { reconcileNow } from "../automations/reconciliation/mod.ts";
import { listReports } from "../automations/reconciliation/reports.ts";
import { advance, runDue, WORKER } from "../automations/worker.ts";
import { installationId, renewInstallation } from "../engine/installation.ts";
import type { Ports } from "../engine/services.ts";
import { listCredits } from "./credits.ts";
import { listHeads } from "./heads.ts";
import { listAllReleaseRequests, listVerifications } from "./lists.ts";
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
} from "./numbers.ts";
import * as operator from "./operator.ts";
import { purchaseOnce } from "./purchases.ts";
import { search } from "./searches.ts";
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
} from "./views.ts";

/** What some calls use besides the ports. */
export type Surroundings = {
  /** Where work goes on that its caller no longer waits for; it ends with the ledger. */
  readonly background: Scope.Scope;
  /** Does the work of the automations. */
  readonly crew: Crew;
  /** Sets a test clock; undefined where the clock is real. */
  readonly setClock: ((at: Instant) => void) | undefined;
};

/** The calls before their arguments are checked; those that read a clock need nothing more. */
export type Calls =
  & Omit<LedgerEffects<Ports>, "doubt" | "now">
  & Pick<LedgerEffects, "doubt" | "now">;

const operatorOf = (
  { clock, items }: Ports["Service"],
  { crew, setClock }: Surroundings,
): Calls["operator"] => ({
  open: operator.open,
  organization: getOrganization,
  issueToken: operator.issueToken,
  revokeToken: operator.revokeToken,
  addCredits: (id, input, options = {}) => operator.addCredits(id, input, options),
  nameAssistant: operator.nameAssistant,
  installSipConnection: operator.installSipConnection,
  registerConnection: operator.registerConnection,
  removeConnection: operator.removeConnection,
  connections: operator.listConnections,
  setRequirementGroup: operator.setRequirementGroup,
  requirementGroups: operator.listRequirementGroups,
  review: operator.review,
  resolveReleaseRequest: operator.resolve,
  heads: (page = {}) => listHeads(page),
  verifications: (list = {}) => listVerifications(list),
  releaseRequests: (list = {}) => listAllReleaseRequests(list),
  installation: () => installationId,
  renewInstallation: () => renewInstallation,
  advanceClock: (milliseconds) =>
    setClock === undefined
      ? Effect.succeed(null)
      : items.inTurn(WORKER, advance(crew, setClock, milliseconds)),
  confirmClock: () => Effect.sync(() => clock.confirm?.() ?? clock.now()),
});

/** So many reports are listed when nobody says how many. */
const REPORTS = 20;

/** The calls over these ports. */
export const callsOf = (ports: Ports["Service"], surroundings: Surroundings): Calls => {
  const { clock, items } = ports;
  const { background, crew } = surroundings;
  return {
    authenticate: operator.authenticate,
    organization: (caller) => getOrganization(caller.organization),
    limits: (caller) => getLimits(caller.organization),
    eligibility: getEligibility,
    search,
    purchase: (caller, input, options = {}) => purchaseOnce(background, caller, input, options),
    import: (caller, input, options = {}) => importNumber(caller, input, options),
    route: (caller, holding, input) =>
      changeNumber(caller, { type: "ChangeRouting", holding, ...input }),
    change: (caller, holding, input) =>
      changeNumber(caller, { type: "ChangeNumber", holding, ...input }),
    assign,
    setCalling,
    release: (caller, id) => release(background, caller, id),
    removeImport,
    sipConnections: (caller) => listSipConnections(caller.organization),
    setAutoRenewal: (caller, holding, on) =>
      changeNumber(caller, { type: "SetAutoRenewal", holding, on }),
    assignSmsCampaign: (caller, holding, campaign) =>
      changeNumber(caller, { type: "AssignSmsCampaign", holding, campaign }),
    numbers: {
      list: (caller, { asOf } = {}) =>
        asOf === undefined ? listNumbers(caller) : listNumbersAsOf(caller, asOf),
      get: getNumber,
      history: (caller, id, options = {}) => historySeen(caller, id, options),
    },
    releaseRequests: {
      list: listReleaseRequests,
      request: (caller, input, options = {}) => requestRelease(background, caller, input, options),
      cancel: cancelRelease,
    },
    verification: {
      get: getVerification,
      draft: draftVerification,
      submit: submitVerification,
    },
    credits: { entries: (caller, page = {}) => listCredits(caller, page) },
    reconciliation: {
      run: ({ carrier } = {}) => reconcileNow(background, carrier),
      list: ({ before = null, limit = REPORTS } = {}) => listReports(before, limit),
    },
    operator: operatorOf(ports, surroundings),
    work: {
      run: () => Effect.map(items.inTurn(WORKER, runDue(crew)), ({ done }) => done),
      look: (orderKey) => look(background, orderKey),
    },
    doubt: () => Effect.sync(() => clock.doubt?.() ?? null),
    now: () => Effect.sync(() => clock.now()),
    ready: () => ready,
  };
};
