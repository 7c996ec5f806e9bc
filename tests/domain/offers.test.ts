/** Offers that searches found: what is known of a number before it is bought. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isFresh, kindOf, latestOffer, offerKey, offers } from "../../core/number/offers.ts";
import type { E164 } from "../../core/values/e164.ts";
import { State } from "../../core/log/state.ts";
import { fold } from "../../core/registry/replay.ts";
import { ALICE, instant } from "../harness/specification.ts";
import { E164_1, offerOf, requested, searched } from "../harness/story/mod.ts";
import { runs } from "../support/runs.ts";
import type { FactOf } from "../../core/events/vocabulary.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";

const START = instant("2026-01-31T10:07:00Z");

test("kind of a number is that of its offer, or else has the country of its calling code", () => {
  const quoted = { ...offerOf(), carrier: "sandbox", at: 0 } as const;
  assert.deepEqual(kindOf(quoted, "sandbox", E164_1), { country: "US", type: "local" });
  assert.deepEqual(kindOf(undefined, "sandbox", "+41445550101" as E164), { country: "CH" });
  assert.deepEqual(kindOf(quoted, "telnyx", "+41445550101" as E164), { country: "CH" });
  assert.deepEqual(kindOf(undefined, "sandbox", E164_1), {});
  assert.deepEqual(kindOf(undefined, "sandbox", "+9991234567" as E164), {});
});

test("search makes an offer of each number that it found, and of no other", () => {
  const fact = { ...searched(E164_1), at: 7, actor: ALICE } as FactOf<"NumberSearched">;
  const key = offerKey("sandbox", E164_1, 7);
  assert.deepEqual(offers.evolve(undefined, fact, key), {
    ...offerOf(),
    features: ["voice", "sms"],
    carrier: "sandbox",
    at: 7,
  });
  assert.equal(offers.evolve(undefined, fact, offerKey("sandbox", "+14155550199", 7)), undefined);
});

/** Numbers that a search at some minute finds. */
const search = fc.record({
  minutes: fc.oneof(fc.nat(40), fc.nat(3_000)),
  found: fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 6 }),
});
const numberOf = (place: number): E164 => `+1415555${1_000 + place}`;

test("offers of two hours at most are kept, and all of the last one are among them", () => {
  fc.assert(
    fc.property(fc.array(search, { maxLength: 40 }), fc.nat(29), (searches, late) => {
      const state = State.empty();
      const made = new Map<E164, number>();
      let now = START;
      for (const { minutes, found } of searches) {
        now += minutes * MINUTE_MS;
        const e164s = found.map(numberOf);
        fold(state, { ...searched(...e164s), at: now, actor: ALICE });
        for (const e164 of e164s) made.set(e164, now);
        for (const { at } of state.all(offers)) assert.ok(now - at < 120 * MINUTE_MS);
      }
      const asked = now + late * MINUTE_MS;
      for (const [e164, at] of made) {
        const offer = latestOffer(state, "sandbox", e164, asked);
        if (asked - at <= 60 * MINUTE_MS) assert.equal(offer?.at, at, e164);
        else assert.ok(offer === undefined || !isFresh(offer, "sandbox", asked));
        assert.equal(latestOffer(state, "telnyx", e164, asked), undefined);
      }
    }),
    { numRuns: runs(1_000) },
  );
});

test("an offer is removed once its number was asked for, of whichever hour it is", () => {
  for (const minutes of [0, 1, 53, 60]) {
    const state = State.empty();
    fold(state, { ...searched(E164_1, "+14155550199"), at: START, actor: ALICE });
    fold(state, { ...requested(), at: START + minutes * MINUTE_MS, actor: ALICE });
    assert.deepEqual(state.all(offers).map(({ e164 }) => e164), ["+14155550199"]);
  }
});

test("offer is fresh for half an hour, at the carrier that made it", () => {
  const offer = { ...offerOf(), carrier: "sandbox", at: 0 } as const;
  assert.equal(isFresh(offer, "sandbox", 30 * MINUTE_MS), true);
  assert.equal(isFresh(offer, "sandbox", 30 * MINUTE_MS + 1), false);
  assert.equal(isFresh(offer, "telnyx", 0), false);
});
