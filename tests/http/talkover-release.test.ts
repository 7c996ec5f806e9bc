import assert from "node:assert/strict";
import { test } from "node:test";
import { createApp } from "../../adapters/runtimes/library/http.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { openTestApp, requester, type TestResponse } from "../support/app.ts";
import { TALKOVER_RELEASE_REQUEST } from "./seed-fields.ts";
import { misfits } from "./seed-fields-speko.ts";
import { assign, buy, type Talk, userOf, withTeam } from "./talk-support.ts";

const BASE = "/api/v1/phone-numbers";
const REASON = "We no longer need this number.";

const request = (call: Talk, id: string, reason: unknown = REASON) =>
  call("POST", `${BASE}/${id}/request-release`, { body: { reason } });

const requests = async (call: Talk) => (await call("GET", `${BASE}/release-requests`)).json.data;

const cancel = (call: Talk, id: string) => call("DELETE", `${BASE}/release-requests/${id}`);

const assertFailure = ({ status, json }: TestResponse, expected: number, code: string): void => {
  assert.deepEqual([status, json.code], [expected, code]);
  assert.deepEqual(Object.keys(json), ["success", "message", "code"]);
};

test("a release request is pending when it is made, and its number stays", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, "+14155550101");
    const { status, json } = await request(call, id);
    assert.deepEqual([status, json.success], [201, true]);
    assert.deepEqual(misfits(json.data, TALKOVER_RELEASE_REQUEST), []);
    assert.deepEqual(json.data, {
      id: json.data.id,
      phone_number_id: id,
      phone_number: "+14155550101",
      reason: REASON,
      status: "pending",
      requested_at: "2026-01-31T10:00:00Z",
    });
    assert.deepEqual(await requests(call), [json.data]);
    assertFailure(await request(call, id), 409, "RELEASE_ALREADY_PENDING");
  }));

test("a release request is refused when the number is in use or unknown", () =>
  withTeam(async ({ app, call }) => {
    const id = await buy(call, "+14155550101");
    await assign(call, "agent_1", [id]);
    assertFailure(await request(call, id), 422, "PHONE_NUMBER_IN_USE");
    assertFailure(await request(call, "pn_unknown"), 404, "NOT_FOUND");
    const stranger = userOf(app, await app.organization("team_2"));
    assertFailure(await request(stranger, id), 404, "NOT_FOUND");
    assert.deepEqual(await requests(call), []);
  }));

test("a release request takes a reason of 10 to 500 characters when they are counted as people do", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, "+14155550101");
    for (
      const reason of [
        null,
        7,
        [],
        "",
        "too short",
        " ".repeat(20),
        "\u00a0".repeat(20),
        "\u200b".repeat(20),
        "\u3164\u2800\u{e0041}\ue000".repeat(5),
        `reason${"\u034f".repeat(10)}`,
        "x".repeat(501),
      ]
    ) {
      const { status, json } = await request(call, id, reason);
      assert.deepEqual([status, Object.keys(json.errors)], [422, ["reason"]]);
    }
    assert.equal((await request(call, id, "📞".repeat(9))).status, 422);
    assert.equal((await request(call, id, "📞".repeat(500))).status, 201);
    const next = await buy(call, "+14155550198");
    assert.equal((await request(call, next, "ten chars.")).status, 201);
  }));

test("a release request stays as cancelled when its environment withdraws it", () =>
  withTeam(async ({ app, call }) => {
    const id = await buy(call, "+14155550101");
    const first = (await request(call, id)).json.data.id;
    const stranger = userOf(app, await app.organization("team_2"));
    assertFailure(await cancel(stranger, first), 404, "NOT_FOUND");
    await app.advance(60);
    const { status, json } = await cancel(call, first);
    assert.equal(status, 200);
    assert.deepEqual(json, { success: true, message: "Release request cancelled" });
    assertFailure(await cancel(call, first), 409, "RELEASE_ALREADY_RESOLVED");
    await app.advance(60);
    const second = (await request(call, id)).json.data.id;
    const [newest, oldest] = await requests(call);
    assert.deepEqual([newest.id, newest.status], [second, "pending"]);
    assert.deepEqual([oldest.id, oldest.status], [first, "cancelled"]);
    assert.equal(oldest.resolved_at, "2026-01-31T10:01:00Z");
    assert.equal("rejection_reason" in oldest, false);
  }));

