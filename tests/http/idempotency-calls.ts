/** Every kind of call that writes, as it succeeds once: in all dialects, and as the operator. */
import { ADMIN_TOKEN, SIP, type TestApp } from "../support/app.ts";

/** A call, with another body under which the key is another request's. */
export type WritingCall = {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly other?: unknown;
  /** The operator's token; the organization's where it is left out. */
  readonly token?: string;
};

/** What there is for the calls: an organization `acme`, its number, and a token. */
export type Stage = { readonly app: TestApp; readonly token: string; readonly number: string };

type Prepare = (stage: Stage) => Promise<WritingCall> | WritingCall;

const ORGANIZATION = "/admin/organizations/acme";

const admin = (
  method: WritingCall["method"],
  path: string,
  bodies: Pick<WritingCall, "body" | "other"> = {},
): WritingCall => ({ method, path, token: ADMIN_TOKEN, ...bodies });

const BUSINESS = {
  businessProfile: {
    legalName: "Acme Inc",
    registrationId: "123",
    website: "https://acme.example",
    address: {
      street: "1 Main St",
      city: "Austin",
      state: "TX",
      postalCode: "78701",
      country: "US",
    },
    useCase: "Support calls",
  },
  authorizedRepresentative: { name: "Alice Johnson", email: "alice@example.com", title: "CEO" },
};

const releaseRequest = async ({ app, token, number }: Stage): Promise<string> => {
  const path = `/api/v1/phone-numbers/${number}/request-release`;
  const body = { reason: "We no longer need it." };
  return (await app.request("POST", path, { token, body })).json.data.id;
};

const did = async ({ app, token }: Stage): Promise<string> => {
  const path = `/api/v1/sip-trunks/${SIP.trunkId}/dids`;
  const body = { country_code: "US", number: "+14155550177" };
  return (await app.request("POST", path, { token, body })).json.data.id;
};

