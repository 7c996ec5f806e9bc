import { unknownOrganization as neverOpened } from "../../core/organization/refusals.ts";
import { failed, ok } from "../../core/values/result.ts";
import { isoTime, SECOND_MS } from "../../core/values/calendar.ts";
import { formatMoney } from "../../core/values/money.ts";
import type { Call, Failure, Outcome, Route } from "../dialect.ts";
import { encodeSubmission } from "../speko/encode.ts";
import { encodeReleaseRequest } from "../talkover/encode.ts";
import { encodeOrganization, encodeReconciliation, encodeRequirementGroup } from "./encode.ts";
import { inventoryRoutes } from "./inventory.ts";
import { listRoutes } from "./lists.ts";
import { refused, unreconciled } from "./refusals.ts";
import {
  AdvanceBody,
  AssistantBody,
  ConnectionBody,
  CreditsBody,
  HeadsQuery,
  OrganizationBody,
  ReasonBody,
  ReconciliationBody,
  ReconciliationsQuery,
  RequirementGroupBody,
  SipConnectionBody,
  TokenBody,
} from "./schemas.ts";

const ORGANIZATION = "/admin/organizations/:id";

const unknownOrganization = refused(neverOpened.error);

const noTestClock = failed<Failure>({
  status: 409,
  code: "NO_TEST_CLOCK",
  message: "The server was started without a test clock (TEST_CLOCK), so time cannot be moved.",
});

const openOrganization = async ({ ledger, param, body }: Call): Promise<Outcome> => {
  const input = await body(OrganizationBody);
  if (!input.ok) return input;
  const opened = await ledger.operator.open(param("id"), input.value);
  if (!opened.ok) return refused(opened.error);
  return ok({ status: 200, body: encodeOrganization(opened.value) });
};

const readOrganization = async ({ ledger, param }: Call): Promise<Outcome> => {
  const organization = await ledger.operator.organization(param("id"));
  if (organization === null) return unknownOrganization;
  return ok({ status: 200, body: encodeOrganization(organization) });
};

/** 200 with how many `numbers` and `tokens` are left; 202 while there are any. */
const closeOrganization = async ({ ledger, param }: Call): Promise<Outcome> => {
  const closed = await ledger.operator.close(param("id"));
  if (!closed.ok) return refused(closed.error);
  const { organization, numbers } = closed.value;
  const { tokens } = organization;
  const body = { ...encodeOrganization(organization), numbers, tokens };
  // A repeat says how many are left by then, under the same key too.
  return ok(
    numbers + tokens === 0 ? { status: 200, body } : { status: 202, body, isPending: true },
  );
};

const issueToken = async ({ ledger, param, body, repeatable }: Call): Promise<Outcome> => {
  const input = await body(TokenBody);
  if (!input.ok) return input;
  const issued = await ledger.operator.issueToken(param("id"), input.value, repeatable);
  if (!issued.ok) return refused(issued.error);
  const { id, token } = issued.value;
  return ok({ status: 201, body: { id, token }, kept: { id, token: null } });
};

const revokeToken = async ({ ledger, param }: Call): Promise<Outcome> => {
  const revoked = await ledger.operator.revokeToken(param("id"));
  return revoked.ok ? ok({ status: 204, body: null }) : refused(revoked.error);
};

const addCredits = async ({ ledger, param, body, repeatable }: Call): Promise<Outcome> => {
  const input = await body(CreditsBody);
  if (!input.ok) return input;
  const added = await ledger.operator.addCredits(param("id"), input.value, repeatable);
  if (!added.ok) return refused(added.error);
  return ok({ status: 200, body: { credits: formatMoney(added.value.credits) } });
};

const nameAssistant = async ({ ledger, param, body }: Call): Promise<Outcome> => {
  const input = await body(AssistantBody);
  if (!input.ok) return input;
  const assistant = param("assistantId");
  const named = await ledger.operator.nameAssistant(param("id"), { assistant, ...input.value });
  if (!named.ok) return refused(named.error, "assistantId");
  const { id, name } = named.value;
  return ok({ status: 200, body: { id, name } });
};

