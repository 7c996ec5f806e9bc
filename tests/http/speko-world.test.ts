/** Businesses as the world has them: their e-mail addresses, names, and postal addresses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { COUNTRY_CODES } from "../../core/values/country.ts";
import { missingOf } from "../../core/verification/address.ts";
import { BUSINESS, withSpeko } from "./speko-support.ts";

const { businessProfile, authorizedRepresentative } = BUSINESS;

const EMAILS = [
  "sean.o'brien@example.ie",
  "ada@acme.example",
  "ada+kyb@acme.example",
  "a@b.co",
  "ADA@ACME.EXAMPLE",
  "ada_lovelace@acme.example",
  "ada@mail.acme.co.uk",
  "!#$%&'*+/=?^_`{|}~-@acme.example",
  '"ada lovelace"@acme.example',
  "ada@münchen.example",
  "ada@xn--mnchen-3ya.example",
  "用户@例子.公司",
  "ada@例え.テスト",
  "ада@пример.рф",
  "ada@παράδειγμα.ελ",
  "josé@acme.example",
  "1234567890@acme.example",
  "ada@1und1.example",
  "ada@a-b-c.example",
  "ada@acme.museum",
];

const NO_EMAILS = [
  "",
  "ada",
  "ada@",
  "@acme.example",
  "ada@acme",
  "ada acme@acme.example",
  "ada@acme .example",
  "ada@@acme.example",
  "ada@acme..example",
  ".ada@acme.example",
  "ada.@acme.example",
  "a..b@acme.example",
  "ada@-acme.example",
  "ada@acme-.example",
  "ada@127.0.0.1",
  "ada@[127.0.0.1]",
  "ada@acme.example:25",
  "ada@acme.example/x",
  "mailto:ada@acme",
  `${"a".repeat(65)}@acme.example`,
  `ada@${"a".repeat(64)}.example`,
];

test("a representative has any e-mail address that mail can reach, and no other text", () =>
  withSpeko(async ({ call }) => {
    const status = async (email: string) => {
      const body = {
        ...BUSINESS,
        authorizedRepresentative: { ...authorizedRepresentative, email },
      };
      return (await call("PUT", "/kyb/draft", body)).status;
    };
    for (const email of EMAILS) assert.equal(await status(email), 200, email);
    for (const email of NO_EMAILS) assert.equal(await status(email), 400, email);
  }));

test("a business has a name in any script", () =>
  withSpeko(async ({ call }) => {
    const names = [
      "Müller & Söhne GmbH",
      "株式会社アクメ",
      "ООО «Ромашка»",
      "شركة المثال",
      "חברת דוגמה",
      "उदाहरण लिमिटेड",
      "บริษัท ตัวอย่าง",
      "예시 주식회사",
      "Παράδειγμα ΑΕ",
      "示例有限公司",
    ];
    for (const legalName of names) {
      const body = { ...BUSINESS, businessProfile: { ...businessProfile, legalName } };
      const { status } = await call("PUT", "/kyb/draft", body);
      assert.equal(status, 200, legalName);
    }
  }));

test("a business is in any country of ISO 3166-1, also one without telephones of its own", () =>
  withSpeko(async ({ call }) => {
    for (const country of COUNTRY_CODES) {
      const address = { ...businessProfile.address, country };
      const body = { ...BUSINESS, businessProfile: { ...businessProfile, country, address } };
      assert.equal((await call("PUT", "/kyb/draft", body)).status, 200, country);
    }
  }));

const whole = {
  street: "1 Main Street",
  city: "Town",
  state: "State",
  postalCode: "12345",
  country: "US",
};

test("an address has what its country's addresses have, and may lack the rest", () => {
  for (const country of COUNTRY_CODES) {
    assert.deepEqual(missingOf({ ...whole, country }), [], country);
    assert.deepEqual(missingOf({ ...whole, country, street: " " }), ["street"], country);
  }
  const lacks = (country: string, without: Partial<typeof whole> | Record<string, null>) =>
    missingOf({ ...whole, country, ...without });
  assert.deepEqual(lacks("US", { postalCode: "" }), ["postalCode"]);
  assert.deepEqual(lacks("US", { state: null, city: null }), ["city", "state"]);
  assert.deepEqual(lacks("HK", { postalCode: "" }), []);
  assert.deepEqual(lacks("HK", { postalCode: null, city: null }), []);
  assert.deepEqual(lacks("HK", { postalCode: null, city: null, state: null }), ["city"]);
  assert.deepEqual(lacks("SG", { city: null, state: null }), []);
  assert.deepEqual(lacks("SG", { city: null, postalCode: null }), ["postalCode"]);
  assert.deepEqual(lacks("MC", { city: null, state: null, postalCode: null }), []);
  assert.deepEqual(lacks("IE", { postalCode: null, state: null }), []);
  assert.deepEqual(lacks("AE", { postalCode: null, city: null }), []);
  assert.deepEqual(lacks("DE", { postalCode: null, state: null }), ["postalCode"]);
  assert.deepEqual(missingOf({ ...whole, country: null }), ["country"]);
});

test("POST submit names the member that an address lacks", () =>
  withSpeko(async ({ call }) => {
    const submit = async (address: object) =>
      await call("POST", "/kyb/submit", {
        ...BUSINESS,
        businessProfile: { ...businessProfile, address },
      });
    const address = { street: "1 Main Street", city: "Springfield", country: "US" };
    for (
      const [given, lacking] of [[address, "state"], [
        { ...address, state: "IL" },
        "postalCode",
      ]] as const
    ) {
      const answer = await submit(given);
      assert.equal(answer.status, 400);
      assert.ok(
        answer.json.error.includes(`businessProfile.address.${lacking}`),
        answer.json.error,
      );
    }
    assert.equal((await submit({ ...address, state: "IL", postalCode: "62701" })).status, 200);
  }));

test("POST submit takes a business without registration, and a representative without phone", async () => {
  for (const none of [undefined, null, ""]) {
    await withSpeko(async ({ call }) => {
      const { registrationId: _, ...profile } = businessProfile;
      const { phone: __, ...representative } = authorizedRepresentative;
      const isAbsent = none === undefined;
      const answer = await call("POST", "/kyb/submit", {
        ...BUSINESS,
        businessProfile: isAbsent ? profile : { ...profile, registrationId: none },
        authorizedRepresentative: isAbsent ? representative : { ...representative, phone: none },
      });
      const sent = answer.json;
      assert.equal(sent.status, "submitted");
      assert.equal(sent.businessProfile.registrationId, null);
      assert.equal(sent.authorizedRepresentative.phone, null);
    });
  }
});
