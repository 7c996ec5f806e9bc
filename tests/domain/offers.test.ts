/** Offers that searches found: what is known of a number before it is bought. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isFresh, kindOf, offerKey, offers } from "../../core/number/offers.ts";
import type { E164 } from "../../core/values/e164.ts";
import { ALICE } from "../harness/specification.ts";
import { E164_1, offerOf, searched } from "../harness/story/mod.ts";
import type { FactOf } from "../../core/events/vocabulary.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";

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
  const key = offerKey("sandbox", E164_1);
  assert.deepEqual(offers.evolve(undefined, fact, key), {
    ...offerOf(),
    features: ["voice", "sms"],
    carrier: "sandbox",
    at: 7,
  });
  assert.equal(offers.evolve(undefined, fact, offerKey("sandbox", "+14155550199")), undefined);
});

test("offer is fresh for half an hour, at the carrier that made it", () => {
  const offer = { ...offerOf(), carrier: "sandbox", at: 0 } as const;
  assert.equal(isFresh(offer, "sandbox", 30 * MINUTE_MS), true);
  assert.equal(isFresh(offer, "sandbox", 30 * MINUTE_MS + 1), false);
  assert.equal(isFresh(offer, "telnyx", 0), false);
});