const installSipConnection = async ({ ledger, param, body }: Call): Promise<Outcome> => {
  const input = await body(SipConnectionBody);
  if (!input.ok) return input;
  const installed = await ledger.operator.installSipConnection(param("id"), {
    installation: param("installationId"),
    providerName: input.value.providerName,
    trunk: input.value.trunkId,
    ready: input.value.ready,
  });
  if (!installed.ok) return refused(installed.error, "installationId");
  const { installation: id, providerName, trunk: trunkId, ready } = installed.value;
  return ok({ status: 200, body: { id, providerName, trunkId, ready } });
};

const registerConnection = async ({ ledger, param, body }: Call): Promise<Outcome> => {
  const input = await body(ConnectionBody);
  if (!input.ok) return input;
  const connection = param("connectionId");
  const registered = await ledger.operator.registerConnection(param("id"), {
    connection,
    ...input.value,
  });
  if (!registered.ok) return refused(registered.error, "connectionId");
  const { id, label } = registered.value;
  return ok({ status: 200, body: { id, label } });
};

const removeConnection = async ({ ledger, param }: Call): Promise<Outcome> => {
  const removed = await ledger.operator.removeConnection(param("id"), param("connectionId"));
  return removed.ok ? ok({ status: 204, body: null }) : refused(removed.error);
};

/** 200 `{"connections": [{"id", "label"}]}`, by id. */
const listConnections = async ({ ledger, param }: Call): Promise<Outcome> => {
  const connections = await ledger.operator.connections(param("id"));
  if (connections === null) return unknownOrganization;
  return ok({
    status: 200,
    body: { connections: connections.map(({ id, label }) => ({ id, label })) },
  });
};

/** 200 `{"country", "type", "requirementGroupId"}`, which is null where it was removed. */
const setRequirementGroup = async ({ ledger, param, body }: Call): Promise<Outcome> => {
  const input = await body(RequirementGroupBody);
  if (!input.ok) return input;
  const { requirementGroupId: group, ...kind } = input.value;
  const set = await ledger.operator.setRequirementGroup(param("id"), { ...kind, group });
  return set.ok
    ? ok({ status: 200, body: encodeRequirementGroup(set.value) })
    : refused(set.error, "requirementGroupId");
};

/** 200 `{"requirements": [{"country", "type", "requirementGroupId"}]}`, by country and type. */
const listRequirementGroups = async ({ ledger, param }: Call): Promise<Outcome> => {
  const groups = await ledger.operator.requirementGroups(param("id"));
  if (groups === null) return unknownOrganization;
  return ok({ status: 200, body: { requirements: groups.map(encodeRequirementGroup) } });
};

type Review = Parameters<Call["ledger"]["operator"]["review"]>[1];

const sendReview = async ({ ledger, param }: Call, review: Review): Promise<Outcome> => {
  const reviewed = await ledger.operator.review(param("id"), review);
  if (!reviewed.ok) return refused(reviewed.error);
  const { submission, organization } = reviewed.value;
  return ok({ status: 200, body: encodeSubmission(submission, organization) });
};

const reviewWithReason = (kind: "reject" | "revoke") => async (call: Call): Promise<Outcome> => {
  const input = await call.body(ReasonBody);
  return input.ok ? sendReview(call, { kind, reason: input.value.reason }) : input;
};

type Resolution = Parameters<Call["ledger"]["operator"]["resolveReleaseRequest"]>[1];

const sendResolution = async (
  { ledger, param }: Call,
  resolution: Resolution,
): Promise<Outcome> => {
  const resolved = await ledger.operator.resolveReleaseRequest(param("id"), resolution);
  if (!resolved.ok) return refused(resolved.error);
  return ok({ status: 200, body: encodeReleaseRequest(resolved.value) });
};

const rejectRelease = async (call: Call): Promise<Outcome> => {
  const input = await call.body(ReasonBody);
  return input.ok ? sendResolution(call, { kind: "reject", reason: input.value.reason }) : input;
};

