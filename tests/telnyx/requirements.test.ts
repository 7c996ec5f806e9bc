/**
 * The application where Telnyx requires documents: nothing is ordered without, and it waits with
 * them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY_MS, SECOND_MS } from "../../core/values/calendar.ts";
import { assertSame, openCustomer, settle, type TelnyxApp, withTelnyx } from "./support.ts";

const SWISS = { country: "CH", type: "local" } as const;

/** A customer, a Swiss number that is for sale, and what the operator sets. */
const meet = async ({ app, telnyx }: TelnyxApp, id = "acme") => {
  const customer = await openCustomer(app, id, { plan: "Credits", credits: 100 });
  const { token } = customer;
  const search = { filters: { countryCode: "CH", limit: 1 } };
  const found = await app.request("POST", "/api/phone-numbers/search", { token, body: search });
  const [{ phoneNumber }] = found.json.numbers;
  const set = (requirementGroupId: string) =>
    app.admin("PUT", `/admin/organizations/${id}/requirements`, { ...SWISS, requirementGroupId });
  const group = (status: "approved" | "unapproved" | "no-longer-eligible") =>
    telnyx.group({ ...SWISS, status });
  const shown = async () => {
    const { json } = await app.request("GET", "/ledger/numbers", { token });
    return json.numbers.map(
      ({ status, waitsFor }: { readonly status: string; readonly waitsFor: string | null }) =>
        waitsFor === null ? status : `${status}: ${waitsFor}`,
    );
  };
  const credits = async () => (await app.admin("GET", `/admin/organizations/${id}`)).credits;
  return { customer, e164: phoneNumber as string, set, group, shown, credits };
};

test("purchase without a group is refused by what Telnyx requires, and nothing is ordered", () =>
  withTelnyx({}, async (opened) => {
    const { telnyx } = opened;
    const { customer, e164, credits } = await meet(opened);
    const { status, json } = await customer.buy(e164);
    assert.deepEqual([status, json.code], [422, "REQUIREMENTS_MISSING"]);
    assert.match(json.error, /Address Matching DID Area Code, Proof of Address/);
    assert.equal(json.requirements.missing.length, 2);
    assert.deepEqual([telnyx.requests("order"), await credits()], [0, "100.00"]);
    assert.deepEqual(await customer.numbers(), []);
  }));

test("purchases in the US ask Telnyx once for all of them what it requires", () =>
  withTelnyx({}, async (opened) => {
    const { telnyx, app } = opened;
    const customer = await openCustomer(app, "acme");
    for (const e164 of await customer.search(5)) {
      assert.equal((await customer.buy(e164)).status, 200);
    }
    assert.equal(telnyx.requests("requirements"), 1);
    assert.equal(await assertSame(opened, [customer]), 5);
  }));

test("order that is under review waits for days, says for what, and is confirmed by the webhook", () =>
  withTelnyx({ app: { waitMs: 0 } }, async (opened) => {
    const { app, telnyx } = opened;
    const { customer, e164, set, group, shown } = await meet(opened);
    await set(group("unapproved"));
    assert.equal((await customer.buy(e164)).status, 202);
    await settle(app);
    assert.deepEqual(await shown(), ["purchasing: review"]);
    await app.advance(3 * DAY_MS / SECOND_MS);
    telnyx.review(e164, "requirement-info-exception");
    await app.advance(DAY_MS / SECOND_MS);
    assert.deepEqual(await shown(), ["purchasing: correction"]);
    assert.equal(telnyx.requests("order"), 1);
    telnyx.review(e164, "approved");
    await telnyx.advance(SECOND_MS);
    assert.deepEqual(telnyx.webhooks.sent().map(({ status }) => status), [200]);
    assert.deepEqual(await shown(), ["active"]);
    assert.equal(await assertSame(opened, [customer]), 1);
  }));

test("order that Telnyx ends for its documents fails, and releases claim and money", () =>
  withTelnyx({ app: { waitMs: 0 } }, async (opened) => {
    const { app, telnyx } = opened;
    const { customer, e164, set, group, shown, credits } = await meet(opened);
    await set(group("unapproved"));
    await customer.buy(e164);
    await settle(app);
    assert.notEqual(await credits(), "100.00");
    telnyx.review(e164, "cancelled");
    await telnyx.advance(0);
    assert.deepEqual(await shown(), ["failed"]);
    assert.equal(await credits(), "100.00");
    const other = await meet(opened, "umbrella");
    assert.equal(other.e164, e164);
    await other.set(group("approved"));
    await other.customer.buy(e164);
    await settle(app);
    assert.equal(await assertSame(opened, [other.customer]), 1);
  }));

test("purchase that Telnyx refuses for its group says so, and leaves nothing behind", () =>
  withTelnyx({}, async (opened) => {
    const { telnyx } = opened;
    const { customer, e164, set, group, credits, shown } = await meet(opened);
    for (const id of [group("no-longer-eligible"), "rg_of_nobody"]) {
      await set(id);
      const { status, json } = await customer.buy(e164);
      assert.deepEqual([status, json.code], [422, "REQUIREMENTS_MISSING"]);
      assert.match(json.error, /did not accept/);
    }
    assert.deepEqual([telnyx.orders(), await credits()], [[], "100.00"]);
    assert.deepEqual(await shown(), ["failed", "failed"]);
  }));

test("nothing is ordered while Telnyx cannot say what it requires, and all continues once it can", () =>
  // The circuit stays closed: the effects of single answers are tested.
  withTelnyx({ limits: { failures: 1_000_000 } }, async (opened) => {
    const { telnyx, app } = opened;
    const { customer, e164, set, group } = await meet(opened);
    const [us = ""] = await customer.search(1);
    telnyx.fail("requirements", { kind: "serverError", carriedOut: false });
    for (const number of [us, e164]) {
      const { status, json, headers } = await customer.buy(number);
      assert.deepEqual([status, json.code], [503, "CARRIER_UNAVAILABLE"]);
      assert.notEqual(headers.get("retry-after"), null);
    }
    assert.equal(telnyx.requests("order"), 0);
    // What fulfils them is known, so no look-up of them is needed.
    await set(group("approved"));
    assert.equal((await customer.buy(e164)).status, 200);
    telnyx.heal();
    assert.equal((await customer.buy(us)).status, 200);
    await settle(app);
    assert.equal(await assertSame(opened, [customer]), 2);
  }));

test("order with a group whose answer is lost is found by its key, and sent once", () =>
  withTelnyx({}, async (opened) => {
    const { telnyx, app } = opened;
    const { customer, e164, set, group } = await meet(opened);
    await set(group("approved"));
    telnyx.fail("order", { kind: "loseAnswer" }, { times: 1 });
    await customer.buy(e164);
    await settle(app);
    assert.equal(await assertSame(opened, [customer]), 1);
    assert.equal(telnyx.requests("order"), 1);
  }));
