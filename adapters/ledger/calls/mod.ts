/**
 * Every call of the ledger, declared once by its name in `api`: the schemas of its arguments, and
 * what it does, as an effect that needs the ports. The effects and the promises follow from it. The
 * calls about numbers are declared in `number-calls.ts`.
 */
import * as Effect from "effect/Effect";
import * as v from "valibot";
import type * as Scope from "effect/Scope";
import { E164Schema } from "../../../core/values/e164.ts";
import { exactly, MomentSchema } from "../../validation/shapes.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import * as given from "../arguments/mod.ts";
import {
  allNumbers,
  headsPage,
  listPage,
  numberHistory,
  releaseRequestList,
  verificationList,
  workList,
  workName,
} from "../arguments/lists.ts";
import { filters, searchOptions } from "../arguments/search.ts";
import type { Crew } from "../automations/crew.ts";
import { lookUpOrder } from "../automations/order-lookup.ts";
import type { Rests } from "../automations/rests.ts";
import { reconcileNow } from "../automations/reconciliation/mod.ts";
import { listReports } from "../automations/reconciliation/reports.ts";
import { advance, type Beside, runDue, WORKER } from "../automations/worker.ts";
import { installationId, renewInstallation } from "../engine/installation.ts";
import type { Ports } from "../engine/services.ts";
import { caller, id, input, options, writer } from "./common-arguments.ts";
import { close } from "./closing.ts";
import { listAllNumbers } from "./all-numbers.ts";
import { listCredits } from "./credits.ts";
import { type CallTable, certain, immediate, refusable } from "./declaration.ts";
import { listHeads } from "./heads.ts";
import { listHolders } from "./holders.ts";
import { listOrganizations, listTokens, readHistory } from "./inventory.ts";
import { listAllReleaseRequests, listVerifications } from "./lists.ts";
import { numberCalls } from "./number-calls.ts";
import { draftVerification, getVerification, releaseAny, submitVerification } from "./numbers.ts";
import * as operator from "./operator.ts";
import { search } from "./searches.ts";
import { runWork } from "./work-item.ts";
import { listWork } from "./work-list.ts";
import { getEligibility, getLimits, getOrganization, ready } from "./views.ts";

/** What some calls use besides the ports. */
export type Surroundings = {
  /** Where work goes on that its caller no longer waits for; it ends with the ledger. */
  readonly background: Scope.Scope;
  /** Does the work of the automations. */
  readonly crew: Crew;
  /** What automatic work was tried, and is left alone for a while. */
  readonly rests: Rests;
  readonly beside: Beside;
  /** Sets a test clock; undefined where the clock is real. */
  readonly setClock: ((at: Instant) => void) | undefined;
};

const organization = ["organization", given.id] as const;

const at = v.optional(exactly({ at: v.optional(MomentSchema) }));

