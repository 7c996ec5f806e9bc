/** Values at their boundaries: places, schemas of choices, limits and what they say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { Unavailable } from "../../core/log/unavailable.ts";
import { isFresh } from "../../core/number/offers.ts";
import { notAvailable } from "../../core/number/refusals.ts";
import { unmetRequirements } from "../../core/number/requirements.ts";
import { inOneForm } from "../../core/number/search.ts";
import { isVerified, planLimitReached } from "../../core/organization/eligibility.ts";
import { purchaseQuota } from "../../core/organization/quotas.ts";
import { self } from "../../core/organization/refusals.ts";
import { isoTimeOrNull, MINUTE_MS } from "../../core/values/calendar.ts";
import { kindOf, oneOf, only } from "../../core/values/choice.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { automation } from "../../core/values/identity.ts";
import { placesOf } from "../../core/values/place.ts";
import { NO_LIMITS, type Plan } from "../../core/values/plan.ts";
import { isNested } from "../../core/values/text.ts";
import { townSpellings } from "../../core/values/town.ts";
import { numberWithin } from "../../core/values/written-number.ts";
import { at, instant, stateAfter } from "../harness/specification.ts";
import { E164_1, offerOf, opened, requested } from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const trial: Plan = {
  name: "Free",
  maxNumbers: 1,
  billing: "trial",
  verification: "none",
  limits: NO_LIMITS,
};

test("a place that is the name of a state alone is a town, however many words it has", () => {
  for (const name of ["Georgia", "New Hampshire", "District of Columbia"]) {
    assert.deepEqual(placesOf(name, "US"), [{ town: name, state: null }]);
  }
});

test("a comma parts a town from its state where both are there", () => {
  assert.deepEqual(placesOf("München, Bayern", "DE"), [{ town: "München", state: "bayern" }]);
  for (const half of ["München,", ", Bayern", "München, -", "-, Bayern"]) {
    assert.deepEqual(placesOf(half, "DE"), [{ town: half, state: null }]);
  }
  assert.deepEqual(placesOf(", -", "DE"), []);
});

test("a town is spelt as written, with single spaces, and each spelling once", () => {
  assert.deepEqual(townSpellings("  San   José "), ["San José", "San Jose"]);
  assert.ok(townSpellings("NYC").length > 1);
});

test("a choice says what it accepts, that it is missing, or that it is not an object", () => {
  const said = (schema: v.GenericSchema, input: unknown) =>
    v.safeParse(schema, input).issues?.map(({ message }) => message);
  const kinds = kindOf("kind", [
    v.object({ kind: v.literal("a") }),
    v.object({ kind: v.picklist(["b", "c"]) }),
  ]);
  assert.deepEqual(said(kinds, { kind: "a" }), undefined);
  assert.deepEqual(said(kinds, { kind: "d" }), ['must be "a" or "b" or "c"']);
  assert.deepEqual(said(kinds, {}), ["is required"]);
  assert.deepEqual(said(kinds, "a"), ["must be an object"]);
  assert.deepEqual(said(kinds, undefined), ["is required"]);
  assert.deepEqual(said(oneOf(["x", "y"]), "z"), ['must be "x" or "y"']);
  assert.deepEqual(said(only(1), 2), ["must be 1"]);
  assert.deepEqual(said(only(1), undefined), ["is required"]);
});

test("a number is a text: neither a list of one nor digits", () => {
  const fits = (input: unknown) => v.safeParse(E164Schema, input).success;
  assert.deepEqual([E164_1, [E164_1], 14155550101, "14155550101"].map(fits), [
    true,
    false,
    false,
    false,
  ]);
});

test("a number is found within a text, without the space around it", () => {
  assert.equal(numberWithin("  +1 415 555 0101  "), "+1 415 555 0101");
  assert.equal(numberWithin("\u200b+1\u00a0415\u200b "), "+1 415");
  assert.equal(numberWithin("Tel.: 415 ext. 7 "), " 415");
  assert.equal(numberWithin("415 x7 555"), "415 x7 555");
});

test("a null and a text have nothing within them, lists and objects have", () => {
  assert.deepEqual([null, "a", 1, undefined, [], {}].map(isNested), [
    ...Array.from({ length: 4 }, () => false),
    true,
    true,
  ]);
});

test("a moment that is missing is null, and another its ISO time", () => {
  assert.equal(isoTimeOrNull(null), null);
  assert.equal(isoTimeOrNull(instant(NOON)), "2026-01-31T12:00:00Z");
  assert.equal(isoTimeOrNull(0), "1970-01-01T00:00:00Z");
});

test("an offer is fresh for half an hour, at the carrier that made it", () => {
  const offer = { ...offerOf(), carrier: "sandbox", at: 0 } as const;
  assert.equal(isFresh(offer, "sandbox", 30 * MINUTE_MS), true);
  assert.equal(isFresh(offer, "sandbox", 30 * MINUTE_MS + 1), false);
  assert.equal(isFresh(offer, "telnyx", 0), false);
});

test("filters have one form, without features where none is asked for", () => {
  const filters = { country: "US", type: "local", limit: 1 } as const;
  assert.deepEqual(inOneForm(filters), filters);
  assert.deepEqual(inOneForm({ ...filters, features: [] }), filters);
  assert.deepEqual(
    inOneForm({ ...filters, features: ["sms", "voice", "sms"] }).features?.length,
    2,
  );
});

test("a carrier that says what it requires says so of the market, or it is not known", () => {
  const market = { country: "US", type: "local" } as const;
  assert.equal(unmetRequirements(market, null), null);
  assert.equal(unmetRequirements(market, [{ ...market, requirements: [] }]), null);
  const known = [{ ...market, country: "CA", requirements: [] }, {
    ...market,
    type: "tollFree" as const,
    requirements: [],
  }];
  const { error: { code, country, type } } = unmetRequirements(market, known) ??
    assert.fail("it is known");
  assert.deepEqual([code, country, type], ["REQUIREMENTS_UNKNOWN", "US", "local"]);
});

test("a business is verified as far as its plan asks", () => {
  const organization = self(stateAfter(at(NOON, opened()))) ?? assert.fail("it was opened");
  const verified = (asked: Plan["verification"]) =>
    (["missing", "draft", "submitted", "approved", "rejected", "revoked"] as const).filter(
      (status) => {
        const verification = { id: null, status, revoked: false };
        return isVerified({ ...organization, verification }, { ...trial, verification: asked });
      },
    );
  assert.equal(verified("none").length, 6);
  assert.deepEqual(verified("submitted"), ["submitted", "approved"]);
  assert.deepEqual(verified("approved"), ["approved"]);
});

test("a plan that is full says how many it has, of trials how many there were", () => {
  const organization = self(stateAfter(at(NOON, opened()))) ?? assert.fail("it was opened");
  const said = (plan: Plan) => planLimitReached(organization, plan, "own").error.message;
  assert.equal(
    said(trial),
    "The Free plan includes 1 trial number, which was used; move to a paid plan for more.",
  );
  assert.equal(
    said({ ...trial, maxNumbers: 2 }),
    "The Free plan includes 2 trial numbers, which were used; move to a paid plan for more.",
  );
  assert.equal(
    said({ ...trial, billing: "credits", maxNumbers: 2 }),
    "The Free plan allows 2 numbers, and no more; release one, or move to a larger plan.",
  );
});

test("of two quotas that are reached, the one that frees later refuses, and never is the latest", () => {
  const state = stateAfter(at(NOON, opened(), requested()));
  const free = (purchasesPerDay: number, purchasesPer30Days: number) => {
    const limits = { ...NO_LIMITS, purchasesPerDay, purchasesPer30Days };
    const refusal = purchaseQuota(state, { ...trial, limits }, instant(NOON), "own");
    return refusal === null ? "none" : isoTimeOrNull(refusal.error.freeAt);
  };
  assert.equal(free(2, 2), "none");
  assert.equal(free(1, 2), "2026-02-01T12:00:00Z");
  assert.equal(free(2, 1), "2026-03-02T12:00:00Z");
  assert.equal(free(1, 1), "2026-03-02T12:00:00Z");
  assert.equal(free(0, 1), null);
  assert.equal(free(1, 0), null);
});

test("what has a name of its own has it: a log that is unavailable, a number, an automation", () => {
  const error = new Unavailable("It is stopped.", undefined, "read-only");
  assert.deepEqual([error.name, error.message, error.reason], [
    "Unavailable",
    "It is stopped.",
    "read-only",
  ]);
  assert.equal(new Unavailable("It is stopped.").reason, null);
  assert.equal(notAvailable(E164_1).error.code, "NUMBER_NOT_AVAILABLE");
  assert.deepEqual(automation("renewals"), { kind: "ledger", automation: "renewals" });
});
