/** End to end, over HTTP: differences between Telnyx and the ledger are found and corrected. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ADMIN_TOKEN } from "../support/app.ts";
import { asker } from "./emulator-requests.ts";
import { assertSame, type Customer, openCustomer, type TelnyxApp, withTelnyx } from "./support.ts";

const MINUTE_S = 60;

type Drift = { readonly kind: string; readonly e164: string; readonly remedy: string };

const reconcile = async ({ app }: TelnyxApp) => {
  const { status, seen, drifts } = await app.admin("POST", "/admin/reconciliations");
  assert.equal(status, "complete");
  const found = drifts.map(({ kind, e164, remedy }: Drift) => `${kind} ${e164}: ${remedy}`);
  return { seen, drifts: found.toSorted() };
};

const buy = async (customer: Customer, limit: number, areaCode?: string) => {
  const numbers = await customer.search(limit, areaCode);
  for (const e164 of numbers) assert.equal((await customer.buy(e164)).status, 200);
  return numbers;
};

/** Another program orders a number in our account, bypassing us. */
const orderPastUs = async (
  { telnyx }: TelnyxApp,
  phone_number: string,
  customer_reference?: string,
) => {
  const { status } = await asker(telnyx)("POST", "/number_orders", {
    phone_numbers: [{ phone_number }],
    ...(customer_reference !== undefined && { customer_reference }),
  });
  assert.equal(status, 200);
};

const carrierIdOf = ({ telnyx }: TelnyxApp, e164: string): string =>
  telnyx.numbers().find((number) => number.e164 === e164)?.id ?? assert.fail(`no ${e164}`);

const keeps = ({ telnyx }: TelnyxApp, e164: string): boolean =>
  telnyx.numbers().some((number) => number.e164 === e164);

describe("a reconciliation with Telnyx", () => {
  test("finds nothing when both sides are the same, over many pages", () =>
    withTelnyx({}, async (subject) => {
      const customer = await openCustomer(subject.app, "acme");
      for (const areaCode of ["415", "212", "312"]) await buy(customer, 90, areaCode);
      const { seen, drifts } = await reconcile(subject);
      assert.deepEqual(drifts, []);
      assert.equal(seen.agreed, 270);
    }));

  test("releases a number here that was deleted there, and frees it for anyone", () =>
    withTelnyx({}, async (subject) => {
      const { app, telnyx } = subject;
      const customer = await openCustomer(app, "acme");
      const [gone = "", kept = ""] = await buy(customer, 2);
      await app.advance(2 * MINUTE_S);
      await asker(telnyx)("DELETE", `/phone_numbers/${carrierIdOf(subject, gone)}`);
      assert.deepEqual((await reconcile(subject)).drifts, [`ghost ${gone}: releaseHere`]);
      assert.equal(await assertSame(subject, [customer]), 1);
      assert.ok(keeps(subject, kept));
      await customer.search(2);
      assert.equal((await customer.buy(gone)).status, 200);
    }));

  test("releases what an order of ours bought though Telnyx denied it, and nothing else", () =>
    withTelnyx({ app: { orphans: { kind: "release" } } }, async (subject) => {
      const { app, telnyx } = subject;
      const customer = await openCustomer(app, "acme", { plan: "Credits", credits: 100 });
      const [denied = "", nameless = "", foreign = ""] = await customer.search(3);
      const by = (): Promise<Response> =>
        Promise.resolve(Response.json({ errors: [{ code: "10010" }] }, { status: 403 }));
      telnyx.fail("order", { kind: "replaceAnswer", by }, { times: 1 });
      assert.equal((await customer.buy(denied)).status, 502);
      await orderPastUs(subject, nameless);
      await orderPastUs(subject, foreign, "another buyer's");
      assert.ok(keeps(subject, denied), "Telnyx has sold it anyway");
      await app.advance(2 * MINUTE_S);
      const { seen, drifts } = await reconcile(subject);
      assert.deepEqual(
        drifts,
        [`orphan ${denied}: releaseThere`, `orphan ${nameless}: report`].toSorted(),
      );
      assert.equal(seen.foreign, 1);
      assert.deepEqual([denied, nameless, foreign].map((e164) => keeps(subject, e164)), [
        false,
        true,
        true,
      ]);
      const { credits } = await app.admin("GET", "/admin/organizations/acme");
      assert.equal(credits, "100.00");
    }));
});

describe("a reconciliation with a Telnyx whose lists are incomplete", () => {
  test("leaves a number alone that was bought recently and is not visible yet", () =>
    withTelnyx({ emulator: { hiddenMs: 45_000 } }, async (subject) => {
      const { app } = subject;
      const customer = await openCustomer(app, "acme");
      const [e164 = ""] = await customer.search(1);
      await customer.buy(e164);
      assert.deepEqual((await reconcile(subject)).drifts, []);
      await app.advance(2 * MINUTE_S);
      assert.deepEqual((await reconcile(subject)).drifts, []);
      assert.equal(await assertSame(subject, [customer]), 1);
    }));

  test("treats nothing as gone or left over when its own look-up is corrupted", () =>
    withTelnyx({ app: { orphans: { kind: "release" } } }, async (subject) => {
      const { app, telnyx } = subject;
      const customer = await openCustomer(app, "acme");
      await buy(customer, 20);
      await app.advance(2 * MINUTE_S);
      for (const kind of ["malformedAnswer", "cutAnswer", "loseAnswer"] as const) {
        const end = telnyx.fail("listNumbers", { kind }, { probability: 0.9 });
        const { status, json } = await app.request("POST", "/admin/reconciliations", {
          token: ADMIN_TOKEN,
        });
        assert.ok([200, 502, 503].includes(status), `${status}`);
        assert.deepEqual(json.drifts ?? [], []);
        end();
      }
      assert.equal(await assertSame(subject, [customer]), 20);
    }));
});
