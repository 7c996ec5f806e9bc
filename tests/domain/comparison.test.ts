import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { routes } from "../../core/number/routes.ts";
import { numbers } from "../../core/number/state.ts";
import type { CarrierNumber } from "../../core/ports/mod.ts";
import { type Circumstances, classify, type Seen } from "../../core/reconciliation/compare.ts";
import { keysInDoubt } from "../../core/reconciliation/comparison.ts";
import type { Drift, OrphanPolicy } from "../../core/events/drift.ts";
import { type OurNumber, ourNumberOf } from "../../core/reconciliation/our-number.ts";
import { HOUR_MS, MINUTE_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { at, instant, stateAfter } from "../harness/specification.ts";
import {
  E164_1,
  imported,
  lent,
  opened,
  orderWaits,
  PN,
  purchased,
  purchaseFailed,
  releaseStarted,
  requested,
  suspended,
} from "../harness/story/mod.ts";
import { compare } from "../support/compare-sides.ts";

const NOON = "2026-01-31T12:00:00Z";
const NOW = instant("2026-02-10T12:00:00Z");

const held: OurNumber = {
  organization: "acme",
  holding: PN,
  e164: E164_1,
  stage: "held",
  since: instant(NOON),
  carrierId: "c_1",
  connection: null,
  route: null,
};
const buying: OurNumber = { ...held, stage: "purchasing", since: NOW, carrierId: null };
const releasing: OurNumber = { ...held, stage: "releasing", since: NOW };
const kept: CarrierNumber = {
  e164: E164_1,
  carrierId: "c_1",
  status: "active",
  orderKey: "od_1",
  connectionId: null,
};

const circumstances = (orphans: OrphanPolicy = { kind: "report" }): Circumstances => ({
  now: NOW,
  settlingMs: MINUTE_MS,
  orphans,
  origins: new Map([["od_1", { organization: "acme", holding: PN }]]),
});

/** The class of a number of which this is seen on the two sides; ours is the same all along. */
const classOf = (
  ours: OurNumber | null,
  theirs: CarrierNumber | null,
  orphans?: OrphanPolicy,
) => verdictOf({ before: ours, after: ours, theirs }, orphans);

const verdictOf = (seen: Seen, orphans?: OrphanPolicy): string => {
  const verdict = classify(seen, circumstances(orphans));
  return verdict.class === "drift"
    ? `${verdict.drift.kind}: ${verdict.drift.remedy}`
    : verdict.class;
};

describe("number on both sides", () => {
  test("agrees when all is the same, with any connection where ours names none", () => {
    assert.equal(classOf(held, kept), "agreed");
    assert.equal(classOf(held, { ...kept, connectionId: "14" }), "agreed");
    const connected = { ...held, connection: "14" };
    assert.equal(classOf(connected, { ...kept, connectionId: "14" }), "agreed");
    assert.equal(classOf(held, { ...kept, orderKey: null }), "agreed");
  });

  test("is a mismatch when its connection, status or id differs", () => {
    const connected = { ...held, connection: "14" };
    assert.equal(classOf(connected, kept), "mismatch: connect");
    assert.equal(classOf(connected, { ...kept, connectionId: "15" }), "mismatch: connect");
    const foreign = { ...kept, orderKey: "od_theirs" };
    assert.equal(classOf(connected, foreign), "mismatch: report");
    assert.equal(classOf(held, { ...kept, status: "other" }), "mismatch: report");
    assert.equal(classOf(held, { ...kept, carrierId: "c_2" }), "mismatch: report");
  });

  test("is stuck when it is still pending there long after it was bought here", () => {
    const pending = { ...kept, status: "pending" } as const;
    assert.equal(classOf({ ...held, since: NOW - HOUR_MS }, pending), "inFlight");
    assert.equal(classOf({ ...held, since: NOW - HOUR_MS - 1 }, pending), "stuck: report");
  });
});

describe("number under way", () => {
  test("is not drift when it is being bought or released, whatever the carrier says", () => {
    for (const ours of [buying, releasing]) {
      assert.equal(classOf(ours, null), "inFlight");
      assert.equal(classOf(ours, kept), "inFlight");
    }
  });

  test("is not drift when it was bought or released while the sides were read", () => {
    assert.equal(verdictOf({ before: null, after: held, theirs: null }), "inFlight");
    assert.equal(verdictOf({ before: buying, after: held, theirs: null }), "inFlight");
    assert.equal(verdictOf({ before: held, after: null, theirs: kept }), "inFlight");
    assert.equal(verdictOf({ before: held, after: null, theirs: null }), "inFlight");
    const again = { ...held, holding: "pn_2", carrierId: "c_2" };
    assert.equal(verdictOf({ before: held, after: again, theirs: kept }), "inFlight");
  });

  test("is stuck when it takes longer than an hour", () => {
    const since = NOW - HOUR_MS;
    assert.equal(classOf({ ...buying, since }, null), "inFlight");
    assert.equal(classOf({ ...buying, since: since - 1 }, null), "stuck: continue");
    assert.equal(classOf({ ...releasing, since: since - 1 }, kept), "stuck: continue");
  });

  test("is not stuck while its order waits for documents, however long that takes", () => {
    const waits = stateAfter(at(NOON, opened(), requested(), orderWaits("review")));
    const holding = waits.get(numbers, PN);
    const ours = holding === undefined ? null : ourNumberOf("acme", holding, undefined, "sandbox");
    assert.ok(ours !== null && ours.since < NOW - HOUR_MS);
    assert.equal(classOf(ours, null), "inFlight");
    assert.equal(classOf(ours, { ...kept, status: "other" }), "inFlight");
    const over = stateAfter(
      at(NOON, opened(), requested(), orderWaits("review"), orderWaits(null)),
    ).get(numbers, PN);
    assert.ok(over);
    const free = ourNumberOf("acme", over, undefined, "sandbox");
    assert.ok(free);
    assert.equal(classOf(free, null), "stuck: continue");
  });
});

describe("number that only we hold", () => {
  test("is a ghost when it was bought longer ago than the carrier settles", () => {
    assert.equal(classOf(held, null), "ghost: releaseHere");
    assert.equal(classOf({ ...held, since: NOW - MINUTE_MS + 1 }, null), "inFlight");
  });

  test("is a ghost when the carrier keeps it for another customer by now", () => {
    const foreign = { ...kept, carrierId: "c_2", orderKey: "od_theirs" };
    assert.equal(classOf(held, foreign), "ghost: releaseHere");
  });
});

describe("number that only the carrier keeps", () => {
  const keyless = { ...kept, orderKey: null };

  test("is foreign when its key is not ours, whatever the orphan policy", () => {
    const foreign = { ...kept, orderKey: "od_theirs" };
    for (const orphans of [{ kind: "report" }, { kind: "release" }] as const) {
      assert.equal(classOf(null, foreign, orphans), "foreign");
    }
  });

  test("is an orphan that is reported when nothing else was asked for", () => {
    assert.equal(classOf(null, kept), "orphan: report");
    assert.equal(classOf(null, keyless), "orphan: report");
  });

  test("is given back when that was asked for, and our own order brought it", () => {
    assert.equal(classOf(null, kept, { kind: "release" }), "orphan: releaseThere");
    assert.equal(classOf(null, keyless, { kind: "release" }), "orphan: report");
    const pending = { ...kept, status: "pending" } as const;
    assert.equal(classOf(null, pending, { kind: "release" }), "orphan: report");
  });

  test("is adopted when that was asked for, with our key or none, if it is in service", () => {
    const adopt = { kind: "adopt", into: "adopter" } as const;
    assert.equal(classOf(null, kept, adopt), "orphan: adopt");
    assert.equal(classOf(null, keyless, adopt), "orphan: adopt");
    assert.equal(classOf(null, { ...kept, status: "other" }, adopt), "orphan: report");
    assert.equal(classOf(null, { ...kept, status: "pending" }, adopt), "orphan: report");
    assert.equal(classOf(null, { ...kept, orderKey: "od_theirs" }, adopt), "foreign");
  });

  test("names the purchase that it came of", () => {
    const verdict = classify({ before: null, after: null, theirs: kept }, circumstances());
    assert.ok(verdict.class === "drift");
    const { organization, holding, carrierId, message } = verdict.drift;
    assert.deepEqual([organization, holding, carrierId], ["acme", PN, "c_1"]);
    assert.match(message, /\+14155550101 .* came of the order for pn_1 of acme/);
  });
});

const manyGhosts = (count: number, agreeing: number): readonly Drift[] => {
  const ours = new Map<E164, OurNumber>();
  const theirs = new Map<E164, CarrierNumber>();
  for (let index = 0; index < count + agreeing; index++) {
    const e164: E164 = `+1415555${1_000 + index}`;
    ours.set(e164, { ...held, e164 });
    if (index >= count) theirs.set(e164, { ...kept, e164 });
  }
  return compare({ before: ours, after: ours, theirs }, circumstances()).drifts;
};

describe("ghosts", () => {
  const assertRemedy = (ghosts: number, agreeing: number, remedy: Drift["remedy"]): void => {
    const drifts = manyGhosts(ghosts, agreeing);
    assert.equal(drifts.length, ghosts);
    const found = new Set(drifts.map((drift) => drift.remedy));
    assert.deepEqual(found, new Set([remedy]), `${ghosts} and ${agreeing}`);
  };

  test("are left alone when nothing else agrees, unless there is but one", () => {
    assertRemedy(1, 0, "releaseHere");
    for (const count of [2, 3, 10, 11]) assertRemedy(count, 0, "report");
    assert.match(manyGhosts(2, 0)[0]?.message ?? "", /2 of 2 numbers .* account/);
  });

  test("are released up to a fifth of all numbers, and up to ten", () => {
    assertRemedy(1, 1, "releaseHere");
    assertRemedy(2, 8, "releaseHere");
    assertRemedy(2, 7, "report");
    assertRemedy(10, 40, "releaseHere");
    assertRemedy(11, 400, "report");
  });

  test("are left alone when all that agrees is a number that went meanwhile", () => {
    const two: E164 = "+14155550102";
    const three: E164 = "+14155550103";
    const ours = new Map([held, { ...held, e164: two }].map((number) => [number.e164, number]));
    const before = new Map(ours).set(three, { ...held, e164: three });
    const { drifts } = compare({ before, after: ours, theirs: new Map() }, circumstances());
    assert.deepEqual(drifts.map(({ remedy }) => remedy), ["report", "report"]);
  });
});

test("keys are in doubt when the sides do not agree on their numbers", () => {
  const [two, three, four, five] = [
    "+14155550102",
    "+14155550103",
    "+14155550104",
    "+14155550105",
  ] as const;
  const ours = new Map<E164, OurNumber>([
    [E164_1, held],
    [two, { ...held, e164: two }],
    [five, { ...held, e164: five, connection: "14" }],
  ]);
  const theirs = new Map<E164, CarrierNumber>([
    [E164_1, kept],
    [two, { ...kept, e164: two, carrierId: "c_2", orderKey: "od_2" }],
    [three, { ...kept, e164: three, orderKey: "od_3" }],
    [four, { ...kept, e164: four, orderKey: null }],
    [five, { ...kept, e164: five, orderKey: "od_5" }],
  ]);
  assert.deepEqual(keysInDoubt(theirs.values(), ours), ["od_2", "od_3", "od_5"]);
});

describe("holding, as its carrier can know of it,", () => {
  const numberAfter = (...events: Parameters<typeof at>[1][]) => {
    const state = stateAfter(at(NOON, opened(), ...events));
    const holding = state.get(numbers, PN);
    assert.ok(holding);
    return ourNumberOf("acme", holding, state.get(routes, PN), "sandbox");
  };

  test("has the status of its stage, since it entered it", () => {
    const placed = (...events: Parameters<typeof at>[1][]) => {
      const number = numberAfter(...events);
      return [number?.stage, number?.since, number?.carrierId];
    };
    const since = instant(NOON);
    assert.deepEqual(placed(requested()), ["purchasing", since, null]);
    assert.deepEqual(placed(requested(), purchased(NOON)), ["held", since, "carrier_pn_1"]);
    assert.deepEqual(placed(requested(), lent(NOON)), ["held", since, "carrier_pn_1"]);
    const suspension = [requested(), purchased(NOON), suspended("compliance")];
    assert.deepEqual(placed(...suspension), ["held", since, "carrier_pn_1"]);
    const release = [requested(), purchased(NOON), releaseStarted("byUser")];
    assert.deepEqual(placed(...release), ["releasing", since, "carrier_pn_1"]);
  });

  test("is not this carrier's when it was imported, failed, or is another's", () => {
    assert.equal(numberAfter(imported()), null);
    assert.equal(numberAfter(requested(), purchaseFailed()), null);
    assert.equal(numberAfter(requested({ carrier: "telnyx" })), null);
  });
});
