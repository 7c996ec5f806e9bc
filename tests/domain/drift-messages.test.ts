/** What a drift says to the operator, word for word. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { OrphanPolicy } from "../../core/events/drift.ts";
import type { CarrierNumber } from "../../core/ports/mod.ts";
import { type Circumstances, classify } from "../../core/reconciliation/compare.ts";
import type { OurNumber } from "../../core/reconciliation/our-number.ts";
import { HOUR_MS, MINUTE_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { instant } from "../harness/specification.ts";
import { E164_1, PN } from "../harness/story/mod.ts";
import { compare } from "../support/compare-sides.ts";

const NOW = instant("2026-02-10T12:00:00Z");
const BEFORE = NOW - HOUR_MS - 1;

const held: OurNumber = {
  organization: "acme",
  holding: PN,
  e164: E164_1,
  stage: "held",
  since: BEFORE,
  carrierId: "c_1",
  connection: "14",
  route: null,
};
const kept: CarrierNumber = {
  e164: E164_1,
  carrierId: "c_1",
  status: "active",
  orderKey: "od_1",
  connectionId: "14",
};
const CIRCUMSTANCES: Circumstances = {
  now: NOW,
  settlingMs: MINUTE_MS,
  orphans: { kind: "release" },
  origins: new Map([["od_1", { organization: "acme", holding: PN }]]),
};

/** What is said of a number that both sides have so, all along. */
const said = (
  ours: OurNumber | null,
  theirs: CarrierNumber | null,
  over: Partial<Circumstances> = {},
): string => {
  const verdict = classify({ before: ours, after: ours, theirs }, { ...CIRCUMSTANCES, ...over });
  return verdict.class === "drift" ? verdict.drift.message : verdict.class;
};

const LOST = { lost: new Set(["od_lost"]) };
const lost = { ...kept, orderKey: "od_lost" };

test("a drift says what either side has", () => {
  assert.equal(
    said({ ...held, stage: "purchasing" }, null),
    "+14155550101 has been being bought since 2026-02-10T10:59:59Z.",
  );
  assert.equal(
    said({ ...held, stage: "releasing" }, null),
    "+14155550101 has been being released since 2026-02-10T10:59:59Z.",
  );
  assert.equal(said(held, null), "acme holds +14155550101, which the carrier no longer keeps.");
  assert.equal(
    said(held, { ...kept, carrierId: "c_2" }),
    "The carrier's id of +14155550101 is c_1 here and c_2 at the carrier.",
  );
  assert.equal(
    said(held, { ...kept, status: "pending" }),
    "+14155550101 is held since 2026-02-10T10:59:59Z, and still pending at the carrier.",
  );
  assert.equal(
    said(held, { ...kept, status: "other" }),
    "The status of +14155550101 is active here and another at the carrier.",
  );
  assert.equal(
    said(held, { ...kept, connectionId: "15" }),
    "The connection of +14155550101 is 14 here and 15 at the carrier.",
  );
  assert.equal(
    said(held, { ...kept, connectionId: null }),
    "The connection of +14155550101 is 14 here and none at the carrier.",
  );
});

test("an orphan says how the carrier came to keep it", () => {
  const orphan = (cause: string) => `The carrier keeps +14155550101 and nobody holds it; ${cause}.`;
  assert.equal(said(null, kept), orphan("it came of the order for pn_1 of acme"));
  assert.equal(said(null, { ...kept, orderKey: null }), orphan("it was ordered without a key"));
  const unknown = "it came of an order of this installation that its log does not know";
  assert.equal(
    said(null, lost, LOST),
    orphan(`${unknown}: the log lost its end, as when a backup is restored`),
  );
  assert.equal(
    said(null, lost, { ...LOST, isCopied: true }),
    orphan(
      `${unknown}: another server orders from a copy of this log, so it is left alone. Stop the ` +
        "one that should not run, or give the copy an id of its own (ledgerline installation --new)",
    ),
  );
});

test("an orphan is given back or adopted only where it is known to be ours to do so", () => {
  const remedy = (
    kind: OrphanPolicy["kind"],
    theirs: CarrierNumber,
    over: Partial<Circumstances> = {},
  ): string => {
    const orphans = (kind === "adopt" ? { kind, organization: "acme" } : { kind }) as OrphanPolicy;
    const seen = { before: null, after: null, theirs };
    const verdict = classify(seen, { ...CIRCUMSTANCES, orphans, ...over });
    return verdict.class === "drift" ? verdict.drift.remedy : verdict.class;
  };
  const copied = { ...LOST, isCopied: true };
  const cases: readonly (readonly [string, string])[] = [
    [remedy("release", kept), "releaseThere"],
    [remedy("release", { ...kept, orderKey: null }), "report"],
    [remedy("release", lost, LOST), "releaseThere"],
    [remedy("release", lost, copied), "report"],
    [remedy("release", lost), "foreign"],
    [remedy("release", { ...kept, status: "other" }), "releaseThere"],
    [remedy("release", { ...kept, status: "pending" }), "report"],
    [remedy("adopt", kept), "adopt"],
    [remedy("adopt", kept, copied), "adopt"],
    [remedy("adopt", { ...kept, orderKey: null }), "adopt"],
    [remedy("adopt", { ...kept, status: "other" }), "report"],
    [remedy("adopt", { ...kept, status: "pending" }), "report"],
    [remedy("report", kept), "report"],
  ];
  for (const [index, [actual, expected]] of cases.entries()) {
    assert.equal(actual, expected, `case ${index}`);
  }
});

test("ghosts that are too many say so, and other drift among them is left as it is", () => {
  const numbersOf = (count: number) =>
    Array.from({ length: count }, (_, index): [E164, OurNumber] => {
      const e164 = `+1415555010${index}` as E164;
      return [e164, { ...held, e164 }];
    });
  const ours = new Map(numbersOf(3));
  const theirs = new Map([[E164_1, { ...kept, carrierId: "c_2" }]]);
  const { drifts } = compare({ before: ours, after: ours, theirs }, CIRCUMSTANCES);
  const why =
    "With 2 of 3 numbers gone at the same time, it is left alone: see that the carrier's account " +
    "is the right one.";
  assert.deepEqual(drifts.map(({ kind, remedy, message }) => [kind, remedy, message]), [
    ["ghost", "report", `acme holds +14155550100, which the carrier no longer keeps. ${why}`],
    ["mismatch", "report", "The carrier's id of +14155550101 is c_1 here and c_2 at the carrier."],
    ["ghost", "report", `acme holds +14155550102, which the carrier no longer keeps. ${why}`],
  ]);
});
