import { NO_LIMITS } from "../../core/values/plan.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SHORT_WAIT_MS, type TestResponse } from "../support/app.ts";
import { TALKTURO_FAILURE, TALKTURO_NUMBER } from "./seed-fields.ts";
import { misfits } from "./seed-fields-speko.ts";
import { assign, buy, purchase, type Talk, userOf, withTeam } from "./talk-support.ts";
import { runs } from "../support/runs.ts";
import { KEPT, openKeepingSandbox } from "../support/keeping-sandbox.ts";

const BASE = "/api/phone-numbers";

const assertFailure = (answer: TestResponse, status: number, code: string): void => {
  // Members beside the documented ones: the caller's place in the plan, and its own number.
  const { eligibility: _eligibility, phoneNumberId: _id, ...json } = answer.json;
  assert.deepEqual([answer.status, json.code, json.success], [status, code, false]);
  assert.deepEqual(misfits(json, TALKTURO_FAILURE), []);
};

const search = (call: Talk, filters: unknown) =>
  call("POST", `${BASE}/search`, { body: { filters } });

const list = async (call: Talk) =>
  (await call("GET", `${BASE}/purchase?teamId=team_1`)).json.numbers;

test("search lists offers of one area and buys nothing when it is asked for a code", () =>
  withTeam(async ({ call }) => {
    const found = await search(call, { countryCode: "US", areaCode: "212" });
    assert.equal(found.json.count, 20);
    for (const { phoneNumber } of found.json.numbers) assert.match(phoneNumber, /^\+1212/);
    const free = await search(call, { countryCode: "CA", numberType: "toll-free", limit: 1 });
    assert.deepEqual([free.status, free.json.count], [200, 1]);
    const nowhere = await search(call, { countryCode: "AQ" });
    assert.deepEqual([nowhere.status, nowhere.json.numbers], [200, []]);
    assert.deepEqual(await list(call), []);
  }));

test("search answers 400 and names the field when a filter is wrong", () =>
  withTeam(async ({ call }) => {
    const wrong: readonly (readonly [unknown, string])[] = [
      [undefined, "filters is required."],
      [{}, "filters.countryCode is required."],
      [{ countryCode: "UK" }, "filters.countryCode must be"],
      [{ countryCode: "ZZ" }, "filters.countryCode must be"],
      [{ countryCode: "DE", areaCode: "030" }, "filters.areaCode applies to US and CA only."],
      [{ countryCode: "US", areaCode: 415 }, "filters.areaCode must be"],
      [{ countryCode: "US", areaCode: "41" }, "filters.areaCode must be"],
      [{ countryCode: "US", numberType: "mobile" }, "filters.numberType must be"],
      [{ countryCode: "US", limit: 0 }, "filters.limit must be"],
      [{ countryCode: "US", limit: 101 }, "filters.limit must be"],
      [{ countryCode: "US", limit: 1.5 }, "filters.limit must be"],
      [{ countryCode: "US", limit: "10" }, "filters.limit must be"],
    ];
    for (const [filters, sentence] of wrong) {
      const answer = await search(call, filters);
      assertFailure(answer, 400, "VALIDATION_ERROR");
      assert.ok(answer.json.error.startsWith(sentence), answer.json.error);
    }
  }));

test("purchase gives one number for 5 × 24 hours when the plan is Free", () =>
  withTeam(async ({ app, call }) => {
    const { json } = await purchase(call, "+14155550101");
    assert.equal(json.phoneNumber.is_trial, true);
    assert.equal(json.phoneNumber.trial_expires_at, "2026-02-05T10:00:00Z");
    assert.equal(json.phoneNumber.message, "Phone number purchased successfully");
    const eligibility = { currentCount: 1, maxAllowed: 1, hasSubscription: false };
    assert.deepEqual(json.eligibility, { ...eligibility, planName: "Free" });
    const second = await purchase(call, "+14155550198");
    assertFailure(second, 403, "PLAN_LIMIT_REACHED");
    assert.deepEqual(second.json.eligibility, json.eligibility);
    await app.advance(5 * 24 * 3_600);
    assert.deepEqual(await list(call), []);
    assertFailure(await purchase(call, "+14155550198"), 403, "PLAN_LIMIT_REACHED");
  }, { plan: "Free" }));

