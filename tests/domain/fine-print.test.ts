/** Rules that matter in few cases: drafts after reviews, imports by trunk, patterns, times. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent, FactOf } from "../../core/events/vocabulary.ts";
import { claimant } from "../../core/number/refusals.ts";
import { kindOf, offerKey, offers } from "../../core/number/offers.ts";
import { type Route, routes } from "../../core/number/routes.ts";
import { isPattern, nationalOf, searchKey } from "../../core/number/search.ts";
import { State } from "../../core/log/state.ts";
import { unlistedOf } from "../../core/reconciliation/compare.ts";
import { exhausted } from "../../core/organization/quotas.ts";
import { verifications } from "../../core/verification/state.ts";
import { missingOf } from "../../core/verification/address.ts";
import { isoTime, parseTime } from "../../core/values/calendar.ts";
import { callingCodeFor } from "../../core/values/calling-code.ts";
import type { E164 } from "../../core/values/e164.ts";
import { placesOf, placeTest } from "../../core/values/place.ts";
import { hasAtMost } from "../../core/values/text.ts";
import { ALICE, at, given, instant, stateAfter } from "../harness/specification.ts";
import {
  attested,
  bringIn,
  business,
  drafted,
  E164_1,
  imported,
  offerOf,
  opened,
  PN,
  reinstated,
  releaseStarted,
  requested,
  revoked,
  searched,
  sipInstalled,
  submitted,
  suspended,
  wholeBusiness,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const LATER = "2026-02-02T12:00:00Z";
const rejected = (verification: string): DomainEvent => ({
  type: "VerificationRejected",
  data: { verification, reason: "It is not whole." },
});
const reviewed = (name: string, verification: string): readonly DomainEvent[] => [
  submitted(attested(wholeBusiness(name)), false, verification),
  rejected(verification),
];

test("a new draft begins with what the last submission said that was reviewed", () => {
  const content = {
    businessProfile: { displayName: "New" },
    authorizedRepresentative: {},
    attestationAccepted: false,
  };
  const draft = { type: "DraftVerification", verification: "vs_9", content } as const;
  const expected = (name: string) => {
    const { businessProfile, authorizedRepresentative } = wholeBusiness(name);
    return [
      drafted({
        businessProfile: { ...businessProfile, displayName: "New" },
        authorizedRepresentative,
        attestationAccepted: false,
      }, "vs_9"),
    ];
  };
  const acme = at(NOON, opened("Prepaid"));
  given(acme, at(NOON, ...reviewed("One", "vs_2")), at(LATER, ...reviewed("Two", "vs_1")))
    .when(draft, { at: LATER }).then(expected("Two"));
  // Of two of one moment it is the one with the later id.
  given(acme, at(NOON, ...reviewed("One", "vs_2"), ...reviewed("Two", "vs_1")))
    .when(draft, { at: LATER }).then(expected("One"));
  given(acme, at(NOON, ...reviewed("One", "vs_1"), ...reviewed("Two", "vs_2")))
    .when(draft, { at: LATER }).then(expected("Two"));
});

test("only what is submitted is announced, and from then on", () => {
  const announced = (event: DomainEvent) =>
    stateAfter(at(NOON, opened("Prepaid"), event)).get(verifications, "vs_1")?.announceFrom;
  assert.equal(announced(submitted(attested(), true)), instant(NOON));
  assert.equal(announced(submitted(attested(), false)), null);
  assert.equal(announced(drafted(business())), null);
});

test("a notice is recorded from the time of its attempt on", () => {
  const outcome = { status: "enqueue_failed", error: "HTTP 500" } as const;
  const notified = { type: "ReviewerNotified", data: { verification: "vs_1", outcome } } as const;
  const notice = { type: "RecordNotice", verification: "vs_1", outcome } as const;
  const tried = given(at(NOON, opened("Prepaid"), submitted(attested(), true), notified));
  tried.when(notice, { at: "2026-01-31T12:59:59Z" }).then([]);
  tried.when(notice, { at: "2026-01-31T13:00:00Z" }).then([notified]);
});

test("a number is imported over any trunk that is installed", () => {
  const other = {
    type: "SipConnectionInstalled",
    data: { installation: "sip_2", providerName: "Other", trunk: "trunk_2", ready: true },
  } as const;
  const both = at(NOON, opened(), sipInstalled("trunk_1"), other);
  const over = (sipTrunk: string) => bringIn({ via: { sipTrunk } });
  given(both).when(over("trunk_2"), { at: NOON })
    .then([imported({ sipConnection: null, sipTrunk: "trunk_2" })]);
  given(both).when(over("trunk_3"), { at: NOON }).then("SIP_CONNECTION_UNKNOWN");
});

test("a connection is installed anew where any of its members is another", () => {
  const { data } = sipInstalled();
  const install = (over: object) => ({ type: "InstallSipConnection", ...data, ...over }) as never;
  const one = given(at(NOON, opened(), sipInstalled()));
  one.when(install({}), { at: NOON }).then([]);
  for (const over of [{ providerName: "Other" }, { trunk: "trunk_9" }, { ready: false }]) {
    one.when(install(over), { at: NOON })
      .then([{ type: "SipConnectionInstalled", data: { ...data, ...over } } as DomainEvent]);
  }
});

test("a pattern is 1 to 14 digits, and a national number what follows the calling code", () => {
  for (const text of ["1", "12345678901234"]) assert.equal(isPattern(text), true);
  for (const text of ["", "123456789012345", "1a", "a1", "-1", "a"]) {
    assert.equal(isPattern(text), false, text);
  }
  assert.equal(nationalOf(E164_1), "4155550101");
  assert.equal(nationalOf("+9991234567" as E164), "9991234567");
});

test("a search has one key for all spellings of its town", () => {
  const filters = { country: "US", type: "local", limit: 1 } as const;
  const key = searchKey({ ...filters, locality: "Austin, TX" });
  assert.equal(searchKey({ ...filters, locality: "austin, texas" }), key);
  assert.notEqual(searchKey(filters), key);
  assert.notEqual(searchKey({ ...filters, locality: "Dallas, TX" }), key);
});

test("a kind is that of the earlier offer at the carrier, else the country of the code", () => {
  const quoted = { ...offerOf(), carrier: "sandbox", at: 0 } as const;
  assert.deepEqual(kindOf(quoted, "sandbox", E164_1), { country: "US", type: "local" });
  assert.deepEqual(kindOf(undefined, "sandbox", "+41445550101" as E164), { country: "CH" });
  assert.deepEqual(kindOf(quoted, "telnyx", "+41445550101" as E164), { country: "CH" });
  assert.deepEqual(kindOf(undefined, "sandbox", E164_1), {});
  assert.deepEqual(kindOf(undefined, "sandbox", "+9991234567" as E164), {});
});

test("a search shows its own offers, and none of a number that it did not show", () => {
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

test("a moment is read to its last digit, and none that no clock shows", () => {
  assert.equal(parseTime("2026-01-31"), instant("2026-01-31T00:00:00Z"));
  assert.equal(parseTime("2026-01-31T23:59:59Z"), instant("2026-01-31T23:59:59Z"));
  const offset = "2026-01-31T12:00:00+05:30";
  assert.equal(parseTime(offset), instant("2026-01-31T06:30:00Z"));
  const none = ["24:00:00Z", "12:60:00Z", "12:00:60Z", "12:00:00+24:00", "12:00:00+01:60"];
  for (const time of none) assert.equal(parseTime(`2026-01-31T${time}`), null, time);
  for (const text of ["", "2026-02-30", "2026-13-01", "noon"]) assert.equal(parseTime(text), null);
});

test("a limit that frees says when, to the second after, and one that never does says no more", () => {
  const { error } = exhausted("CODE", "It is over", instant(NOON) + 1, instant(NOON));
  assert.equal(error.message, "It is over; the next is possible from 2026-01-31T12:00:01Z on.");
  assert.deepEqual([error.freeAt, error.waitMs], [instant(NOON) + 1, 1]);
  const never = exhausted("CODE", "It is over", null, 0).error;
  assert.deepEqual([never.message, never.freeAt, never.waitMs], ["It is over.", null, null]);
  assert.equal(isoTime(0), "1970-01-01T00:00:00Z");
});

test("a country has a calling code, and is the main one of it or not", () => {
  assert.deepEqual(callingCodeFor("CA"), { code: "1", main: "US" });
  assert.deepEqual(callingCodeFor("CH"), { code: "41", main: "CH" });
  assert.equal(callingCodeFor("ZZ"), null);
});

test("a place is one for all spaces in it, and fits where town and state do", () => {
  assert.deepEqual(placesOf("St.  Louis,  Missouri", "US"), [{ town: "St. Louis", state: "MO" }]);
  const louis = placeTest("St. Louis, MO", "US");
  assert.deepEqual(
    [louis("St. Louis", "MO"), louis("St. Louis", "TX"), louis("Dallas", "MO"), louis(null, "MO")],
    [true, false, false, true],
  );
  assert.deepEqual([louis("St. Louis", null), louis("Dallas", null)], [true, false]);
  assert.deepEqual([louis(null, "TX"), louis(null, null)], [false, true]);
});

test("a text has at most so many characters, where a pair of surrogates is one", () => {
  assert.equal(hasAtMost("abc", 3), true);
  assert.equal(hasAtMost("abcd", 3), false);
  assert.equal(hasAtMost("😀😀😀", 3), true);
  assert.equal(hasAtMost("😀😀😀a", 3), false);
});

test("an address lacks a city only where no state may replace it", () => {
  const address = { street: "1 Main", city: null, state: null, postalCode: null, country: "HK" };
  assert.deepEqual(missingOf(address), ["city"]);
  assert.deepEqual(missingOf({ ...address, state: "Kowloon" }), []);
  assert.deepEqual(missingOf({ ...address, city: "Central" }), []);
  const { street, ...rest } = { ...address, country: "US", state: "IL" };
  assert.deepEqual(missingOf({ ...rest, street }), ["city", "postalCode"]);
  assert.deepEqual(missingOf({ ...address, country: null }), ["country"]);
});

test("a ghost that the carrier keeps under its id is reported as that", () => {
  const ghost = {
    kind: "ghost",
    e164: E164_1,
    organization: "acme",
    holding: PN,
    carrierId: "c_1",
    remedy: "releaseHere",
    message: "Gone.",
  } as const;
  assert.deepEqual(unlistedOf(ghost), {
    ...ghost,
    kind: "mismatch",
    remedy: "report",
    message: `The carrier keeps ${E164_1} under its id, and lists it nowhere.`,
  });
});

test("who holds a number is looked for where it is claimed", () => {
  assert.deepEqual(claimant(State.empty()), {});
});

const folded = (row: Route | undefined, event: DomainEvent, time = 100): Route | undefined =>
  routes.evolve(row, { ...event, at: time, actor: ALICE } as never, PN);

test("a route is wished detached and attached in turns, and is none where nothing was noted", () => {
  const first = folded(undefined, suspended("compliance")) ?? assert.fail("there is a wish");
  assert.deepEqual([first.wish, first.wanted, first.kept], [1, "detached", null]);
  assert.equal(folded(undefined, reinstated()), undefined);
  assert.equal(folded(first, reinstated()), undefined);
  assert.equal(folded(first, suspended("compliance"), 200), first);
  const noted = { ...first, kept: { connectionId: "14", messagingProfileId: null } };
  const second = folded(noted, reinstated(), 200) ?? assert.fail("there is a wish");
  assert.deepEqual([second.wish, second.wanted, second.contraryAt], [2, "attached", 200]);
  assert.equal(folded(second, reinstated(), 300), second);
  const third = { ...second, wish: 3, kept: null };
  assert.equal(folded(third, reinstated()), third);
  assert.equal(folded(third, releaseStarted("byUser"))?.wanted, undefined);
  const about = { type: "RouteDetached", data: { holding: PN, wish: 1 } } as const;
  assert.equal(folded(undefined, about), undefined);
  assert.equal(folded(second, about), second);
});

test("a revoked verification is the one that was reviewed last", () => {
  const state = stateAfter(
    at(NOON, opened("Prepaid"), requested({ paidFrom: "credits" })),
    at(NOON, submitted(), { type: "VerificationApproved", data: { verification: "vs_1" } }),
    at(LATER, revoked()),
  );
  const row = state.get(verifications, "vs_1");
  assert.deepEqual([row?.status, row?.reason, row?.updatedAt], [
    "revoked",
    "The company is gone.",
    instant(LATER),
  ]);
});