export const WRITING_CALLS: Readonly<Record<string, Prepare>> = {
  "Talkturo's purchase": () => ({
    method: "POST",
    path: "/api/phone-numbers/purchase",
    body: { phoneNumber: "+14155550102", teamId: "acme" },
    other: { phoneNumber: "+14155550103", teamId: "acme" },
  }),
  "Talkturo's release": ({ number }) => ({
    method: "DELETE",
    path: `/api/phone-numbers/${number}`,
  }),
  "Talkturo's assignment": ({ number }) => ({
    method: "PATCH",
    path: "/api/assistants/asst_1/telephony/phone-numbers",
    body: { phoneNumberIds: [number] },
    other: { phoneNumberIds: [] },
  }),
  "Talkover's release request": ({ number }) => ({
    method: "POST",
    path: `/api/v1/phone-numbers/${number}/request-release`,
    body: { reason: "We no longer need it." },
    other: { reason: "We no longer need it, really." },
  }),
  "Talkover's cancelled release request": async (stage) => ({
    method: "DELETE",
    path: `/api/v1/phone-numbers/release-requests/${await releaseRequest(stage)}`,
  }),
  "Talkover's calling": ({ number }) => ({
    method: "PUT",
    path: "/api/v1/agents/agent_1/calling",
    body: { direction: "inbound", phone_number_ids: [number] },
    other: { direction: "outbound", phone_number_ids: [number] },
  }),
  "Talkover's DID": () => ({
    method: "POST",
    path: `/api/v1/sip-trunks/${SIP.trunkId}/dids`,
    body: { country_code: "US", number: "+14155550178" },
    other: { country_code: "US", number: "+14155550179" },
  }),
  "Talkover's deleted DID": async (stage) => ({
    method: "DELETE",
    path: `/api/v1/sip-trunks/${SIP.trunkId}/dids/${await did(stage)}`,
  }),
  "Speko's purchase": () => ({
    method: "POST",
    path: "/v1/phone-numbers",
    body: { e164: "+14155550102" },
    other: { e164: "+14155550103" },
  }),
  "Speko's import": () => ({
    method: "POST",
    path: "/v1/phone-numbers/import",
    body: { e164: "+14155550178", sipConnectionInstallationId: SIP.id },
    other: { e164: "+14155550179", sipConnectionInstallationId: SIP.id },
  }),
  "Speko's change": ({ number }) => ({
    method: "PATCH",
    path: `/v1/phone-numbers/${number}`,
    body: { label: "Front desk" },
    other: { label: "Back office" },
  }),
  "Speko's release": ({ number }) => ({ method: "DELETE", path: `/v1/phone-numbers/${number}` }),
  "Speko's draft": () => ({
    method: "PUT",
    path: "/v1/phone-numbers/kyb/draft",
    body: BUSINESS,
    other: { ...BUSINESS, attestationAccepted: true },
  }),
  "the ledger's change": ({ number }) => ({
    method: "PATCH",
    path: `/ledger/numbers/${number}`,
    body: { label: "Front desk" },
    other: { label: null },
  }),
  "the ledger's release": ({ number }) => ({ method: "DELETE", path: `/ledger/numbers/${number}` }),
  "the ledger's purchase": () => ({
    method: "POST",
    path: "/ledger/numbers",
    body: { e164: "+14155550102" },
    other: { e164: "+14155550103" },
  }),
  "the ledger's import": () => ({
    method: "POST",
    path: "/ledger/imports",
    body: { e164: "+14155550178", sipConnection: SIP.id },
    other: { e164: "+14155550179", sipConnection: SIP.id },
  }),
  "the ledger's assignment": ({ number }) => ({
    method: "PUT",
    path: "/ledger/assistants/asst_1/numbers",
    body: { numbers: [number] },
    other: { numbers: [] },
  }),
  "the ledger's release request": ({ number }) => ({
    method: "POST",
    path: "/ledger/release-requests",
    body: { number, reason: "We no longer need it." },
    other: { number, reason: "We no longer need it, really." },
  }),
  "the ledger's cancelled release request": async (stage) => ({
    method: "DELETE",
    path: `/ledger/release-requests/${await releaseRequest(stage)}`,
  }),
  "an organization": () =>
    admin("PUT", ORGANIZATION, {
      body: { name: "Acme & Co", plan: "Scale" },
      other: { name: "Acme & Co", plan: "Growth" },
    }),
  "a token": () =>
    admin("POST", `${ORGANIZATION}/tokens`, {
      body: { email: "bob@example.com", name: "Bob" },
      other: { email: "eve@example.com", name: "Eve" },
    }),
  "a revoked token": async ({ app }) => {
    const user = { email: "bob@example.com", name: "Bob" };
    const { id } = await app.admin("POST", `${ORGANIZATION}/tokens`, user);
    return admin("DELETE", `/admin/tokens/${id}`);
  },
  credits: () =>
    admin("POST", `${ORGANIZATION}/credits`, {
      body: { amount: "5.00" },
      other: { amount: "6.00" },
    }),
  "an assistant's name": () =>
    admin("PUT", `${ORGANIZATION}/assistants/asst_1`, {
      body: { name: "Ada" },
      other: { name: "Bea" },
    }),
  "a SIP connection": () =>
    admin("PUT", `${ORGANIZATION}/sip-connections/sip_2`, {
      body: { providerName: "Trunkline", trunkId: "trunk_2", ready: true },
      other: { providerName: "Trunkline", trunkId: "trunk_2", ready: false },
    }),
  "a connection": () =>
    admin("PUT", `${ORGANIZATION}/connections/c_1`, {
      body: { label: "Main" },
      other: { label: "Spare" },
    }),
  "a removed connection": async ({ app }) => {
    await app.admin("PUT", `${ORGANIZATION}/connections/c_2`, { label: "Main" });
    return admin("DELETE", `${ORGANIZATION}/connections/c_2`);
  },
  "a requirement group": () =>
    admin("PUT", `${ORGANIZATION}/requirements`, {
      body: { country: "CH", type: "local", requirementGroupId: "rg_1" },
      other: { country: "CH", type: "local", requirementGroupId: null },
    }),
  "an approved release request": async (stage) =>
    admin("POST", `/admin/release-requests/${await releaseRequest(stage)}/approve`),
  "a rejected release request": async (stage) =>
    admin("POST", `/admin/release-requests/${await releaseRequest(stage)}/reject`, {
      body: { reason: "It is under contract." },
      other: { reason: "It is still under contract." },
    }),
  "a reconciliation": () =>
    admin("POST", "/admin/reconciliations", { body: {}, other: { carrier: "sandbox" } }),
  "a clock that is moved": () =>
    admin("POST", "/admin/clock/advance", { body: { seconds: 60 }, other: { seconds: 61 } }),
};