test("purchase is refused with the documented code when the number is not available", () =>
  withTeam(async ({ app, call }) => {
    const other = userOf(app, await app.organization("team_2"));
    await buy(other, "+14155550101", "team_2");
    assertFailure(await purchase(call, "+14155550101"), 409, "NUMBER_ALREADY_OWNED");
    assertFailure(await purchase(call, "+14155550102", "team_2"), 403, "FORBIDDEN");
    assertFailure(await purchase(call, "+14155550110"), 404, "NUMBER_NOT_AVAILABLE");
    assertFailure(await purchase(call, "+14155550111"), 404, "NUMBER_NOT_AVAILABLE");
    assertFailure(await purchase(call, "+14155550112"), 502, "CARRIER_ERROR");
    const away = await purchase(call, "+14155550115");
    assertFailure(away, 503, "CARRIER_UNAVAILABLE");
    assert.match(away.headers.get("retry-after") ?? "", /^\d+$/);
    assertFailure(await purchase(call, "415-555-0101"), 400, "VALIDATION_ERROR");
  }));

test("purchase asks for verification when the plan requires it", () =>
  withTeam(async ({ call }) => {
    assertFailure(await purchase(call, "+14155550101"), 403, "VERIFICATION_REQUIRED");
  }, { plan: "Prepaid" }));

test("purchase asks for credits when the plan requires them and the balance is zero", () =>
  withTeam(async ({ call }) => {
    assertFailure(await purchase(call, "+14155550101"), 402, "INSUFFICIENT_CREDITS");
  }, {
    plan: "Bare",
    plans: {
      Bare: {
        name: "Bare",
        maxNumbers: 1,
        billing: "credits",
        verification: "none",
        limits: NO_LIMITS,
      },
    },
  }));

test("purchase answers 202 and the number is listed as purchasing when the carrier is slow", () =>
  withTeam(async ({ call }) => {
    const { status, json } = await purchase(call, "+14155559001");
    assert.deepEqual([status, json.phoneNumber.status], [202, "purchasing"]);
    assert.equal(json.phoneNumber.provider_number_id, null);
    assert.equal((await list(call))[0].status, "purchasing");
    assertFailure(await purchase(call, "+14155559001"), 409, "NUMBER_ALREADY_YOURS");
    // Which cancels it, since the carrier has not confirmed it yet.
    const release = await call("DELETE", `${BASE}/${json.phoneNumber.id}`);
    assert.deepEqual(release.json, { success: true, message: "Phone number released" });
    assert.deepEqual(await list(call), []);
  }, { waitMs: SHORT_WAIT_MS }));

test("purchase gives its first answer when it is repeated under one Idempotency-Key", () =>
  withTeam(async ({ call }) => {
    const once = (phoneNumber: string) =>
      call("POST", `${BASE}/purchase`, {
        body: { phoneNumber, teamId: "team_1" },
        headers: { "idempotency-key": "order-1" },
      });
    const first = await once("+14155550101");
    assert.deepEqual((await once("+14155550101")).json, first.json);
    assert.equal((await list(call)).length, 1);
    assertFailure(await once("+14155550102"), 422, "IDEMPOTENCY_KEY_REUSED");
  }));

test("a number is shown, released once and no longer found when its team asks", () =>
  withTeam(async ({ app, call }) => {
    const id = await buy(call, "+14155550101");
    const shown = await call("GET", `${BASE}/${id}`);
    assert.deepEqual(misfits(shown.json.phoneNumber, TALKTURO_NUMBER), []);
    assert.deepEqual(shown.json, { success: true, phoneNumber: (await list(call))[0] });
    const stranger = userOf(app, await app.organization("team_2"));
    for (const method of ["GET", "DELETE"]) {
      assertFailure(await stranger(method, `${BASE}/${id}`), 404, "NOT_FOUND");
    }
    const { status, json } = await call("DELETE", `${BASE}/${id}`);
    assert.deepEqual([status, json], [200, { success: true, message: "Phone number released" }]);
    assertFailure(await call("DELETE", `${BASE}/${id}`), 404, "NOT_FOUND");
    assertFailure(await call("GET", `${BASE}/${id}`), 404, "NOT_FOUND");
    assert.deepEqual(await list(call), []);
  }));

