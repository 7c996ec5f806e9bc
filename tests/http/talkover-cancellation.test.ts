/**
 * A purchase in progress is cancelled in Talkover by a release request, which is granted
 * immediately.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { OPERATOR } from "../../core/values/identity.ts";
import { SHORT_WAIT_MS, type TestResponse } from "../support/app.ts";
import { sandboxThat } from "./cancelling-sandbox.ts";
import { assign, buy, purchase, type Talk, userOf, withTeam } from "./talk-support.ts";

const BASE = "/api/v1/phone-numbers";
const REASON = "It takes too long for us.";
/** Its order is confirmed after 3 s. */
const SLOW = "+14155550113";
/** Its order is pending for a day, unless it is cancelled. */
const STAYS = "+14155559001";

const request = (call: Talk, id: string, key?: string, reason = REASON): Promise<TestResponse> =>
  call("POST", `${BASE}/${id}/request-release`, {
    body: { reason },
    ...(key !== undefined && { headers: { "idempotency-key": key } }),
  });

const dataOf = async (call: Talk, path: string) => (await call("GET", `${BASE}${path}`)).json.data;

const requests = (call: Talk) => dataOf(call, "/release-requests");

const pending = async (call: Talk, e164: string): Promise<string> => {
  const { status, json } = await purchase(call, e164);
  assert.equal(status, 202, JSON.stringify(json));
  return json.phoneNumber.id;
};

const typesOf = async (call: Talk, id: string): Promise<readonly string[]> =>
  (await call("GET", `/ledger/numbers/${id}/history`)).json.events
    .map(({ type }: { readonly type: string }) => type);

test("a release request for a pending number is granted immediately, and refunds all of it", () =>
  withTeam(async ({ app, call }) => {
    const id = await pending(call, STAYS);
    assert.equal((await dataOf(call, ""))[0].current_status, "pending");
    const { status, json: { data } } = await request(call, id);
    assert.equal(status, 201);
    assert.deepEqual(data, {
      id: data.id,
      phone_number_id: id,
      phone_number: STAYS,
      reason: REASON,
      status: "approved",
      requested_at: "2026-01-31T10:00:00Z",
      resolved_at: "2026-01-31T10:00:00Z",
    });
    assert.deepEqual(await dataOf(call, ""), []);
    assert.deepEqual(await requests(call), [data]);
    assert.equal((await request(call, id)).status, 404);
    const taken = await call("DELETE", `${BASE}/release-requests/${data.id}`);
    assert.deepEqual([taken.status, taken.json.code], [409, "RELEASE_ALREADY_RESOLVED"]);
    await app.ledger.work.run();
    const types = await typesOf(call, id);
    const from = types.indexOf("ReleaseRequested");
    assert.deepEqual(types.slice(from, from + 3), [
      "ReleaseRequested",
      "ReleaseRequestApproved",
      "CancellationRequested",
    ]);
    assert.deepEqual(types.slice(from + 3).toSorted(), [
      "PurchaseDismissed",
      "PurchaseFailed",
      "RefundStarted",
      "Refunded",
    ]);
    await pending(call, STAYS);
  }, { waitMs: SHORT_WAIT_MS }));

test("a release request for a pending number is made once when it is repeated under one Idempotency-Key", () =>
  withTeam(async ({ call }) => {
    const id = await pending(call, STAYS);
    const first = await request(call, id, "key");
    const again = await request(call, id, "key");
    assert.deepEqual([again.status, again.json], [201, first.json]);
    assert.equal(again.headers.get("idempotency-replayed"), "true");
    const other = await request(call, id, "key", `${REASON} Really.`);
    assert.deepEqual([other.status, other.json.code], [422, "IDEMPOTENCY_KEY_REUSED"]);
    assert.equal((await requests(call)).length, 1);
  }, { waitMs: SHORT_WAIT_MS }));

