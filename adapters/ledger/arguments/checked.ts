import {
  type ArgumentInvalid,
  InvalidArgument,
  readArguments,
  type Schemas,
} from "../../validation/argument.ts";
import type { Result } from "../../../core/values/result.ts";
import type { Ledger, Operator } from "../api/mod.ts";
import * as given from "./mod.ts";
import { headsPage, releaseRequestList, verificationList } from "./lists.ts";
import * as search from "./search.ts";

/** The call, which answers wrong arguments with a refusal. */
const refusing = <Given extends readonly unknown[], Value, Failure>(
  schemas: Schemas,
  call: (...values: Given) => Promise<Result<Value, Failure>>,
) =>
(...values: Given): Promise<Result<Value, Failure | ArgumentInvalid>> => {
  const read = readArguments(schemas, values);
  return read.ok ? call(...read.value) : Promise.resolve(read);
};

/** The call, which rejects wrong arguments with an `InvalidArgument`: it has no refusals. */
const rejecting = <Given extends readonly unknown[], Value>(
  schemas: Schemas,
  call: (...values: Given) => Promise<Value>,
) =>
(...values: Given): Promise<Value> => {
  const read = readArguments(schemas, values);
  return read.ok ? call(...read.value) : Promise.reject(new InvalidArgument(read.error));
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

const checkedOperator = (operator: Operator): Operator => {
  const { id, options } = given;
  return {
    open: refusing({ id, input: given.organization }, operator.open),
    organization: rejecting({ id }, operator.organization),
    issueToken: refusing({ organization: id, input: given.user }, operator.issueToken),
    revokeToken: refusing({ token: id }, operator.revokeToken),
    addCredits: refusing({ organization: id, input: given.credits, options }, operator.addCredits),
    nameAssistant: refusing({ organization: id, input: given.assistant }, operator.nameAssistant),
    installSipConnection: refusing(
      { organization: id, input: given.sipConnection },
      operator.installSipConnection,
    ),
    registerConnection: refusing(
      { organization: id, input: given.connection },
      operator.registerConnection,
    ),
    removeConnection: refusing({ organization: id, connection: id }, operator.removeConnection),
    connections: rejecting({ organization: id }, operator.connections),
    setRequirementGroup: refusing(
      { organization: id, input: given.requirementGroup },
      operator.setRequirementGroup,
    ),
    requirementGroups: rejecting({ organization: id }, operator.requirementGroups),
    review: refusing({ verification: id, review: given.review }, operator.review),
    resolveReleaseRequest: refusing(
      { request: id, resolution: given.resolution },
      operator.resolveReleaseRequest,
    ),
    heads: rejecting({ page: headsPage }, operator.heads),
    verifications: rejecting({ list: verificationList }, operator.verifications),
    releaseRequests: rejecting({ list: releaseRequestList }, operator.releaseRequests),
    installation: operator.installation,
    renewInstallation: operator.renewInstallation,
    advanceClock: rejecting({ milliseconds: given.milliseconds }, operator.advanceClock),
    confirmClock: operator.confirmClock,
  };
};

/**
 * The ledger, whose calls look at their arguments before they do anything: where one does not fit,
 * those that can be refused are, with its path; the others fail with an `InvalidArgument`.
 */
export const checked = (ledger: Ledger): Ledger => {
  const { caller, id, options } = given;
  const { credits, numbers, releaseRequests, verification, reconciliation, work } = ledger;
  return {
    ...ledger,
    authenticate: rejecting({ token: given.token }, ledger.authenticate),
    organization: rejecting({ caller }, ledger.organization),
    limits: rejecting({ caller }, ledger.limits),
    eligibility: rejecting({ caller }, ledger.eligibility),
    search: refusing(
      { caller, filters: search.filters, options: search.searchOptions },
      ledger.search,
    ),
    purchase: refusing({ caller, input: given.purchase, options }, ledger.purchase),
    import: refusing({ caller, input: given.imported, options }, ledger.import),
    route: refusing({ caller, id, input: given.route }, ledger.route),
    assign: refusing({ caller, assistant: id, ids: given.ids }, ledger.assign),
    change: refusing({ caller, id, input: given.change }, ledger.change),
    setCalling: refusing(
      { caller, assistant: id, input: given.calling },
      ledger.setCalling,
    ),
    release: refusing({ caller, id }, ledger.release),
    removeImport: refusing({ caller, id }, ledger.removeImport),
    sipConnections: rejecting({ caller }, ledger.sipConnections),
    setAutoRenewal: refusing({ caller, id, on: given.on }, ledger.setAutoRenewal),
    assignSmsCampaign: refusing(
      { caller, id, campaign: given.campaign },
      ledger.assignSmsCampaign,
    ),
    numbers: {
      list: rejecting({ caller, options: given.asOf }, numbers.list),
      get: rejecting({ caller, id }, numbers.get),
      history: rejecting({ caller, id, options: given.history }, numbers.history),
    },
    releaseRequests: {
      list: rejecting({ caller }, releaseRequests.list),
      request: refusing(
        { caller, input: given.releaseRequest, options },
        releaseRequests.request,
      ),
      cancel: refusing({ caller, id }, releaseRequests.cancel),
    },
    verification: {
      get: rejecting({ caller }, verification.get),
      draft: refusing({ caller, content: given.draft }, verification.draft),
      submit: refusing({ caller, content: given.submission }, verification.submit),
    },
    credits: { entries: rejecting({ caller, page: given.page }, credits.entries) },
    reconciliation: {
      run: refusing({ input: given.reconciliation }, reconciliation.run),
      list: rejecting({ page: given.page }, reconciliation.list),
    },
    follow: throwing({ organization: id, options: given.follow }, ledger.follow),
    followAll: throwing({ options: given.followAll }, ledger.followAll),
    operator: checkedOperator(ledger.operator),
    work: { ...work, look: rejecting({ orderKey: id }, work.look) },
  };
};
