/** Every call that writes, as it succeeds once: in all dialects, and as the operator. */
import type { EventLog, WebhookSender } from "../../core/ports/mod.ts";
import { ok } from "../../core/values/result.ts";
import { beginClosing } from "../support/broken-closing.ts";
import { SIP, type TestApp, type TestResponse } from "../support/app.ts";
import { BUSINESS } from "./speko-support.ts";

/** Every endpoint takes what it is sent. */
export const ACCEPTING: WebhookSender = {
  send: () => Promise.resolve(ok({ status: 200, retryAfterMs: null, answer: "", ms: 1 })),
};

/** What a call is given, and another body under which its key is another request's. */
export type WritingCall = {
  /** The parameters of its path. */
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly other?: unknown;
};

/** What there is for the calls: an organization `acme`, its number, and a token. */
export type Stage = {
  readonly app: TestApp;
  readonly log: EventLog;
  readonly token: string;
  readonly number: string;
};

type Prepare = (stage: Stage) => Promise<WritingCall> | WritingCall;

const ID = "acme";
const ORGANIZATION = `/admin/organizations/${ID}`;
const REASON = "We no longer need it.";
const ACME = { id: ID };

/** What a request that must succeed answers. */
const answered = async (
  { app, token }: Stage,
  method: string,
  path: string,
  body?: unknown,
): Promise<TestResponse["json"]> => {
  const { status, json } = await app.request(method, path, { token, body });
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
  return json;
};

const requested: Prepare = async (stage) => {
  const body = { number: stage.number, reason: REASON };
  return { path: { id: (await answered(stage, "POST", "/ledger/release-requests", body)).id } };
};

const imported: Prepare = async (stage) => {
  const body = { e164: "+14155550177", sipConnection: SIP.id };
  const { id } = await answered(stage, "POST", "/ledger/imports", body);
  return { path: { id, trunkId: SIP.trunkId } };
};

const submitted: Prepare = async (stage) => ({
  path: { id: (await answered(stage, "POST", "/v1/phone-numbers/kyb/submit", BUSINESS)).id },
});

const HOOK = { url: "https://one.example/hook" };

const hooked: Prepare = async (stage) => ({
  path: { id: (await answered(stage, "POST", "/ledger/webhooks", HOOK)).id },
});

const issued: Prepare = async ({ app }) => {
  const user = { email: "bob@example.com", name: "Bob" };
  return { path: { id: (await app.admin("POST", `${ORGANIZATION}/tokens`, user)).id } };
};

const closing: Prepare = async ({ app, log }) => {
  await beginClosing(log, ID, app.ledger.now());
  const { work: [{ organization, kind, id }] } = await app.admin("GET", "/admin/work");
  return { body: { organization, kind, id } };
};

const ofNumber: Prepare = ({ number: id }) => ({ path: { id } });

/** The method and the path of a call, by what its document calls it. */
export const requestLineOf = (key: string, call: WritingCall): readonly [string, string] => {
  const [method = "", template = ""] = key.split(" ");
  const parameter = (name: string): string => {
    const value = call.path?.[name];
    if (value === undefined) throw new Error(`${key} lacks ${name}`);
    return value;
  };
  return [method, template.replaceAll(/\{(\w+)\}/g, (_, name) => parameter(name))];
};