const advanceClock = async ({ ledger, body }: Call): Promise<Outcome> => {
  const input = await body(AdvanceBody);
  if (!input.ok) return input;
  const now = await ledger.operator.advanceClock(input.value.seconds * SECOND_MS);
  return now === null ? noTestClock : ok({ status: 200, body: { now: isoTime(now) } });
};

/** 200 `{"now"}`: the machine's clock is trusted again, also where it was doubted. */
const confirmClock = async ({ ledger }: Call): Promise<Outcome> => {
  const now = await ledger.operator.confirmClock();
  return ok({ status: 200, body: { now: isoTime(now) } });
};

const reconcile = async ({ ledger, optionalBody }: Call): Promise<Outcome> => {
  const input = await optionalBody(ReconciliationBody);
  if (!input.ok) return input;
  const report = await ledger.reconciliation.run(input.value);
  if (!report.ok) return unreconciled(report.error);
  return ok({ status: 200, body: encodeReconciliation(report.value) });
};

/** 200 `{"reconciliations": […], "next"}`, the latest first. */
const listReconciliations = async ({ ledger, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(ReconciliationsQuery);
  if (!query.ok) return query;
  const { reports, next } = await ledger.reconciliation.list(query.value);
  return ok({ status: 200, body: { reconciliations: reports.map(encodeReconciliation), next } });
};

/** 200 `{"heads": [{"organization", "position", "hash"}], "next"}`, by organization. */
const listHeads = async ({ ledger, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(HeadsQuery);
  if (!query.ok) return query;
  return ok({ status: 200, body: await ledger.operator.heads(query.value) });
};

/** The operator's calls (http/README.md, Operator). */
export const routes: readonly Route[] = [
  { method: "PUT", path: ORGANIZATION, handle: openOrganization },
  { method: "GET", path: ORGANIZATION, handle: readOrganization },
  { method: "DELETE", path: ORGANIZATION, handle: closeOrganization },
  { method: "POST", path: `${ORGANIZATION}/tokens`, handle: issueToken },
  { method: "DELETE", path: "/admin/tokens/:id", handle: revokeToken },
  { method: "POST", path: `${ORGANIZATION}/credits`, handle: addCredits },
  { method: "PUT", path: `${ORGANIZATION}/assistants/:assistantId`, handle: nameAssistant },
  {
    method: "PUT",
    path: `${ORGANIZATION}/sip-connections/:installationId`,
    handle: installSipConnection,
  },
  { method: "GET", path: `${ORGANIZATION}/connections`, handle: listConnections },
  {
    method: "PUT",
    path: `${ORGANIZATION}/connections/:connectionId`,
    handle: registerConnection,
  },
  {
    method: "DELETE",
    path: `${ORGANIZATION}/connections/:connectionId`,
    handle: removeConnection,
  },
  { method: "GET", path: `${ORGANIZATION}/requirements`, handle: listRequirementGroups },
  { method: "PUT", path: `${ORGANIZATION}/requirements`, handle: setRequirementGroup },
  {
    method: "POST",
    path: "/admin/verifications/:id/approve",
    handle: (call) => sendReview(call, { kind: "approve" }),
  },
  {
    method: "POST",
    path: "/admin/verifications/:id/reject",
    handle: reviewWithReason("reject"),
  },
  {
    method: "POST",
    path: "/admin/verifications/:id/revoke",
    handle: reviewWithReason("revoke"),
  },
  {
    method: "POST",
    path: "/admin/release-requests/:id/approve",
    handle: (call) => sendResolution(call, { kind: "approve" }),
  },
  { method: "POST", path: "/admin/release-requests/:id/reject", handle: rejectRelease },
  { method: "POST", path: "/admin/reconciliations", handle: reconcile },
  { method: "GET", path: "/admin/reconciliations", handle: listReconciliations },
  { method: "GET", path: "/admin/heads", handle: listHeads },
  ...listRoutes,
  ...inventoryRoutes,
  { method: "POST", path: "/admin/clock/advance", handle: advanceClock },
  { method: "POST", path: "/admin/clock/confirm", handle: confirmClock },
];
