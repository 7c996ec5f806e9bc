import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { character } from "../harness/arbitraries/contents.ts";
import { SHORT_WAIT_MS, type TestResponse } from "../support/app.ts";
import { TALKOVER_NUMBER, TALKOVER_PAGE } from "./seed-fields.ts";
import { misfits } from "./seed-fields-speko.ts";
import { assign, buy, purchase, type Talk, userOf, withTeam } from "./talk-support.ts";
import { runs } from "../support/runs.ts";

const BASE = "/api/v1/phone-numbers";

const list = async (call: Talk, query = "") => {
  const { status, json } = await call("GET", `${BASE}${query}`);
  assert.equal(status, 200, JSON.stringify(json));
  return json.data;
};

const numbersOf = async (call: Talk, query: string): Promise<readonly string[]> =>
  (await list(call, query)).map((row: { number: string }) => row.number);

const importNumber = (call: Talk, e164: string) =>
  call("POST", "/v1/phone-numbers/import", { body: { e164, sipTrunkId: "trunk_1" } });

const assertInvalid = ({ status, json }: TestResponse, fields: readonly string[]): void => {
  assert.equal(status, 422);
  assert.deepEqual(Object.keys(json), ["success", "message", "errors"]);
  assert.deepEqual(Object.keys(json.errors), fields);
};

test("a bought number shows every field when it is listed", () =>
  withTeam(async ({ app, call }) => {
    const id = await buy(call, "+14155550101");
    await app.admin("PUT", "/admin/organizations/team_1/assistants/agent_1", { name: "Desk" });
    await assign(call, "agent_1", [id]);
    await app.advance(24 * 3_600);
    const [row] = await list(call);
    assert.deepEqual(misfits(row, TALKOVER_NUMBER), []);
    assert.deepEqual(row, {
      id,
      number: "+14155550101",
      country_code: "US",
      formatted_number: "(415) 555-0101",
      international_number: "+1 415 555 0101",
      type: "voice",
      has_voice: true,
      has_sms: true,
      has_mms: false,
      has_fax: false,
      has_whatsapp: false,
      current_status: "active",
      is_sandbox: true,
      current_price: 1,
      currency: "USD",
      renewal_date: "2026-02-28",
      auto_renewal: true,
      created_at: "2026-01-31T10:00:00Z",
      updated_at: "2026-01-31T10:00:00Z",
      monthly_renewal_cost: 1,
      days_until_monthly_renewal: 27,
      is_due_for_monthly_renewal: false,
      environment: { id: "team_1", name: "team_1 Inc" },
      agents: [{ id: "agent_1", name: "Desk" }],
    });
  }));

test("a number is due on the calendar day of its renewal before its hour", () =>
  withTeam(async ({ app, call }) => {
    await buy(call, "+14155550101");
    await app.advance(27 * 24 * 3_600 + 14 * 3_600);
    const [row] = await list(call);
    assert.deepEqual([row.days_until_monthly_renewal, row.is_due_for_monthly_renewal], [0, true]);
    await app.advance(10 * 3_600);
    const [renewed] = await list(call);
    assert.equal(renewed.renewal_date, "2026-03-31");
    assert.equal(renewed.is_due_for_monthly_renewal, false);
  }));

test("a number that is never renewed shows no renewal when it is on trial or imported", () =>
  withTeam(async ({ call }) => {
    await buy(call, "+14155550101");
    assert.equal((await importNumber(call, "+4930901820")).status, 200);
    const [trial, imported] = await list(call);
    for (const row of [trial, imported]) {
      assert.deepEqual(misfits(row, TALKOVER_NUMBER), []);
      assert.deepEqual([row.renewal_date, row.days_until_monthly_renewal], [null, null]);
      assert.deepEqual([row.auto_renewal, row.is_due_for_monthly_renewal], [false, false]);
      assert.deepEqual([row.monthly_renewal_cost, row.agents], [0, null]);
    }
    assert.deepEqual([trial.current_price, trial.is_sandbox], [1, true]);
    assert.deepEqual([imported.current_price, imported.is_sandbox], [0, false]);
    assert.deepEqual([imported.country_code, imported.type, imported.has_sms], [
      "DE",
      "voice",
      false,
    ]);
    assert.equal(imported.formatted_number, "030 901820");
  }, { plan: "Free" }));

test("current_status is one of the documented when a purchase is open or has failed", () =>
  withTeam(async ({ call }) => {
    await purchase(call, "+14155559001");
    await purchase(call, "+14155550112");
    const rows = await list(call);
    const statuses = rows.map((row: { current_status: string }) => row.current_status);
    assert.deepEqual(statuses, ["pending", "inactive"]);
  }, { waitMs: SHORT_WAIT_MS }));