/** The calls, each by what its document calls it. */
export const WRITING_CALLS: Readonly<Record<string, Prepare>> = {
  "POST /api/phone-numbers/purchase": () => ({
    body: { phoneNumber: "+14155550102", teamId: ID },
    other: { phoneNumber: "+14155550103", teamId: ID },
  }),
  "DELETE /api/phone-numbers/{id}": ofNumber,
  "PATCH /api/assistants/{id}/telephony/phone-numbers": ({ number }) => ({
    path: { id: "asst_1" },
    body: { phoneNumberIds: [number] },
    other: { phoneNumberIds: [] },
  }),

  "POST /api/v1/phone-numbers/{id}/request-release": ({ number: id }) => ({
    path: { id },
    body: { reason: REASON },
    other: { reason: `${REASON} Really.` },
  }),
  "DELETE /api/v1/phone-numbers/release-requests/{id}": requested,
  "PUT /api/v1/agents/{agentId}/calling": ({ number }) => ({
    path: { agentId: "agent_1" },
    body: { direction: "inbound", phone_number_ids: [number] },
    other: { direction: "outbound", phone_number_ids: [number] },
  }),
  "POST /api/v1/sip-trunks/{trunkId}/dids": () => ({
    path: { trunkId: SIP.trunkId },
    body: { country_code: "US", number: "+14155550178" },
    other: { country_code: "US", number: "+14155550179" },
  }),
  "DELETE /api/v1/sip-trunks/{trunkId}/dids/{id}": imported,

  "POST /v1/phone-numbers": () => ({
    body: { e164: "+14155550102" },
    other: { e164: "+14155550103" },
  }),
  "POST /v1/phone-numbers/import": () => ({
    body: { e164: "+14155550178", sipConnectionInstallationId: SIP.id },
    other: { e164: "+14155550179", sipConnectionInstallationId: SIP.id },
  }),
  "PUT /v1/phone-numbers/kyb/draft": () => ({
    body: BUSINESS,
    other: { ...BUSINESS, attestationAccepted: false },
  }),
  "POST /v1/phone-numbers/kyb/submit": () => ({
    body: BUSINESS,
    other: { ...BUSINESS, attestationAccepted: false },
  }),
  "PATCH /v1/phone-numbers/{id}": ({ number: id }) => ({
    path: { id },
    body: { label: "Front desk" },
    other: { label: "Back office" },
  }),
  "DELETE /v1/phone-numbers/{id}": ofNumber,

  "POST /ledger/numbers": () => ({
    body: { e164: "+14155550102" },
    other: { e164: "+14155550103" },
  }),
  "PATCH /ledger/numbers/{id}": ({ number: id }) => ({
    path: { id },
    body: { label: "Front desk" },
    other: { label: null },
  }),
  "DELETE /ledger/numbers/{id}": ofNumber,
  "POST /ledger/imports": () => ({
    body: { e164: "+14155550178", sipConnection: SIP.id },
    other: { e164: "+14155550179", sipConnection: SIP.id },
  }),
  "DELETE /ledger/imports/{id}": imported,
  "PUT /ledger/assistants/{id}/numbers": ({ number }) => ({
    path: { id: "asst_1" },
    body: { numbers: [number] },
    other: { numbers: [] },
  }),
  "PATCH /ledger/assistants/{id}/numbers": () => ({
    path: { id: "asst_1" },
    body: { direction: "both" },
    other: { direction: "inbound" },
  }),
  "POST /ledger/release-requests": ({ number }) => ({
    body: { number, reason: REASON },
    other: { number, reason: `${REASON} Really.` },
  }),
  "DELETE /ledger/release-requests/{id}": requested,
  "POST /ledger/webhooks": () => ({ body: HOOK, other: { ...HOOK, description: "Another." } }),
  "PATCH /ledger/webhooks/{id}": async (stage) => ({
    ...await hooked(stage),
    body: { description: "Ours." },
    other: { description: "Another's." },
  }),
  "DELETE /ledger/webhooks/{id}": hooked,
  "POST /ledger/webhooks/{id}/rotate": async (stage) => ({
    ...await hooked(stage),
    body: { overlapSeconds: 1 },
    other: { overlapSeconds: 2 },
  }),
  "POST /ledger/webhooks/{id}/test": hooked,
  "POST /ledger/webhooks/{id}/replay": async (stage) => ({
    ...await hooked(stage),
    body: { after: "0" },
    other: { after: "latest" },
  }),
  "POST /ledger/webhooks/{id}/deliveries/{deliveryId}/redeliver": async (stage) => {
    const { path = {} } = await hooked(stage);
    const { id: endpoint = "" } = path;
    const of = { endpoint, organization: ID, position: 1, event: "ev_1", attempt: 1 };
    const answer = { status: 500, failure: "STATUS", ms: 1, answer: "" };
    const tried = { id: "ev_1.x", at: stage.app.ledger.now(), ...of, ...answer };
    await stage.log.deliveries?.record([{ progress: null, attempts: [tried] }]);
    return { path: { ...path, deliveryId: "ev_1.x" } };
  },
  "PUT /ledger/verification/draft": () => ({
    body: BUSINESS,
    other: { ...BUSINESS, attestationAccepted: false },
  }),
  "POST /ledger/verification/submit": () => ({
    body: BUSINESS,
    other: { ...BUSINESS, attestationAccepted: false },
  }),

  "PUT /admin/organizations/{id}": () => ({
    path: ACME,
    body: { name: "Acme & Co", plan: "Scale" },
    other: { name: "Acme & Co", plan: "Growth" },
  }),
  "DELETE /admin/organizations/{id}": async (stage) => {
    // While a number is left, the answer is not the last one.
    await answered(stage, "DELETE", `/ledger/numbers/${stage.number}`);
    return { path: ACME };
  },
  "POST /admin/organizations/{id}/tokens": () => ({
    path: ACME,
    body: { email: "bob@example.com", name: "Bob" },
    other: { email: "eve@example.com", name: "Eve" },
  }),
  "DELETE /admin/tokens/{id}": issued,
  "POST /admin/organizations/{id}/credits": () => ({
    path: ACME,
    body: { amount: "5.00" },
    other: { amount: "6.00" },
  }),
  "PUT /admin/organizations/{id}/assistants/{assistantId}": () => ({
    path: { ...ACME, assistantId: "asst_1" },
    body: { name: "Ada" },
    other: { name: "Bea" },
  }),
  "PUT /admin/organizations/{id}/sip-connections/{installationId}": () => ({
    path: { ...ACME, installationId: "sip_2" },
    body: { providerName: "Trunkline", trunkId: "trunk_2", ready: true },
    other: { providerName: "Trunkline", trunkId: "trunk_2", ready: false },
  }),
  "PUT /admin/organizations/{id}/connections/{connectionId}": () => ({
    path: { ...ACME, connectionId: "c_1" },
    body: { label: "Main" },
    other: { label: "Spare" },
  }),
  "DELETE /admin/organizations/{id}/connections/{connectionId}": async ({ app }) => {
    await app.admin("PUT", `${ORGANIZATION}/connections/c_2`, { label: "Main" });
    return { path: { ...ACME, connectionId: "c_2" } };
  },
  "PUT /admin/organizations/{id}/requirements": () => ({
    path: ACME,
    body: { country: "CH", type: "local", requirementGroupId: "rg_1" },
    other: { country: "CH", type: "local", requirementGroupId: null },
  }),
  "POST /admin/verifications/{id}/approve": submitted,
  "POST /admin/verifications/{id}/reject": async (stage) => ({
    ...await submitted(stage),
    body: { reason: "It is not readable." },
    other: { reason: "It is not whole." },
  }),
  "POST /admin/verifications/{id}/revoke": async (stage) => {
    const { path } = await submitted(stage);
    await stage.app.admin("POST", `/admin/verifications/${path?.["id"]}/approve`);
    const [body, other] = [{ reason: "It was dissolved." }, { reason: "It was sold." }];
    return { path: path ?? {}, body, other };
  },
  "POST /admin/release-requests/{id}/approve": requested,
  "POST /admin/release-requests/{id}/reject": async (stage) => ({
    ...await requested(stage),
    body: { reason: "It is under contract." },
    other: { reason: "It is still under contract." },
  }),
  "POST /admin/reconciliations": () => ({ body: {}, other: { carrier: "sandbox" } }),
  "DELETE /admin/numbers/{id}": ofNumber,
  "POST /admin/work/run": closing,
  "POST /admin/clock/advance": () => ({ body: { seconds: 60 }, other: { seconds: 61 } }),
  "POST /admin/clock/confirm": () => ({}),
};
