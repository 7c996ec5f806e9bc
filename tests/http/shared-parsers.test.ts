/** Input of several calls is parsed by one parser: what one accepts, all accept, and no more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NUMBER_COUNTRY_CODES } from "../../core/values/country.ts";
import { openTestApp, SIP, type TestApp } from "../support/app.ts";
import { EMAILS, NO_EMAILS } from "./emails.ts";

const withApp = async (use: (app: TestApp, token: string) => Promise<void>): Promise<void> => {
  const app = openTestApp();
  try {
    await use(app, await app.organization("acme", "Scale"));
  } finally {
    await app.close();
  }
};

test("a user may have any e-mail address that a representative may have, and no other text", () =>
  withApp(async (app) => {
    const issue = async (email: string) => {
      const path = "/admin/organizations/acme/tokens";
      const body = { email, name: "Ada" };
      return await app.request("POST", path, { token: "admin-secret-of-tests", body });
    };
    for (const email of EMAILS) assert.equal((await issue(email)).status, 201, email);
    for (const email of NO_EMAILS) {
      const { status, json } = await issue(email);
      assert.deepEqual([status, Object.keys(json.errors)], [400, ["email"]], email);
    }
  }));

test("numbers are searched in every country that may have them, in capitals or not, and in no other", () =>
  withApp(async (app, token) => {
    const search = async (countryCode: string) => {
      const body = { filters: { countryCode, limit: 1 } };
      return await app.request("POST", "/api/phone-numbers/search", { token, body });
    };
    const caller = { organization: "acme", actor: { kind: "operator" } } as const;
    const byProgram = (country: string) =>
      app.ledger.search(caller, { country, type: "local", limit: 1 });
    for (const country of NUMBER_COUNTRY_CODES.flatMap((code) => [code, code.toLowerCase()])) {
      assert.notEqual((await search(country)).status, 400, country);
      const found = await byProgram(country);
      assert.ok(found.ok || found.error.code !== "INVALID_ARGUMENT", country);
    }
    for (const country of ["UK", "EU", "ZZ", " US", "USA", ""]) {
      const { status, json } = await search(country);
      assert.equal(status, 400, country);
      assert.ok(json.error.includes("countryCode"), json.error);
      const found = await byProgram(country);
      assert.ok(!found.ok && found.error.code === "INVALID_ARGUMENT", country);
    }
  }));

/** Every call that takes a template, as it is sent. */
const TEMPLATES: Readonly<
  Record<string, (template: string, id: string) => readonly [string, string, string]>
> = {
  purchase: (template) => [
    "POST",
    "/v1/phone-numbers",
    `{"e164":"+14155550102","dispatchMetadataTemplate":${template}}`,
  ],
  import: (template) => [
    "POST",
    "/v1/phone-numbers/import",
    `{"e164":"+4922812345","sipTrunkId":"${SIP.trunkId}","dispatchMetadataTemplate":${template}}`,
  ],
  change: (template, id) => [
    "PATCH",
    `/v1/phone-numbers/${id}`,
    `{"dispatchMetadataTemplate":${template}}`,
  ],
};

const NOT_KEPT = [
  '{"a":7615917337495251231}',
  '{"a":[-9007199254740993]}',
  '{"a":{"b":1e999}}',
  '{"a":-1e999}',
  '{"a":1e-400}',
  '{"a":1,"a":2}',
  '{"a":[{"b":true,"b":null}]}',
  '{"__proto__":{"a":1}}',
  '{"a":"\\u0000"}',
  '{"a":"\\ud800"}',
  '{"\\udc00":1}',
  `{"a":${"[".repeat(60)}${"]".repeat(60)},"b":"${"x".repeat(8_200)}"}`,
];

const KEPT = [
  ["{}", {}],
  ['{"a":-0,"b":1.0,"c":1e2,"d":0.1}', { a: 0, b: 1, c: 100, d: 0.1 }],
  ['{"a":1,"a":1}', { a: 1 }],
  ['{"a":9007199254740992,"b":-9007199254740991}', { a: 2 ** 53, b: -(2 ** 53 - 1) }],
  ['{"":null,"constructor":{"prototype":[]}}', { "": null, constructor: { prototype: [] } }],
] as const;

for (const [call, sent] of Object.entries(TEMPLATES)) {
  test(`a template is kept as it was sent by a ${call}, or refused by its name`, () =>
    withApp(async (app, token) => {
      const body = { e164: "+14155550101" };
      const { json: { id } } = await app.request("POST", "/v1/phone-numbers", { token, body });
      const send = async (template: string) => {
        const [method, path, text] = sent(template, id);
        return await app.request(method, path, { token, body: text });
      };
      for (const template of NOT_KEPT) {
        const { status, json } = await send(template);
        assert.deepEqual([status, json.code], [400, "VALIDATION_ERROR"], template);
        assert.ok(json.error.includes("dispatchMetadataTemplate"), json.error);
      }
      for (const [template, kept] of KEPT) {
        const { status, json } = await send(template);
        assert.equal(status, 200, JSON.stringify(json));
        assert.deepEqual(json.dispatchMetadataTemplate, kept);
        const again = await app.request("GET", `/v1/phone-numbers/${json.id}`, { token });
        assert.deepEqual(again.json.dispatchMetadataTemplate, kept);
        if (call !== "change") {
          await app.request("DELETE", `/v1/phone-numbers/${json.id}`, { token });
        }
      }
    }));
}