test("filters combine when several are given", () =>
  withTeam(async ({ call }) => {
    await buy(call, "+14155550101");
    await buy(call, "+12125550101");
    await importNumber(call, "+4930901820");
    const all = ["+14155550101", "+12125550101", "+4930901820"];
    const queries: Readonly<Record<string, readonly string[]>> = {
      "?type=voice&has_voice=true&has_whatsapp=false": all,
      "?type=sms": [],
      "?has_voice=false": [],
      "?has_whatsapp=true": [],
      "?search=": all,
      "?search=+": all,
      "?search=5550101": all.slice(0, 2),
      "?search=+1415": all.slice(0, 1),
      "?search=(212)%20555-0101": all.slice(1, 2),
      "?search=%2B49%20(0)30%2F90-18": all.slice(2),
      "?search=5550101&type=voice&per_page=1&page=2": all.slice(1, 2),
      "?search=nobody": [],
    };
    for (const [query, expected] of Object.entries(queries)) {
      assert.deepEqual(await numbersOf(call, query), expected, query);
    }
    const [{ id }] = await list(call);
    assert.deepEqual(await numbersOf(call, `?search=${id}`), all.slice(0, 1));
  }));

test("the list has a meta when a page or its length is given", () =>
  withTeam(async ({ call }) => {
    for (const line of ["01", "02", "03"]) await importNumber(call, `+49309018${line}`);
    const page = async (query: string) => (await call("GET", `${BASE}${query}`)).json;
    assert.deepEqual(Object.keys(await page("")), ["success", "data"]);
    const second = await page("?page=2&per_page=2");
    assert.deepEqual(misfits(second, TALKOVER_PAGE), []);
    assert.deepEqual(second.meta, { current_page: 2, per_page: 2, total: 3, last_page: 2 });
    assert.equal(second.data.length, 1);
    const past = await page("?page=9");
    assert.deepEqual(past.data, []);
    assert.deepEqual(past.meta, { current_page: 9, per_page: 20, total: 3, last_page: 1 });
  }));

test("the list answers 422 and names every field that is wrong when a parameter is invalid", () =>
  withTeam(async ({ call }) => {
    const wrong: Readonly<Record<string, readonly string[]>> = {
      type: ["", "Voice", "landline"],
      has_voice: ["", "1", "True"],
      has_whatsapp: ["", "0", "yes"],
      page: ["", "0", "-1", "1.5", "1e3", "x", "99999999999999999999"],
      per_page: ["", "0", "101", "x"],
    };
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        assertInvalid(await call("GET", `${BASE}?${field}=${value}`), [field]);
      }
    }
    assertInvalid(await call("GET", `${BASE}?type=x&has_voice=1`), ["type", "has_voice"]);
  }));

test("messages are in the reader's language when Accept-Language asks for it", () =>
  withTeam(async ({ app, call }) => {
    const said = async (language: string, path: string) => {
      const headers = { "accept-language": language };
      const { json } = await call("GET", path, { headers });
      return [json.message, ...Object.values(json.errors ?? {}).flat()];
    };
    assert.deepEqual(await said("pt-BR", `${BASE}?per_page=0`), [
      "Os dados fornecidos são inválidos.",
      "O campo per page deve ser entre 1 e 100.",
    ]);
    assert.deepEqual(await said("de", `${BASE}?has_voice=1`), [
      "Die gegebenen Daten waren ungültig.",
      "has voice muss true oder false sein.",
    ]);
    assert.deepEqual(await said("fr", `${BASE}/a/b`), ["Not found"]);
    assert.deepEqual(await said("de", `${BASE}/a/b`), ["Nicht gefunden"]);
    const headers = { "accept-language": "pt-BR" };
    const anonymous = await app.request("GET", BASE, { headers });
    assert.deepEqual(anonymous.json, { success: false, message: "Não autorizado" });
    const unknown = await call("DELETE", `${BASE}/release-requests/rr_1`, { headers });
    assert.equal(
      unknown.json.message,
      "Solicitação de liberação não encontrada; a lista de solicitações mostra os ids existentes.",
    );
  }));

test("another environment's numbers are not seen when a token lists its own", () =>
  withTeam(async ({ app, call }) => {
    await buy(call, "+14155550101");
    assert.deepEqual(await list(userOf(app, await app.organization("team_2"))), []);
  }));

test("no JSON body and no query makes Talkover fail with 5xx when it is sent", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, "+14155550101");
    const body = fc.oneof(fc.jsonValue(), fc.record({ reason: fc.jsonValue() }));
    await fc.assert(
      fc.asyncProperty(body, fc.string({ unit: character }), async (json, text) => {
        const posted = await call("POST", `${BASE}/${id}/request-release`, {
          body: JSON.stringify(json),
        });
        assert.ok(posted.status < 500, String(posted.status));
        const value = encodeURIComponent(text.toWellFormed());
        for (const field of ["search", "type", "page", "per_page"]) {
          const { status } = await call("GET", `${BASE}?${field}=${value}`);
          assert.ok(status === 200 || status === 422, `${field}: ${status}`);
        }
      }),
      { numRuns: runs(60) },
    );
  }));
