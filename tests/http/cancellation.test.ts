/** Purchases that are no longer wanted: in progress, and failed; in each dialect. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SHORT_WAIT_MS, type TestResponse } from "../support/app.ts";
import { sandboxThat } from "./cancelling-sandbox.ts";
import { buy, purchase, type Talk, withTeam } from "./talk-support.ts";

const REFUSED = "+14155550112";
/** Its order is confirmed after 3 s. */
const SLOW = "+14155550113";
/** Its order is pending for a day, unless it is cancelled. */
const STAYS = "+14155559001";

/** How each dialect releases a number. */
const DELETES = {
  talkturo: (call: Talk, id: string) => call("DELETE", `/api/phone-numbers/${id}`),
  speko: (call: Talk, id: string) => call("DELETE", `/v1/phone-numbers/${id}`),
  ledger: (call: Talk, id: string) => call("DELETE", `/ledger/numbers/${id}`),
} as const;

const requestRelease = (call: Talk, id: string) =>
  call("POST", `/api/v1/phone-numbers/${id}/request-release`, {
    body: { reason: "It could not be bought anyway." },
  });

const listed = async (call: Talk): Promise<TestResponse["json"]> =>
  (await call("GET", "/api/phone-numbers/purchase?teamId=team_1")).json;

/** The history of a holding, by the types of its events. */
const historyOf = async (call: Talk, id: string): Promise<TestResponse["json"]> =>
  (await call("GET", `/ledger/numbers/${id}/history`)).json.events;

const typesOf = async (call: Talk, id: string): Promise<readonly string[]> =>
  (await historyOf(call, id)).map(({ type }: { type: string }) => type);

for (const [dialect, give] of Object.entries(DELETES)) {
  test(`${dialect} cancels a purchase that is in progress, and refunds all of it`, () =>
    withTeam(async ({ app, call }) => {
      const { status, json } = await purchase(call, STAYS);
      assert.equal(status, 202);
      const { id } = json.phoneNumber;
      assert.equal((await listed(call)).count, 1);
      assert.equal((await give(call, id)).status, 200);
      assert.deepEqual(await listed(call), { success: true, numbers: [], count: 0 });
      assert.equal((await give(call, id)).status, 404);
      const events = await historyOf(call, id);
      const failed = events.find(({ type }: { type: string }) => type === "PurchaseFailed");
      assert.equal(failed.data.reason, "cancelled");
      await app.ledger.work.run();
      // Its money, place and claim are free.
      const types = await typesOf(call, id);
      assert.deepEqual(types.slice(-4).toSorted(), [
        "PurchaseDismissed",
        "PurchaseFailed",
        "RefundStarted",
        "Refunded",
      ]);
      assert.equal((await purchase(call, STAYS)).status, 202);
    }, { waitMs: SHORT_WAIT_MS }));

  test(`${dialect} takes a failed purchase off the list`, () =>
    withTeam(async ({ call }) => {
      assert.equal((await purchase(call, REFUSED)).status, 502);
      const { numbers: [failed], count } = await listed(call);
      assert.deepEqual([failed.status, count], ["error", 0]);
      assert.equal((await give(call, failed.id)).status, 200);
      assert.deepEqual((await listed(call)).numbers, []);
    }));
}

test("Talkover immediately grants the release of a failed purchase, which takes it off the list", () =>
  withTeam(async ({ call }) => {
    await purchase(call, REFUSED);
    const { numbers: [{ id }] } = await listed(call);
    const shown = (await call("GET", "/api/v1/phone-numbers")).json.data;
    assert.deepEqual(shown.map((each: TestResponse["json"]) => each.current_status), ["inactive"]);
    const { status, json: { data } } = await requestRelease(call, id);
    assert.deepEqual([status, data.status], [201, "approved"]);
    assert.equal(data.resolved_at, data.requested_at);
    assert.deepEqual((await call("GET", "/api/v1/phone-numbers")).json.data, []);
    const requests = (await call("GET", "/api/v1/phone-numbers/release-requests")).json.data;
    assert.deepEqual(requests, [data]);
    assert.equal((await requestRelease(call, id)).status, 404);
  }));

