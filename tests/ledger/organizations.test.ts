/** An organization as its callers read it: its plan, what that allows, and its place within it. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { openTestApp, SIP } from "../support/app.ts";

const open = async (plan: string) => {
  const app = openTestApp({ runsAutomations: false });
  after(() => app.close());
  const caller = await app.ledger.authenticate(await app.organization("acme", plan));
  return { ledger: app.ledger, caller: caller ?? assert.fail() };
};

for (const plan of ["Free", "Growth", "Scale"]) {
  test(`an organization on ${plan} has what that plan allows`, async () => {
    const { ledger, caller } = await open(plan);
    assert.deepEqual(await ledger.limits(caller), DEFAULT_PLANS[plan]?.limits);
    const organization = await ledger.organization(caller);
    assert.deepEqual([organization?.id, organization?.plan], ["acme", plan]);
    assert.deepEqual(await ledger.operator.organization("acme"), organization);
    const place = await ledger.eligibility(caller);
    assert.deepEqual([place?.currentCount, place?.maxAllowed], [
      0,
      DEFAULT_PLANS[plan]?.maxNumbers,
    ]);
    const [connection, ...others] = await ledger.sipConnections(caller);
    assert.deepEqual([connection?.installation, others], [SIP.id, []]);
  });
}

test("an organization that nobody opened has nothing, and the smallest limits", async () => {
  const { ledger } = await open("Growth");
  const nobody = { organization: "nobody", actor: OPERATOR };
  assert.deepEqual(await ledger.limits(nobody), {
    ...DEFAULT_PLANS["Free"]?.limits,
    imports: 0,
    purchasesPerDay: 0,
    purchasesPer30Days: 0,
  });
  assert.equal(await ledger.organization(nobody), null);
  assert.equal(await ledger.operator.organization("nobody"), null);
  assert.equal(await ledger.eligibility(nobody), null);
  assert.deepEqual(await ledger.numbers.list(nobody), []);
  assert.equal(await ledger.numbers.get(nobody, "pn_1"), null);
  assert.deepEqual(await ledger.sipConnections(nobody), []);
  assert.deepEqual(await ledger.releaseRequests.list(nobody), []);
  assert.deepEqual(await ledger.credits.entries(nobody), { entries: [], next: null });
});