test("a release answers 202 and the number is suspended when the carrier does not release it", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, KEPT);
    const { status, json } = await call("DELETE", `${BASE}/${id}`);
    assert.deepEqual(
      [status, json],
      [202, { success: true, message: "Phone number release started" }],
    );
    assert.equal((await call("GET", `${BASE}/${id}`)).json.phoneNumber.status, "suspended");
    assertFailure(await assign(call, "asst_1", [id]), 409, "NUMBER_BEING_RELEASED");
  }, openKeepingSandbox().options));

test("the list is refused when the team is missing or another", () =>
  withTeam(async ({ call }) => {
    assertFailure(await call("GET", `${BASE}/purchase`), 400, "VALIDATION_ERROR");
    assertFailure(await call("GET", `${BASE}/purchase?teamId=team_2`), 403, "FORBIDDEN");
  }));

test("an assistant's set is replaced as a whole when it is patched", () =>
  withTeam(async ({ app, call }) => {
    await app.admin("PUT", "/admin/organizations/team_1/assistants/asst_1", { name: "Sales" });
    const [a, b] = [await buy(call, "+14155550101"), await buy(call, "+14155550198")];
    const path = "/api/assistants/asst_1/telephony/phone-numbers";
    const set = await assign(call, "asst_1", [a, b]);
    assert.deepEqual([set.status, Object.keys(set.json)], [200, ["success", "numbers"]]);
    assert.deepEqual((await call("GET", path)).json, set.json);
    for (const row of set.json.numbers) {
      assert.deepEqual(misfits(row, TALKTURO_NUMBER), []);
      assert.deepEqual([row.assistant_id, row.assistant_name], ["asst_1", "Sales"]);
    }
    const moved = await assign(call, "asst_2", [b]);
    assert.deepEqual(moved.json.numbers.map((row: { id: string }) => row.id), [b]);
    assert.equal(moved.json.numbers[0].assistant_name, null);
    assert.deepEqual((await call("GET", path)).json.numbers.length, 1);
    assertFailure(await assign(call, "asst_1", [b, "pn_unknown"]), 404, "NOT_FOUND");
    assert.deepEqual((await call("GET", path)).json.numbers[0].id, a);
    assert.deepEqual((await assign(call, "asst_1", [])).json.numbers, []);
    for (const phoneNumberIds of [undefined, null, "pn_1", [1], Array(1_001).fill(a)]) {
      const wrong = await call("PATCH", path, { body: { phoneNumberIds } });
      assertFailure(wrong, 400, "VALIDATION_ERROR");
    }
  }));

test("an imported number comes from the provider sip when it is listed", () =>
  withTeam(async ({ call }) => {
    await call("POST", "/v1/phone-numbers/import", {
      body: { e164: "+4930901820", sipTrunkId: "trunk_1" },
    });
    const [row] = await list(call);
    assert.deepEqual([row.provider, row.status, row.is_trial], ["sip", "active", false]);
  }));

test("Talkturo shows its own shape of failure when no route is reached", () =>
  withTeam(async ({ app, call }) => {
    const anonymous = await app.request("GET", `${BASE}/purchase?teamId=team_1`);
    assertFailure(anonymous, 401, "UNAUTHORIZED");
    assert.equal(anonymous.json.error, "Unauthorized");
    assertFailure(await call("GET", `${BASE}/a/b`), 404, "NOT_FOUND");
    const method = await call("GET", `${BASE}/search`);
    assertFailure(method, 405, "METHOD_NOT_ALLOWED");
    assert.equal(method.headers.get("allow"), "POST");
    assertFailure(await call("POST", `${BASE}/search`, { body: "{" }), 400, "VALIDATION_ERROR");
  }));

test("no JSON body makes Talkturo fail with 5xx when it is sent to any route", () =>
  withTeam(async ({ call }) => {
    const routes = [
      ["POST", `${BASE}/search`],
      ["POST", `${BASE}/purchase`],
      ["PATCH", "/api/assistants/asst_1/telephony/phone-numbers"],
    ] as const;
    const field = fc.constantFrom("filters", "phoneNumber", "teamId", "phoneNumberIds");
    const body = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue()));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), body, async ([method, path], json) => {
        const { status } = await call(method, path, { body: JSON.stringify(json) });
        assert.ok(status < 500, String(status));
      }),
      { numRuns: runs(150) },
    );
  }));
