/** What tenants do in tests of imports, over HTTP. */
import type { TestApp } from "../support/app.ts";

/** A token of an organization that has a SIP connection. */
export const tenant = async (app: TestApp, id: string, plan: string): Promise<string> => {
  const token = await app.organization(id, plan);
  const connection = { providerName: "Twilio", trunkId: `trunk-${id}`, ready: true };
  await app.admin("PUT", `/admin/organizations/${id}/sip-connections/sip-${id}`, connection);
  return token;
};

/** Imports a number over the organization's connection. */
export const bringIn = (app: TestApp, token: string, id: string, e164: string) =>
  app.request("POST", "/v1/phone-numbers/import", {
    token,
    body: { e164, sipConnectionInstallationId: `sip-${id}`, agentId: `agent-${id}` },
  });

/** Buys a number. */
export const buy = (app: TestApp, token: string, e164: string) =>
  app.request("POST", "/v1/phone-numbers", { token, body: { e164 } });

/** The numbers that the holder of a token sees. */
export const numbersOf = async (app: TestApp, token: string): Promise<readonly string[]> =>
  (await app.request("GET", "/v1/phone-numbers", { token })).json
    .map(({ e164 }: { readonly e164: string }) => e164);

/** Whether the first of them is ready. */
export const isReady = async (app: TestApp, token: string): Promise<boolean> => {
  const [number] = (await app.request("GET", "/v1/phone-numbers", { token })).json;
  return number?.setupStatus.status === "ready";
};
