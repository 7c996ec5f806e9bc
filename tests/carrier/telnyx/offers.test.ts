/** Offers of Telnyx, beyond what every carrier promises. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CANADA } from "../../../adapters/carrier/sandbox/plans/canada.ts";
import { US_A_TO_M } from "../../../adapters/carrier/sandbox/plans/us-a-m.ts";
import { US_N_TO_W } from "../../../adapters/carrier/sandbox/plans/us-n-w.ts";
import { formatMoney, money } from "../../../core/values/money.ts";
import { changing, FILTERS, type Json, open, valueOf } from "./account.ts";
import { runs } from "../../support/runs.ts";

test("offers at Telnyx have their prices exactly, to the micro-dollar", () =>
  fc.assert(
    fc.asyncProperty(fc.nat(2_000_000_000), fc.nat(2_000_000_000), async (setup, monthly) => {
      const { telnyx, carrier } = await open();
      const cost_information = {
        upfront_cost: formatMoney(money(setup)),
        monthly_cost: (monthly / 1_000_000).toFixed(6),
        currency: "USD",
      };
      telnyx.fail("search", changing((row) => ({ ...row, cost_information })));
      const [offer] = valueOf(await carrier.search({ ...FILTERS, limit: 1 }));
      assert.deepEqual([offer?.setup, offer?.monthly], [money(setup), money(monthly)]);
    }),
    { numRuns: runs(20) },
  ));

test("offers at Telnyx are malformed when a price is not an exact amount of dollars", async () => {
  const prices: readonly Json[] = [
    { currency: "EUR" },
    { currency: undefined },
    { monthly_cost: "1.0000001" },
    { monthly_cost: "-1.00" },
    { monthly_cost: 1 },
    { upfront_cost: "1e3" },
    { upfront_cost: "9".repeat(30) },
  ];
  for (const price of prices) {
    const { telnyx, carrier } = await open();
    const whole = { upfront_cost: "1.00", monthly_cost: "1.00", currency: "USD", ...price };
    telnyx.fail("search", changing((row) => ({ ...row, cost_information: whole })));
    const searched = await carrier.search(FILTERS);
    assert.ok(!searched.ok && searched.error.kind === "unknown", JSON.stringify(price));
  }
});

test("offers at Telnyx leave out what cannot be parsed, and nothing else", async () => {
  const spoilt: readonly Json[] = [
    { phone_number: "415" },
    { phone_number: null },
    { phone_number: "+442079460000" },
    { cost_information: null },
    { cost_information: { upfront_cost: "-1.00", monthly_cost: "1.00", currency: "USD" } },
    { cost_information: { upfront_cost: "1.00", monthly_cost: "1.00", currency: "EUR" } },
    { features: "voice" },
    { best_effort: "no" },
  ];
  for (const change of spoilt) {
    const { telnyx, carrier } = await open();
    const whole = valueOf(await carrier.search(FILTERS));
    let row = 0;
    telnyx.fail("search", changing((offer) => row++ === 1 ? { ...offer, ...change } : offer));
    const offers = valueOf(await carrier.search(FILTERS));
    assert.deepEqual(offers, whole.toSpliced(1, 1), JSON.stringify(change));
  }
});

test("offers at Telnyx leave out a number with contradictory rows", async () => {
  const { telnyx, carrier } = await open();
  const [first, second] = valueOf(await carrier.search({ ...FILTERS, limit: 2 }));
  assert.ok(first !== undefined && second !== undefined);
  const cost = { upfront_cost: "0.00", monthly_cost: "0.00", currency: "USD" };
  telnyx.fail("search", {
    kind: "replaceAnswer",
    by: async (answer) => {
      const { data, ...rest } = await answer.json();
      const again = { ...data[0], cost_information: cost };
      return Response.json({ ...rest, data: [...data, again, data[1]] });
    },
  });
  assert.deepEqual(valueOf(await carrier.search({ ...FILTERS, limit: 2 })), [second]);
});

test("offers at Telnyx leave out partial matches, and features that we do not have", async () => {
  const { telnyx, carrier } = await open();
  let row = 0;
  telnyx.fail(
    "search",
    changing((offer) => ({
      ...offer,
      best_effort: row++ > 0,
      features: ["hd_voice", "sms", "voice", "emergency"].map((name) => ({ name })),
    })),
  );
  const offers = valueOf(await carrier.search(FILTERS));
  assert.deepEqual(offers.map(({ features }) => features), [["voice", "sms"]]);
});

test("offers at Telnyx may lack features and regions", async () => {
  const { telnyx, carrier } = await open();
  telnyx.fail("search", changing((row) => ({ ...row, features: null, region_information: null })));
  const [offer] = valueOf(await carrier.search({ ...FILTERS, limit: 1 }));
  assert.deepEqual(offer?.features, []);
  assert.deepEqual(offer.region, { state: null, locality: null, rateCenter: null });
});

test("offers at Telnyx are quoted for numbers of any country and type, exactly", async () => {
  const { carrier } = await open();
  const searches = [
    { country: "CA", type: "local", limit: 1 },
    { country: "US", type: "tollFree", limit: 1 },
    { country: "GB", type: "local", limit: 1 },
    { country: "GB", type: "tollFree", limit: 1 },
  ] as const;
  for (const filters of searches) {
    const [offer] = valueOf(await carrier.search(filters));
    assert.ok(offer !== undefined);
    assert.deepEqual(valueOf(await carrier.quote(offer.e164)), offer);
  }
  assert.equal(valueOf(await carrier.quote("+99912345678")), null);
});

test("offers at Telnyx are quoted by one search where country and type are known", async () => {
  const { telnyx, carrier, adapter } = await open();
  const searches = [
    { country: "CA", type: "local", limit: 1 },
    { country: "GB", type: "tollFree", limit: 1 },
  ] as const;
  for (const { country, type, limit } of searches) {
    const [offer] = valueOf(await carrier.search({ country, type, limit }));
    assert.ok(offer !== undefined);
    const before = telnyx.requests("search");
    assert.deepEqual(valueOf(await adapter().quote(offer.e164, { country, type })), offer);
    assert.equal(telnyx.requests("search"), before + 1);
    // Impossible values of the number are ignored.
    assert.deepEqual(valueOf(await adapter().quote(offer.e164, { country: "JP" })), offer);
  }
});

test("offers at Telnyx are quoted in area codes that our tables lack", async () => {
  const { carrier } = await open();
  // In service, and unknown to the library that formats numbers.
  for (const area of ["357", "436", "621", "624", "679", "729", "837", "861", "924"]) {
    const offer = valueOf(await carrier.quote(`+1${area}5550101`));
    assert.equal(offer?.country, "US", area);
  }
  for (const area of ["000", "100", "222", "999"]) {
    assert.equal(valueOf(await carrier.quote(`+1${area}5550101`)), null, area);
  }
});

test("offers at Telnyx are quoted in every area code that it sells", async () => {
  const { carrier } = await open();
  const areas = { US: { ...US_A_TO_M, ...US_N_TO_W }, CA: CANADA };
  for (const [country, codes] of Object.entries(areas)) {
    for (const area of Object.keys(codes)) {
      assert.equal(valueOf(await carrier.quote(`+1${area}5550101`))?.country, country, area);
    }
  }
});