const operatorOf = (
  { clock, items, plans }: Ports["Service"],
  { background, crew, rests, beside, setClock }: Surroundings,
): CallTable["operator"] => ({
  open: refusable([id, input(given.organization)], operator.open),
  organization: certain([id], getOrganization),
  close: refusable([organization], (organization) => close(background, organization)),
  issueToken: refusable([organization, input(given.user), options], operator.issueToken),
  revokeToken: refusable([["token", given.id]], operator.revokeToken),
  addCredits: refusable([organization, input(given.credits), options], operator.addCredits),
  nameAssistant: refusable([organization, input(given.assistant)], operator.nameAssistant),
  installSipConnection: refusable(
    [organization, input(given.sipConnection)],
    operator.installSipConnection,
  ),
  registerConnection: refusable(
    [organization, input(given.connection)],
    operator.registerConnection,
  ),
  removeConnection: refusable([organization, ["connection", given.id]], operator.removeConnection),
  connections: certain([organization], operator.listConnections),
  setRequirementGroup: refusable(
    [organization, input(given.requirementGroup)],
    operator.setRequirementGroup,
  ),
  requirementGroups: certain([organization], operator.listRequirementGroups),
  review: refusable([["verification", given.id], ["review", given.review]], operator.review),
  resolveReleaseRequest: refusable(
    [["request", given.id], ["resolution", given.resolution]],
    operator.resolve,
  ),
  holders: certain(
    [["e164", E164Schema], ["options", at]],
    (e164, { at } = {}) => listHolders(e164, at),
  ),
  heads: certain([["page", headsPage]], (page = {}) => listHeads(page)),
  organizations: certain([["page", listPage]], (page = {}) => listOrganizations(page)),
  tokens: certain(
    [organization, ["page", listPage]],
    (organization, page = {}) => listTokens(organization, page),
  ),
  numbers: certain([["list", allNumbers]], (list = {}) => listAllNumbers(list)),
  release: refusable([["number", given.id]], (number) => releaseAny(background, number)),
  history: certain(
    [id, ["options", numberHistory]],
    (id, options = {}) => readHistory(id, options),
  ),
  work: certain([["list", workList]], (list = {}) => listWork(rests, list)),
  runWork: refusable([["item", workName]], (item) => runWork(background, rests, item)),
  plans: immediate(() => Effect.succeed(plans)),
  verifications: certain([["list", verificationList]], (list = {}) => listVerifications(list)),
  releaseRequests: certain(
    [["list", releaseRequestList]],
    (list = {}) => listAllReleaseRequests(list),
  ),
  installation: certain([], () => installationId),
  renewInstallation: certain([], () => renewInstallation),
  advanceClock: certain(
    [["milliseconds", given.milliseconds]],
    (milliseconds) =>
      setClock === undefined
        ? Effect.succeed(null)
        : items.inTurn(WORKER, advance(crew, beside, setClock, milliseconds)),
  ),
  confirmClock: certain([], () => Effect.sync(() => clock.confirm?.() ?? clock.now())),
});

/** So many reports are listed when nobody says how many. */
const REPORTS = 20;

/** The calls over these ports, by groups. */
const groupsOf = (
  ports: Ports["Service"],
  surroundings: Surroundings,
): Pick<
  CallTable,
  | "verification"
  | "credits"
  | "reconciliation"
  | "operator"
  | "work"
> => {
  const { background, crew } = surroundings;
  return {
    verification: {
      get: certain([caller], getVerification),
      draft: refusable([writer, ["content", given.draft]], draftVerification),
      submit: refusable([writer, ["content", given.submission]], submitVerification),
    },
    credits: {
      entries: certain(
        [caller, ["page", given.page]],
        (caller, page = {}) => listCredits(caller, page),
      ),
    },
    reconciliation: {
      run: refusable(
        [input(given.reconciliation)],
        ({ carrier } = {}) => reconcileNow(background, carrier),
      ),
      list: certain(
        [["page", given.page]],
        ({ before = null, limit = REPORTS } = {}) => listReports(before, limit),
      ),
    },
    operator: operatorOf(ports, surroundings),
    work: {
      run: certain(
        [],
        () => Effect.map(ports.items.inTurn(WORKER, runDue(crew)), ({ done }) => done),
      ),
      look: certain([["orderKey", given.id]], (orderKey) => lookUpOrder(background, orderKey)),
    },
  };
};

/** The calls over these ports. */
export const callsOf = (ports: Ports["Service"], surroundings: Surroundings): CallTable => {
  const { clock } = ports;
  const { background } = surroundings;
  return {
    ...groupsOf(ports, surroundings),
    ...numberCalls(background),
    authenticate: certain([["token", given.token]], operator.authenticate),
    organization: certain([caller], (caller) => getOrganization(caller.organization)),
    limits: certain([caller], (caller) => getLimits(caller.organization)),
    eligibility: certain([caller], getEligibility),
    search: refusable([caller, ["filters", filters], ["options", searchOptions]], search),
    doubt: immediate(() => Effect.sync(() => clock.doubt?.() ?? null)),
    now: immediate(() => Effect.sync(() => clock.now())),
    ready: certain([], () => ready),
  };
};
