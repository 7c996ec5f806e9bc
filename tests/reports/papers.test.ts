/** Public reports about carriers that require documents. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openCustomer, settle, withTelnyx } from "../telnyx/support.ts";

// https://github.com/hail-hq/hail/issues/45 and
// https://github.com/Preskton/terraform-provider-twilio/issues/53
test("a carrier that requires documents says so by a code, before or after, and charges nothing", () =>
  withTelnyx({ app: { waitMs: 0 } }, async ({ app, telnyx }) => {
    const customer = await openCustomer(app, "acme", { plan: "Credits", credits: 100 });
    const { token } = customer;
    const filters = { countryCode: "CH", limit: 1 };
    const found = await app.request("POST", "/api/phone-numbers/search", {
      token,
      body: { filters },
    });
    const e164: string = found.json.numbers[0].phoneNumber;
    const credits = async () => (await app.admin("GET", "/admin/organizations/acme")).credits;

    const before = await customer.buy(e164);
    assert.deepEqual([before.status, before.json.code], [422, "REQUIREMENTS_MISSING"]);
    assert.ok(before.json.requirements.missing.length > 0);
    assert.deepEqual([await credits(), telnyx.requests("order")], ["100.00", 0]);

    const group = telnyx.group({ country: "CH", type: "local", status: "unapproved" });
    await app.admin("PUT", "/admin/organizations/acme/requirements", {
      country: "CH",
      type: "local",
      requirementGroupId: group,
    });
    assert.equal((await customer.buy(e164)).status, 202);
    await settle(app);
    telnyx.review(e164, "cancelled");
    await telnyx.advance(0);
    const [number] = await customer.numbers();
    assert.deepEqual([number?.status, await credits()], ["error", "100.00"]);
    const history = await app.request("GET", `/ledger/numbers/${number?.id}/history`, { token });
    const failed = history.json.events.find(({ type }: { type: string }) =>
      type === "PurchaseFailed"
    );
    assert.equal(failed.data.reason, "requirementsMissing");
    assert.notEqual(failed.data.message, "");
    // The claim is given back: another customer may have the number.
    const other = await openCustomer(app, "umbrella");
    const answer = await other.buy(e164);
    assert.deepEqual([answer.status, answer.json.code], [422, "REQUIREMENTS_MISSING"]);
  }));
