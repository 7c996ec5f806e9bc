/** Ambiguous input is refused by its name, in each dialect's shape. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { InvalidArgument } from "../../adapters/validation/argument.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { ADMIN_TOKEN, openTestApp } from "../support/app.ts";

const app = openTestApp({ at: "2026-03-01T12:00:00Z" });
const token = await app.organization("acme");
after(() => app.close());

const get = (path: string, language = "en") =>
  app.request("GET", path, {
    token: path.startsWith("/admin") ? ADMIN_TOKEN : token,
    headers: { "accept-language": language },
  });

test("a parameter with several values is refused by its name", async () => {
  const refused: readonly (readonly [string, number, string])[] = [
    ["/api/phone-numbers/purchase?teamId=beta&teamId=acme", 400, "teamId"],
    ["/api/v1/phone-numbers?type=voice&type=sms", 422, "type"],
    ["/api/v1/phone-numbers?has_voice=true&page=1&has_voice=false", 422, "has_voice"],
    ["/api/v1/phone-numbers?search=1&search=2", 422, "search"],
    ["/api/v1/phone-numbers?per_page=1&per_page=2", 422, "per_page"],
    ["/api/v1/phone-numbers/release-requests?page=1&page=2", 422, "page"],
    ["/v1/phone-numbers/available?areaCode=415&areaCode=212", 400, "areaCode"],
    ["/v1/phone-numbers/available?locality=a&locality=b", 400, "locality"],
    ["/v1/phone-numbers/available?limit=&limit=3", 400, "limit"],
    ["/v1/phone-numbers/available?limit=5&limit=abc", 400, "limit"],
    ["/v1/phone-numbers/available?areaCode=415&areaCode=", 400, "areaCode"],
    ["/api/phone-numbers/purchase?teamId=acme&teamId=", 400, "teamId"],
    ["/api/v1/phone-numbers?type=voice&type=x", 422, "type"],
    ["/ledger/numbers/pn_1/history?limit=5&limit=abc", 400, "limit"],
    ["/admin/heads?limit=1&limit=x", 400, "limit"],
    ["/ledger/numbers/pn_1/history?after=1&after=2", 400, "after"],
    ["/admin/heads?limit=1&limit=2", 400, "limit"],
    ["/admin/reconciliations?before=1&before=2", 400, "before"],
  ];
  for (const [path, expected, name] of refused) {
    const { status, json } = await get(path);
    assert.equal(status, expected, path);
    assert.match(JSON.stringify(json), new RegExp(`"[^"]*${name}[^"]*"`), path);
    assert.match(JSON.stringify(json), /several times with different values/, path);
  }
  const { json } = await get("/api/v1/phone-numbers?type=voice&type=sms", "de");
  assert.deepEqual(json.errors, {
    type: ["type darf nicht mehrmals mit verschiedenen Werten angegeben werden."],
  });
});

test("the same value again, and several of a parameter that no call reads, count as one", async () => {
  for (
    const path of [
      "/api/phone-numbers/purchase?teamId=acme&teamId=acme",
      "/api/v1/phone-numbers?type=voice&type=voice",
      "/v1/phone-numbers/available?areaCode=415&utm=1&utm=2&__proto__=1&__proto__=2",
      "/v1/phone-numbers?limit=1&limit=2",
      "/ledger/numbers?asOf=2026-03-02&asOf=2026-03-01",
    ]
  ) assert.equal((await get(path)).status, 200, path);
});

test("a list is not accepted as an object, anywhere in a body", async () => {
  const wrong: readonly (readonly [string, string, unknown, string])[] = [
    ["POST", "/api/phone-numbers/search", { filters: [] }, "filters must be an object"],
    ["POST", "/api/phone-numbers/search", { filters: [{ countryCode: "US" }] }, "filters must be"],
    ["POST", "/api/phone-numbers/search", { filters: 7 }, "filters must be an object"],
    ["POST", "/api/phone-numbers/search", {}, "filters is required"],
    ["POST", "/api/phone-numbers/search", [], "body must be an object"],
    ["PUT", "/v1/phone-numbers/kyb/draft", { businessProfile: [] }, "businessProfile"],
    ["POST", "/v1/phone-numbers", [], "must be an object"],
    ["PATCH", "/v1/phone-numbers/x", { dispatchMetadataTemplate: [] }, "dispatchMetadataTemplate"],
    ["POST", "/api/v1/phone-numbers/x/request-release", [], "errors"],
  ];
  for (const [method, path, body, says] of wrong) {
    const { status, json } = await app.request(method, path, { token, body });
    assert.ok(status === 400 || status === 422, `${path}: ${status}`);
    assert.ok(JSON.stringify(json).includes(says), JSON.stringify(json));
  }
});

test("the future is not known: asOf must not be in the future", async () => {
  for (const time of ["2026-03-01T12:00:01Z", "2026-03-02", "9999-12-31T00:00:00Z"]) {
    const { status, json } = await get(`/ledger/numbers?asOf=${time}`);
    assert.deepEqual([status, json.errors], [400, { asOf: ["must not be in the future"] }]);
  }
  assert.equal((await get("/ledger/numbers?asOf=2026-03-01T12:00:00Z")).status, 200);
  const caller = { organization: "acme", actor: OPERATOR };
  await assert.rejects(
    app.ledger.numbers.list(caller, { asOf: app.ledger.now() + 1 }),
    (error) => error instanceof InvalidArgument && error.path === "options.asOf",
  );
  assert.deepEqual(await app.ledger.numbers.list(caller, { asOf: app.ledger.now() }), []);
});

test("an amount that is refused is answered with the bound that it breaks", async () => {
  const amounts: readonly (readonly [unknown, RegExp])[] = [
    ["0", /must be above 0/],
    ["0.000000", /must be above 0/],
    ["1000000000", /at most 9 digits before the point.* 999999999\.999999/],
    ["0.0000001", /at most 6 digits after the point/],
    ["-1.00", /must be a decimal of dollars/],
    ["1e3", /must be a decimal of dollars/],
    ["1.", /must be a decimal of dollars/],
    ["", /must be a decimal of dollars/],
    [1, /must be a string/],
  ];
  for (const [amount, why] of amounts) {
    const { status, json } = await app.request("POST", "/admin/organizations/acme/credits", {
      token: ADMIN_TOKEN,
      body: { amount },
    });
    assert.equal(status, 400, String(amount));
    assert.match(json.errors.amount[0], why);
  }
});
