import * as Effect from "effect/Effect";
import {
  type ArgumentInvalid,
  InvalidArgument,
  readArguments,
  type Schemas,
} from "../../validation/argument.ts";
import type { Feed, LedgerEffects, Tagged } from "../api/effects.ts";
import type { Calls } from "../calls/mod.ts";
import { refuse } from "../engine/refusals.ts";
import type { Ports } from "../engine/services.ts";
import * as given from "./mod.ts";
import { headsPage, releaseRequestList, verificationList } from "./lists.ts";
import * as search from "./search.ts";

/** What a call goes through once its arguments fit. */
type Enter = <Value, Failure>(
  call: Effect.Effect<Value, Failure, Ports>,
) => Effect.Effect<Value, Failure>;

type Call<Given extends readonly unknown[], Value, Failure, Needs = never> = (
  ...values: Given
) => Effect.Effect<Value, Failure, Needs>;

/** The call, which is refused where an argument does not fit. */
const refusing = (enter: Enter) =>
<Given extends readonly unknown[], Value, Failure>(
  schemas: Schemas,
  call: Call<Given, Value, Failure, Ports>,
): Call<Given, Value, Failure | Tagged<ArgumentInvalid>> =>
(...values) => {
  const read = readArguments(schemas, values);
  return read.ok ? enter(call(...read.value)) : refuse(read.error);
};

/** The call, which dies with an `InvalidArgument` where one does not fit: it has no refusals. */
const dying = (enter: Enter) =>
<Given extends readonly unknown[], Value>(
  schemas: Schemas,
  call: Call<Given, Value, never, Ports>,
): Call<Given, Value, never> =>
(...values) => {
  const read = readArguments(schemas, values);
  return read.ok ? enter(call(...read.value)) : Effect.die(new InvalidArgument(read.error));
};

/** The call, which throws synchronously on wrong arguments: its result is not awaited. */
const throwing = <Given extends readonly unknown[], Value>(
  schemas: Schemas,
  call: (...values: Given) => Value,
) =>
(...values: Given): Value => {
  const read = readArguments(schemas, values);
  if (!read.ok) throw new InvalidArgument(read.error);
  return call(...read.value);
};

const checkedOperator = (
  operator: Calls["operator"],
  enter: Enter,
): LedgerEffects["operator"] => {
  const { id, options } = given;
  const [refused, died] = [refusing(enter), dying(enter)];
  return {
    open: refused({ id, input: given.organization }, operator.open),
    organization: died({ id }, operator.organization),
    issueToken: refused({ organization: id, input: given.user }, operator.issueToken),
    revokeToken: refused({ token: id }, operator.revokeToken),
    addCredits: refused({ organization: id, input: given.credits, options }, operator.addCredits),
    nameAssistant: refused({ organization: id, input: given.assistant }, operator.nameAssistant),
    installSipConnection: refused(
      { organization: id, input: given.sipConnection },
      operator.installSipConnection,
    ),
    registerConnection: refused(
      { organization: id, input: given.connection },
      operator.registerConnection,
    ),
    removeConnection: refused({ organization: id, connection: id }, operator.removeConnection),
    connections: died({ organization: id }, operator.connections),
    setRequirementGroup: refused(
      { organization: id, input: given.requirementGroup },
      operator.setRequirementGroup,
    ),
    requirementGroups: died({ organization: id }, operator.requirementGroups),
    review: refused({ verification: id, review: given.review }, operator.review),
    resolveReleaseRequest: refused(
      { request: id, resolution: given.resolution },
      operator.resolveReleaseRequest,
    ),
    heads: died({ page: headsPage }, operator.heads),
    verifications: died({ list: verificationList }, operator.verifications),
    releaseRequests: died({ list: releaseRequestList }, operator.releaseRequests),
    installation: died({}, operator.installation),
    renewInstallation: died({}, operator.renewInstallation),
    advanceClock: died({ milliseconds: given.milliseconds }, operator.advanceClock),
    confirmClock: died({}, operator.confirmClock),
  };
};

/**
 * The calls, which look at their arguments before they do anything: where one does not fit, those
 * that can be refused are, with its path; the others die with an `InvalidArgument`. The rest of
 * each goes through `enter`.
 */
export const checkedCalls = (ledger: Calls, enter: Enter): LedgerEffects => {
  const { caller, id, options } = given;
  const [refused, died] = [refusing(enter), dying(enter)];
  const { credits, numbers, releaseRequests, verification, reconciliation, work } = ledger;
  return {
    authenticate: died({ token: given.token }, ledger.authenticate),
    organization: died({ caller }, ledger.organization),
    limits: died({ caller }, ledger.limits),
    eligibility: died({ caller }, ledger.eligibility),
    search: refused(
      { caller, filters: search.filters, options: search.searchOptions },
      ledger.search,
    ),
    purchase: refused({ caller, input: given.purchase, options }, ledger.purchase),
    import: refused({ caller, input: given.imported, options }, ledger.import),
    route: refused({ caller, id, input: given.route }, ledger.route),
    assign: refused({ caller, assistant: id, ids: given.ids }, ledger.assign),
    change: refused({ caller, id, input: given.change }, ledger.change),
    setCalling: refused(
      { caller, assistant: id, input: given.calling },
      ledger.setCalling,
    ),
    release: refused({ caller, id }, ledger.release),
    removeImport: refused({ caller, id }, ledger.removeImport),
    sipConnections: died({ caller }, ledger.sipConnections),
    setAutoRenewal: refused({ caller, id, on: given.on }, ledger.setAutoRenewal),
    assignSmsCampaign: refused(
      { caller, id, campaign: given.campaign },
      ledger.assignSmsCampaign,
    ),
    numbers: {
      list: died({ caller, options: given.asOf }, numbers.list),
      get: died({ caller, id }, numbers.get),
      history: died({ caller, id, options: given.history }, numbers.history),
    },
    releaseRequests: {
      list: died({ caller }, releaseRequests.list),
      request: refused(
        { caller, input: given.releaseRequest, options },
        releaseRequests.request,
      ),
      cancel: refused({ caller, id }, releaseRequests.cancel),
    },
    verification: {
      get: died({ caller }, verification.get),
      draft: refused({ caller, content: given.draft }, verification.draft),
      submit: refused({ caller, content: given.submission }, verification.submit),
    },
    credits: { entries: died({ caller, page: given.page }, credits.entries) },
    reconciliation: {
      run: refused({ input: given.reconciliation }, reconciliation.run),
      list: died({ page: given.page }, reconciliation.list),
    },
    operator: checkedOperator(ledger.operator, enter),
    work: { run: died({}, work.run), look: died({ orderKey: id }, work.look) },
    ready: died({}, ledger.ready),
    // They read a clock, and can be asked of a closed ledger as well.
    doubt: ledger.doubt,
    now: ledger.now,
  };
};

/** The calls that follow the log, which throw an `InvalidArgument` where an argument does not fit. */
export const checkedFeed = ({ follow, followAll }: Feed): Feed => ({
  follow: throwing({ organization: given.id, options: given.follow }, follow),
  followAll: throwing({ options: given.followAll }, followAll),
});