test("the operator sees the granted request, and has nothing to decide", () =>
  withTeam(async ({ app, call }) => {
    const { id } = (await request(call, await pending(call, STAYS))).json.data;
    const listed = async (status: string): Promise<readonly string[]> =>
      (await app.admin("GET", `/admin/release-requests?status=${status}`)).releaseRequests
        .map((each: TestResponse["json"]) => each.id);
    assert.deepEqual([await listed("pending"), await listed("approved")], [[], [id]]);
    // Repeated by the operator it changes nothing, as any approval.
    await app.admin("POST", `/admin/release-requests/${id}/approve`);
    assert.equal((await requests(call))[0].status, "approved");
  }, { waitMs: SHORT_WAIT_MS }));

test("a pending number that an agent has is refused like any that is in use, and released once it is free", () =>
  withTeam(async ({ call }) => {
    const body = { e164: STAYS, agentId: "agent_1" };
    const { id } = (await call("POST", "/v1/phone-numbers", { body })).json;
    const { status, json } = await request(call, id);
    assert.deepEqual([status, json.code], [422, "PHONE_NUMBER_IN_USE"]);
    const free = { body: { direction: "both", phone_number_ids: [] } };
    assert.equal((await call("PUT", "/api/v1/agents/agent_1/calling", free)).status, 200);
    assert.equal((await request(call, id)).json.data.status, "approved");
  }, { waitMs: SHORT_WAIT_MS }));

test("a number that is confirmed before it can be cancelled is paid, and released, its request granted", () => {
  const { options, orders } = sandboxThat("isFaster");
  return withTeam(async ({ call }) => {
    const id = await pending(call, SLOW);
    const { status, json } = await request(call, id);
    assert.deepEqual([status, json.data.status], [201, "approved"]);
    assert.deepEqual((await typesOf(call, id)).slice(-3), [
      "NumberPurchased",
      "ReleaseStarted",
      "Released",
    ]);
    assert.deepEqual(await dataOf(call, ""), []);
    assert.equal(await orders.sale(SLOW), null);
    assert.deepEqual((await requests(call)).map((each: TestResponse["json"]) => each.status), [
      "approved",
    ]);
  }, options);
});

test("a pending number of a carrier that never cancels is refused by its id, and continues", () => {
  const { options } = sandboxThat("neverCancels");
  return withTeam(async ({ app, call }) => {
    const id = await pending(call, SLOW);
    const { status, json } = await request(call, id);
    assert.deepEqual([status, json.code], [409, "PURCHASE_IN_PROGRESS"]);
    assert.equal(json.phone_number_id, id);
    assert.deepEqual(await requests(call), []);
    await app.advance(3);
    // What is bought by then waits for the operator, as any number does.
    assert.equal((await request(call, id)).json.data.status, "pending");
  }, options);
});

test("a second request is refused while the carrier has not cancelled, and the purchase ends anyway", () => {
  const { options, wakes } = sandboxThat("sleeps");
  return withTeam(async ({ app, call }) => {
    const id = await pending(call, STAYS);
    assert.equal((await request(call, id)).json.data.status, "approved");
    const again = await request(call, id);
    assert.deepEqual([again.status, again.json.code], [409, "RELEASE_ALREADY_PENDING"]);
    wakes();
    await app.advance(60);
    assert.equal((await request(call, id)).status, 404);
    assert.equal((await requests(call)).length, 1);
  }, options);
});

const UNDERWAY = {
  en: /already being released; it leaves the list automatically/,
  de: /wird bereits freigegeben; sie verschwindet von selbst/,
  "pt-BR": /já está sendo liberado; ele sairá da lista automaticamente/,
} as const;
const APPROVED = {
  en: /already been approved and can no longer be cancelled; .* is being released, or has been/,
  de: /bereits genehmigt und kann nicht mehr zurückgezogen werden; .* gerade freigegeben/,
  "pt-BR": /já foi aprovada e não pode mais ser cancelada; .* está sendo liberado ou já foi/,
} as const;