test("a failed purchase says why in the ledger's own API, in words for its buyer", () =>
  withTeam(async ({ call }) => {
    await purchase(call, REFUSED);
    await buy(call, "+14155550101");
    const { numbers } = (await call("GET", "/ledger/numbers")).json;
    assert.deepEqual(numbers.map((each: TestResponse["json"]) => each.failure), [
      { reason: "refused", message: "The carrier could not carry out the order." },
      null,
    ]);
  }));

test("a failed purchase shows the carrier's message to the operator alone", () =>
  withTeam(async ({ app, call }) => {
    await purchase(call, REFUSED);
    const { numbers: [{ id }] } = await listed(call);
    const words = /sandbox carrier refuses/;
    assert.doesNotMatch(JSON.stringify(await historyOf(call, id)), words);
    const alice = { organization: "team_1", actor: { kind: "operator" } } as const;
    assert.match(JSON.stringify(await app.ledger.numbers.history(alice, id)), words);
  }));

test("a failed purchase takes no place, and is removed after a week", () =>
  withTeam(async ({ app, call }) => {
    await purchase(call, REFUSED);
    const bought = await purchase(call, "+14155550101");
    assert.equal(bought.json.eligibility.currentCount, 1);
    assert.deepEqual([(await listed(call)).count, (await listed(call)).numbers.length], [1, 2]);
    await app.advance(7 * 24 * 3_600 - 1);
    assert.equal((await listed(call)).numbers.length, 2);
    await app.advance(1);
    assert.equal((await listed(call)).numbers.length, 1);
  }));

test("a cancelled purchase is reported to the waiting caller, and its key buys nothing any more", () =>
  withTeam(async ({ call }) => {
    const key = { "idempotency-key": "order-1" };
    const order = { body: { phoneNumber: STAYS, teamId: "team_1" }, headers: key };
    const { json } = await call("POST", "/api/phone-numbers/purchase", order);
    const waiting = call("POST", "/api/phone-numbers/purchase", order);
    assert.equal((await DELETES.speko(call, json.phoneNumber.id)).status, 200);
    const answers = [
      await waiting,
      await call("POST", "/api/phone-numbers/purchase", order),
    ];
    for (const { status, json: { code, error } } of answers) {
      assert.deepEqual([status, code], [409, "PURCHASE_CANCELLED"]);
      assert.match(error, /buy it again/);
    }
    assert.deepEqual((await listed(call)).numbers, []);
  }, { waitMs: SHORT_WAIT_MS }));

test("a purchase that is confirmed before it can be cancelled is paid, and released", () => {
  const { options, orders } = sandboxThat("isFaster");
  return withTeam(async ({ call }) => {
    const { id } = (await purchase(call, SLOW)).json.phoneNumber;
    assert.equal((await DELETES.talkturo(call, id)).status, 200);
    assert.deepEqual((await listed(call)).numbers, []);
    assert.deepEqual((await typesOf(call, id)).slice(-4), [
      "CancellationRequested",
      "NumberPurchased",
      "ReleaseStarted",
      "Released",
    ]);
    assert.equal(await orders.sale(SLOW), null);
  }, options);
});

test("a purchase of a carrier that never cancels is refused by its id, and continues", () => {
  const { options } = sandboxThat("neverCancels");
  return withTeam(async ({ call }) => {
    const { id } = (await purchase(call, SLOW)).json.phoneNumber;
    const codes = {
      talkturo: "PURCHASE_IN_PROGRESS",
      speko: "PHONE_NUMBER_PROVISIONING_IN_PROGRESS",
      ledger: "PURCHASE_IN_PROGRESS",
    } as const;
    for (const [dialect, give] of Object.entries(DELETES)) {
      const { status, json } = await give(call, id);
      assert.deepEqual([status, json.code], [409, codes[dialect as keyof typeof codes]]);
      assert.ok((json.error ?? json.detail).includes(id));
      assert.equal(json.phoneNumberId ?? json.number, id);
    }
    assert.equal((await listed(call)).numbers[0].status, "purchasing");
  }, options);
});
