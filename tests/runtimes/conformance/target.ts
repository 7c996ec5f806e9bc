/** A server to be tried, whatever it runs on. */
import { operatorOf, requesterTo, type TestApp } from "../../support/app.ts";

/** Its address, and the operator's token. Its clock is a test clock. */
export type Target = { readonly url: string; readonly adminToken: string };

/** Calls of a target. */
export type Client =
  & Target
  & Pick<TestApp, "request" | "admin" | "organization" | "advance">;

export const clientOf = (target: Target): Client => {
  const request = requesterTo(target.url);
  return { ...target, request, ...operatorOf(request, target.adminToken) };
};
