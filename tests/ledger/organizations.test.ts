/** An organization as its callers read it: its plan, what that allows, and its place within it. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
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

test("a ledger is ready while its log can be read, and written as far as it knows", async () => {
  const log = openMemoryLog();
  const asked: unknown[] = [];
  let broken: "writable" | "heads" | null = null;
  const ask = (call: typeof broken): Promise<void> => {
    asked.push(call);
    return broken === call ? Promise.reject(new Error(`no ${call}`)) : Promise.resolve();
  };
  const app = openTestApp({
    log: {
      ...log,
      writable: () => ask("writable"),
      heads: async (...page) => {
        await ask("heads");
        return await log.heads(...page);
      },
    },
    runsAutomations: false,
  });
  await app.ledger.ready();
  assert.deepEqual(asked, ["writable", "heads"]);
  for (const call of ["writable", "heads"] as const) {
    broken = call;
    await assert.rejects(app.ledger.ready(), { message: `no ${call}` });
  }
  await app.close();
});
