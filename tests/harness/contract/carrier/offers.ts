/** What every carrier finds, and what it offers. */
import assert from "node:assert/strict";
import { MAX_PRICE } from "../../../../core/values/money.ts";
import type { Test } from "../../runner.ts";
import { type CarrierSubject, ENOUGH, first, valueOf } from "../carrier-support.ts";

export const searching = (test: Test, subject: () => CarrierSubject): void => {
  test(`the subject's filters find ${ENOUGH} numbers, which these tests need`, async () => {
    const { carrier, filters } = subject();
    const { length } = valueOf(await carrier.search({ ...filters, limit: ENOUGH }));
    const few = `\`filters\` find ${length} numbers, and this suite needs ${ENOUGH}`;
    assert.ok(length >= ENOUGH, few);
  });

  test("search gives offers as asked for when filters are given", async () => {
    const { carrier, filters, locality } = subject();
    for (const asked of [filters, { ...filters, locality }]) {
      const offers = valueOf(await carrier.search(asked));
      assert.ok(offers.length >= 1);
      for (const offer of offers) {
        assert.equal(offer.country, asked.country);
        assert.equal(offer.type, asked.type);
        for (const { micros } of [offer.setup, offer.monthly]) {
          assert.ok(micros >= 0 && micros <= MAX_PRICE);
        }
        assert.ok(offer.features.length > 0);
        if (asked.areaCode !== undefined) assert.equal(offer.e164.slice(2, 5), asked.areaCode);
        if ("locality" in asked) assert.equal(offer.region.locality, locality);
      }
    }
  });

  test("search compares towns without regard to case", async () => {
    const { carrier, filters, locality } = subject();
    const lower = await carrier.search({ ...filters, locality: locality.toLowerCase() });
    const upper = await carrier.search({ ...filters, locality: locality.toUpperCase() });
    assert.deepEqual(valueOf(lower), valueOf(upper));
  });

  test("search gives at most the limit, and no number twice", async () => {
    const { carrier, filters } = subject();
    for (const limit of [1, 2, ENOUGH]) {
      const offers = valueOf(await carrier.search({ ...filters, limit }));
      assert.equal(offers.length, limit);
      assert.equal(new Set(offers.map(({ e164 }) => e164)).size, limit);
    }
  });

  test("search gives an empty list when nothing matches", async () => {
    const { carrier, none } = subject();
    assert.deepEqual(valueOf(await carrier.search(none)), []);
  });

  test("quote gives the offer that search gave when the number is still there", async () => {
    const offer = await first(subject());
    assert.deepEqual(valueOf(await subject().carrier.quote(offer.e164)), offer);
  });

  test("quote gives the same offer when it is given the number's country and type", async () => {
    const offer = await first(subject());
    const { e164, country, type } = offer;
    for (const kind of [{}, { country }, { type }, { country, type }]) {
      assert.deepEqual(valueOf(await subject().carrier.quote(e164, kind)), offer);
    }
  });

  test("quote trusts its own inventory where it is given the kind of a number that is not offered", async () => {
    const { carrier, notOffered, filters: { country, type } } = subject();
    assert.equal(valueOf(await carrier.quote(notOffered, { country, type })), null);
  });

  test("quote gives null when the number is not offered", async () => {
    const { carrier, notOffered } = subject();
    assert.equal(valueOf(await carrier.quote(notOffered)), null);
  });
};
