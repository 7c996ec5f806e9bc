import assert from "node:assert/strict";
import { openTestApp, type TestApp, type TestResponse } from "../support/app.ts";

/** Calls a dialect as one user: `call("GET", "/api/…", { body })`. */
export type Talk = (
  method: string,
  path: string,
  options?: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
) => Promise<TestResponse>;

/** A user of `team_1`, whose plan the options name. */
export type Opened = { readonly app: TestApp; readonly call: Talk };

type Options = Parameters<typeof openTestApp>[0] & { readonly plan?: string };

/** Runs a test against a fresh application, at 2026-01-31T10:00:00Z. */
export const withTeam = async (
  use: (opened: Opened) => Promise<void>,
  { plan, ...options }: Options = {},
): Promise<void> => {
  const app = openTestApp(options);
  try {
    await use({ app, call: userOf(app, await app.organization("team_1", plan)) });
  } finally {
    await app.close();
  }
};

/** Calls with this token. */
export const userOf = (app: TestApp, token: string): Talk => (method, path, options = {}) =>
  app.request(method, path, { token, ...options });

/** Asks for a number through Talkturo. */
export const purchase = (call: Talk, phoneNumber: string, teamId = "team_1") =>
  call("POST", "/api/phone-numbers/purchase", { body: { phoneNumber, teamId } });

/** Buys a number that must be available immediately; gives its id. */
export const buy = async (call: Talk, phoneNumber: string, teamId = "team_1"): Promise<string> => {
  const { status, json } = await purchase(call, phoneNumber, teamId);
  assert.equal(status, 200, JSON.stringify(json));
  return json.phoneNumber.id;
};

/** Replaces an assistant's numbers. */
export const assign = (call: Talk, assistant: string, phoneNumberIds: readonly string[]) =>
  call("PATCH", `/api/assistants/${assistant}/telephony/phone-numbers`, {
    body: { phoneNumberIds },
  });
