/** A member that is sent twice with different values is refused by its path, in every dialect. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { repeatedMember } from "../../http/repeated.ts";
import { openTestApp, SIP } from "../support/app.ts";

test("a member that is repeated with another value is found, with its path", () => {
  for (
    const [json, path] of [
      ['{"a":1,"a":2}', "a"],
      [' { "a" : 1 , "b":3, "a" : "1" } ', "a"],
      ['{"a":{"b":[0,{"c":true,"c":null}]}}', "a.b.1.c"],
      ['{"a":1,"\\u0061":2}', "a"],
      ['{"a\\"":1,"a\\"":2}', 'a"'],
      ['{"a":{"x":1},"a":{"x":2}}', "a"],
      ['{"a":[],"a":[1]}', "a"],
      ['{"__proto__":1,"__proto__":2}', "__proto__"],
      ['[{"a":1},{"a":2,"a":3}]', "1.a"],
      ['{"":1,"":2}', ""],
    ] as const
  ) assert.equal(repeatedMember(json), path, json);
});

test("a member that occurs once, or repeats the same value, is not", () => {
  for (
    const json of [
      "{}",
      "[]",
      "null",
      '"a"',
      "-1.5e3",
      '{"a":1,"b":1}',
      '{"a":1,"a":1}',
      '{"a":{"a":{"a":1}}}',
      '[{"a":1},{"a":2}]',
      '{"a":"\\"a\\":1,\\"a\\":2"}',
      '{"a,b":1,"a":"b","b":"}"}',
      '{"a":[[],{}],"b":[{"c":[]}]}',
    ]
  ) assert.equal(repeatedMember(json), null, json);
});

test("nothing is found in JSON that a serializer wrote, however it is spaced", () =>
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, "\t"), (value, space) => {
    assert.equal(repeatedMember(JSON.stringify(value, null, space)), null);
  })));

test("a member that is inserted again with another value is found", () =>
  fc.assert(fc.property(
    fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
    fc.nat(),
    (members, pick) => {
      const [name = "", value] = Object.entries(members)[pick % Object.keys(members).length] ?? [];
      const again = JSON.stringify({ [name]: [value, "other"] });
      const json = `${JSON.stringify(members).slice(0, -1)},${again.slice(1)}`;
      assert.equal(repeatedMember(json), name);
    },
  )));

test("members that hide what is nested too deep, or have long names, are refused as well", async () => {
  const app = openTestApp();
  const token = await app.organization("acme");
  const deep = `${"[".repeat(15_000)}${"]".repeat(15_000)}`;
  for (const body of [`{"a":${deep},"a":1}`, `{"${"x".repeat(300)}":${deep},"e164":1}`]) {
    const { status, json } = await app.request("POST", "/v1/phone-numbers", { token, body });
    assert.deepEqual([status, json.code], [400, "VALIDATION_ERROR"]);
  }
  const long = `"${"x".repeat(300)}"`;
  const body = `{${long}:1,${long}:2}`;
  const { json } = await app.request("POST", "/v1/phone-numbers", { token, body });
  assert.ok(json.error.length < 200, json.error);
  await app.close();
});

test("every dialect refuses it by its path, and does nothing", async () => {
  const app = openTestApp();
  const token = await app.organization("acme");
  const before = await app.ledger.operator.heads();
  const twice = '{"a":{"b":1,"b":2}}';
  const e164 = '"e164":"+14155550101"';
  for (
    const [method, path, body, where, by = token] of [
      ["POST", "/v1/phone-numbers", `{${e164},"dispatchMetadataTemplate":${twice}}`, ".a.b"],
      ["POST", "/v1/phone-numbers", `{${e164},"e164":"+14155550102"}`, "e164"],
      [
        "POST",
        "/v1/phone-numbers/import",
        `{${e164},"sipTrunkId":"${SIP.trunkId}","dispatchMetadataTemplate":${twice}}`,
        ".a.b",
      ],
      ["PATCH", "/v1/phone-numbers/pn_1", `{"dispatchMetadataTemplate":${twice}}`, ".a.b"],
      [
        "POST",
        "/api/phone-numbers/purchase",
        '{"phoneNumber":"+14155550101","teamId":"acme","teamId":"other"}',
        "teamId",
      ],
      [
        "POST",
        "/api/v1/phone-numbers/pn_1/request-release",
        '{"reason":"no longer needed","reason":"something else"}',
        "reason",
      ],
    ] as const
  ) {
    const { status, json } = await app.request(method, path, { token: by, body });
    assert.equal(status, path.startsWith("/api/v1") ? 422 : 400, JSON.stringify(json));
    assert.ok(JSON.stringify(json).includes(where), JSON.stringify(json));
  }
  const admin = { method: "POST", path: "/admin/organizations/acme/credits" };
  const { status, json } = await app.request(admin.method, admin.path, {
    token: "admin-secret-of-tests",
    body: '{"amount":"1.00","amount":"1000.00"}',
  });
  assert.deepEqual([status, Object.keys(json.errors)], [400, ["amount"]]);
  assert.deepEqual(await app.ledger.operator.heads(), before);
  await app.close();
});