for (const language of ["en", "de", "pt-BR"] as const) {
  test(`no sentence leads to another refusal while the carrier has not cancelled (${language})`, () => {
    const { options, wakes } = sandboxThat("sleeps");
    const headers = { "accept-language": language };
    return withTeam(async ({ app, call }) => {
      const id = await pending(call, STAYS);
      const { json: { data } } = await request(call, id);
      const withdraw = () => call("DELETE", `${BASE}/release-requests/${data.id}`, { headers });
      const again = await call("POST", `${BASE}/${id}/request-release`, {
        headers,
        body: { reason: REASON },
      });
      assert.match(again.json.message, UNDERWAY[language]);
      const withdrawn = await withdraw();
      assert.deepEqual([withdrawn.status, withdrawn.json.code], [409, "RELEASE_ALREADY_RESOLVED"]);
      assert.match(withdrawn.json.message, APPROVED[language]);
      wakes();
      await app.advance(60);
      assert.deepEqual(await dataOf(call, ""), []);
      assert.match((await withdraw()).json.message, APPROVED[language]);
    }, options);
  });
}

test("a pending number costs a month's renewal until its purchase is cancelled", () => {
  const { options } = sandboxThat("sleeps");
  return withTeam(async ({ call }) => {
    const id = await pending(call, STAYS);
    const [bought] = await dataOf(call, "");
    assert.ok(bought.monthly_renewal_cost > 0);
    await request(call, id);
    const [cancelled] = await dataOf(call, "");
    const { renewal_date, monthly_renewal_cost, is_due_for_monthly_renewal } = cancelled;
    assert.deepEqual([renewal_date, monthly_renewal_cost, is_due_for_monthly_renewal], [
      null,
      0,
      false,
    ]);
  }, options);
});

test("a pending number cannot be cancelled by another caller", () =>
  withTeam(async ({ app, call }) => {
    const id = await pending(call, STAYS);
    const stranger = userOf(app, await app.organization("team_2"));
    assert.equal((await request(stranger, id)).status, 404);
    assert.equal((await dataOf(call, ""))[0].current_status, "pending");
  }, { waitMs: SHORT_WAIT_MS }));

test("a program requests the release of a pending number like a client of Talkover", () =>
  withTeam(async ({ app, call }) => {
    const id = await pending(call, STAYS);
    const caller = { organization: "team_1", actor: OPERATOR };
    const bought = await buy(call, "+14155550101");
    const statusOf = async (holding: string) => {
      const asked = await app.ledger.releaseRequests.request(caller, { holding, reason: REASON });
      return asked.ok ? asked.value.outcome.status : asked.error.code;
    };
    assert.equal(await statusOf(id), "approved");
    assert.equal(await app.ledger.numbers.get(caller, id), null);
    assert.equal(await statusOf(id), "NUMBER_UNKNOWN");
    assert.equal(await statusOf(bought), "pending");
    await assign(call, "agent_1", [bought]);
    assert.equal(await statusOf(bought), "RELEASE_ALREADY_PENDING");
  }, { waitMs: SHORT_WAIT_MS }));

for (const own of ["live", "sandbox"] as const) {
  test(`a pending number of the ${own} world is cancelled by a token of that world alone`, () => {
    const { options } = sandboxThat("neverCancels");
    const beside = sandboxThat("cancels").options.carrier;
    const carriers = { carrier: { ...beside, name: "acme-tel" }, sandbox: beside };
    return withTeam(async ({ app, call }) => {
      const user = { email: "bob@example.com", name: "Bob", sandbox: true };
      const made = await app.admin("POST", "/admin/organizations/team_1/tokens", user);
      const callers = { live: call, sandbox: userOf(app, made.token) };
      const other = own === "live" ? callers.sandbox : callers.live;
      const id = await pending(callers[own], STAYS);
      assert.equal((await request(other, id)).status, 404);
      assert.equal((await request(callers[own], id)).json.data.status, "approved");
      assert.deepEqual([(await requests(other)).length, (await requests(callers[own])).length], [
        0,
        1,
      ]);
    }, { ...options, ...carriers });
  });
}
