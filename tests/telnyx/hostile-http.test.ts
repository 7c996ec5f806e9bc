/** Hostile answers end to end, over HTTP: never a 500, and never a purchase left half written. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ALL_ENDPOINTS } from "../harness/emulators/telnyx/routes.ts";
import { garbles, plausible, spoil } from "./corrupted-answers.ts";
import {
  assertSame,
  type Customer,
  HOSTILE_LIMITS,
  openCustomer,
  tally,
  type TelnyxApp,
  withTelnyx,
} from "./support.ts";
import { runs } from "../support/runs.ts";
import { until } from "../support/eventually.ts";

const RUNS = runs(40);
const NUMBER_PRICE = 2;
const CREDITS = 100;
const PREPAID = { plan: "Credits", credits: CREDITS };
const NEVER_SEARCHED = "+14155550177";
const MINUTE_S = 60;
const OPTIONS = {
  limits: HOSTILE_LIMITS,
  app: { waitMs: 30, runsAutomations: false },
};

const assertStatus = ({ status }: { readonly status: number }, allowed: readonly number[]) =>
  assert.ok(allowed.includes(status), `answered ${status}, not one of ${allowed}`);

/** A customer's calls during a bad hour; each gets an allowed answer. */
const act = async ({ app }: TelnyxApp, customer: Customer, numbers: readonly string[]) => {
  const { token } = customer;
  const path = "/v1/phone-numbers/available?areaCode=415&limit=3";
  assertStatus(await app.request("GET", path, { token }), [200, 502, 503]);
  for (const e164 of numbers) {
    assertStatus(await customer.buy(e164), [200, 202, 404, 409, 502, 503]);
  }
  for (const { id } of (await customer.numbers()).slice(0, 1)) {
    assertStatus(await customer.release(id), [200, 202, 404, 409, 502]);
  }
  await app.ledger.work.run();
};

const isUnderWay = async (customer: Customer): Promise<boolean> => {
  const { purchasing = 0, suspended = 0 } = tally(await customer.numbers());
  return purchasing + suspended > 0;
};

/**
 * The hour is over, and all that it left open is done. A call in progress takes its time by the
 * machine's clock, however far the test clock has advanced.
 */
const calm = async ({ telnyx, app }: TelnyxApp, customer: Customer) => {
  telnyx.heal();
  await until(async () => {
    await app.advance(MINUTE_S);
    return !await isUnderWay(customer);
  });
};

const creditsOf = async ({ app }: TelnyxApp): Promise<number> =>
  Number((await app.admin("GET", "/admin/organizations/acme")).credits);

describe("the application, while Telnyx gives corrupted answers", () => {
  test("answers every call as documented, and leaves no purchase incomplete", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ endpoint: fc.constantFrom("any", ...ALL_ENDPOINTS), garble: garbles }),
          { minLength: 1, maxLength: 4 },
        ),
        (spoilt) =>
          withTelnyx(OPTIONS, async (subject) => {
            const customer = await openCustomer(subject.app, "acme", PREPAID);
            const numbers = await customer.search(2);
            for (const { endpoint, garble } of spoilt) {
              const fault = { kind: "replaceAnswer", by: spoil(garble) } as const;
              subject.telnyx.fail(endpoint, fault, { probability: 0.7 });
            }
            await act(subject, customer, [...numbers, NEVER_SEARCHED]);
            await calm(subject, customer);
            const credits = await creditsOf(subject);
            assert.ok(credits >= 0 && credits <= CREDITS, `${credits}`);
          }),
      ),
      { numRuns: RUNS },
    ));

  test("releases nothing while a proxy answers for Telnyx with 404, and does so afterwards", () =>
    withTelnyx(OPTIONS, async (subject) => {
      const { app, telnyx } = subject;
      const customer = await openCustomer(app, "acme", PREPAID);
      for (const e164 of await customer.search(1)) await customer.buy(e164);
      const [number] = await customer.numbers();
      assert.ok(number !== undefined);
      const by = () => Promise.resolve(new Response("<h1>Not Found</h1>", { status: 404 }));
      telnyx.fail("any", { kind: "replaceAnswer", by });
      assertStatus(await customer.release(number.id), [200, 202]);
      await app.advance(MINUTE_S);
      assert.equal(telnyx.numbers().length, 1);
      await calm(subject, customer);
      assert.deepEqual(telnyx.numbers(), []);
    }));

  test("has bought what Telnyx sold when only the answers to its orders are corrupted", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(plausible, { minLength: 3, maxLength: 3 }),
        (spoilt) =>
          withTelnyx(OPTIONS, async (subject) => {
            const customer = await openCustomer(subject.app, "acme", PREPAID);
            const numbers = await customer.search(spoilt.length);
            for (const [place, garble] of spoilt.entries()) {
              const fault = { kind: "replaceAnswer", by: spoil(garble) } as const;
              subject.telnyx.fail("order", fault, { times: 1 });
              assertStatus(await customer.buy(numbers[place] ?? ""), [200, 202]);
            }
            await calm(subject, customer);
            assert.equal(await assertSame(subject, [customer]), spoilt.length);
            assert.equal(subject.telnyx.requests("order"), spoilt.length);
            assert.equal(await creditsOf(subject), CREDITS - spoilt.length * NUMBER_PRICE);
          }),
      ),
      { numRuns: RUNS },
    ));
});