test("a release request shows what the operator decided when it is answered", () =>
  withTeam(async ({ app, call }) => {
    const id = await buy(call, "+14155550101");
    const decide = (request: string, how: string, body?: unknown) =>
      app.admin("POST", `/admin/release-requests/${request}/${how}`, body);
    const first = (await request(call, id)).json.data.id;
    await decide(first, "reject", { reason: "It is printed on the letters." });
    const [rejected] = await requests(call);
    assert.equal(rejected.status, "rejected");
    assert.equal(rejected.rejection_reason, "It is printed on the letters.");
    assert.equal(rejected.resolved_at, "2026-01-31T10:00:00Z");
    const second = (await request(call, id)).json.data.id;
    await decide(second, "approve");
    assert.equal((await requests(call))[0].status, "approved");
    assertFailure(await cancel(call, second), 409, "RELEASE_ALREADY_RESOLVED");
  }));

test("a release request is made once when it is repeated under one Idempotency-Key", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, "+14155550101");
    const once = (reason: string) =>
      call("POST", `${BASE}/${id}/request-release`, {
        body: { reason },
        headers: { "idempotency-key": "release-1" },
      });
    const first = await once(REASON);
    assert.deepEqual((await once(REASON)).json, first.json);
    assertFailure(await once(`${REASON} Really.`), 422, "IDEMPOTENCY_KEY_REUSED");
    assert.equal((await requests(call)).length, 1);
  }));

test("release requests come newest first, in pages where one is asked for, and bounded where not", () =>
  withTeam(async ({ app, call }) => {
    const id = await buy(call, "+14155550101");
    const user = { organization: "team_1", actor: OPERATOR };
    const made: string[] = [];
    for (let count = 0; count < 503; count++) {
      const requested = await app.ledger.releaseRequests.request(user, {
        holding: id,
        reason: REASON,
      });
      assert.ok(requested.ok);
      made.unshift(requested.value.id);
      await app.ledger.releaseRequests.cancel(user, requested.value.id);
    }
    const page = async (query: string) =>
      (await call("GET", `${BASE}/release-requests${query}`)).json;
    const idsOf = ({ data }: { readonly data: readonly { readonly id: string }[] }) =>
      data.map((one) => one.id);
    const unasked = await page("");
    assert.deepEqual(Object.keys(unasked), ["success", "data"]);
    assert.deepEqual(idsOf(unasked), made.slice(0, 500));
    const second = await page("?page=2&per_page=2");
    assert.deepEqual(second.meta, { current_page: 2, per_page: 2, total: 503, last_page: 252 });
    assert.deepEqual(idsOf(second), made.slice(2, 4));
    assert.deepEqual(idsOf(await page("?page=6&per_page=100")), made.slice(500));
    assert.equal((await page("?per_page=5")).meta.current_page, 1);
    assert.deepEqual(idsOf(await page("?page=253&per_page=2")), []);
    for (const query of ["?page=0", "?per_page=101", "?per_page=x"]) {
      const { status, json } = await call("GET", `${BASE}/release-requests${query}`);
      assert.deepEqual([status, Object.keys(json)], [422, ["success", "message", "errors"]]);
    }
  }));

test("no page reads more than the 10,000 newest release requests, whatever there are", async () => {
  const app = openTestApp();
  const token = await app.organization("team_1");
  const id = await buy(userOf(app, token), "+14155550101");
  const caller = { organization: "team_1", actor: OPERATOR };
  const asked = await app.ledger.releaseRequests.request(caller, { holding: id, reason: REASON });
  assert.ok(asked.ok);
  let given = 0;
  const releaseRequests = {
    ...app.ledger.releaseRequests,
    list: () => Promise.reject(new Error("all of them")),
    page: (...[, { limit = 0 } = {}]: Parameters<typeof app.ledger.releaseRequests.page>) => {
      const first = given + 1;
      const count = given === 0 ? limit - 1 : limit;
      given += count;
      const requests = Array.from(
        { length: count },
        (_, place) => ({ ...asked.value, id: `rr_${first + place}` }),
      );
      return Promise.resolve({ requests, next: `rr_${given}` });
    },
  };
  const many = createApp({ ledger: { ...app.ledger, releaseRequests }, adminToken: null });
  const ask = requester(many.fetch);
  const last = await ask("GET", `${BASE}/release-requests?page=100&per_page=100`, { token });
  assert.deepEqual(last.json.meta, {
    current_page: 100,
    per_page: 100,
    total: 10_000,
    last_page: 100,
  });
  assert.equal(last.json.data.at(-1).id, "rr_10000");
  assert.equal(given, 10_000);
  await app.close();
});
