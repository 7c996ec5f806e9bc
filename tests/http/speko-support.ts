import assert from "node:assert/strict";
import { openTestApp, type TestApp, type TestResponse } from "../support/app.ts";
import { assertDocumented } from "./openapi/validator.ts";
import { FAILURE, misfits, PHONE_NUMBER } from "./seed-fields-speko.ts";

export const BASE = "/v1/phone-numbers";

/** Calls the API as one user: `call("PATCH", "/pn_1", {…})`. */
export type SpekoCall = (
  method: string,
  path?: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<TestResponse>;

/**
 * A caller of Speko's API with this token; without one where it is undefined. Every answer must fit
 * Speko's OpenAPI document, from which a verification may deviate.
 */
export const spekoCall =
  (app: TestApp, token: string | undefined): SpekoCall =>
  async (method, path = "", body = undefined, headers = {}) => {
    const answer = await app.request(method, `${BASE}${path}`, {
      ...(token === undefined ? {} : { token }),
      body,
      headers,
    });
    if (method !== "HEAD") {
      assertDocumented(method, `${BASE}${path}`, answer, path.startsWith("/kyb"));
    }
    return answer;
  };

type Opened = { readonly app: TestApp; readonly call: SpekoCall };

/** Runs a test against a fresh application in which `org_1` is on the plan. */
export const withSpeko = async (
  use: (opened: Opened) => Promise<void>,
  { plan, ...options }: Parameters<typeof openTestApp>[0] & { readonly plan?: string } = {},
): Promise<void> => {
  const app = openTestApp(options);
  try {
    await use({ app, call: spekoCall(app, await app.organization("org_1", plan)) });
  } finally {
    await app.close();
  }
};

/**
 * Asserts a failure's status, code and exact shape, except for the id of the caller's own number.
 */
export const assertFailure = (answer: TestResponse, status: number, code: string): void => {
  const { phoneNumberId: _id, ...json } = answer.json;
  assert.equal(answer.status, status, JSON.stringify(answer.json));
  assert.equal(answer.json.code, code);
  assert.deepEqual(misfits(json, FAILURE), []);
  assert.notEqual(answer.json.error, "");
};

/** Asserts that an answer has the shape of a PhoneNumber and returns it. */
export const phoneNumber = (answer: TestResponse): TestResponse["json"] => {
  assert.equal(answer.status, 200, JSON.stringify(answer.json));
  assert.notEqual(answer.json, null);
  assert.deepEqual(misfits(answer.json, PHONE_NUMBER), []);
  return answer.json;
};

/** Buys a number that must be available immediately. */
export const buy = async (call: SpekoCall, e164: string, wishes = {}) =>
  phoneNumber(await call("POST", "", { e164, ...wishes }));

/** All that a submission requires. */
export const BUSINESS = {
  businessProfile: {
    legalName: "Acme Voice GmbH",
    displayName: "Acme Voice",
    entityType: "limited company",
    country: "DE",
    registrationId: "HRB 4711",
    website: "https://acme.example",
    address: {
      street: "Ring 1",
      city: "Bonn",
      state: null,
      postalCode: "53111",
      country: "DE",
    },
    useCase: "Callbacks for support",
    expectedUsage: "100 calls a day",
  },
  authorizedRepresentative: {
    name: "Ada Lovelace",
    title: "Managing director",
    email: "ada@acme.example",
    phone: "+4922812345",
  },
  attestationAccepted: true,
};
