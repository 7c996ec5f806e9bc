/** A comparison by the page finds what one of both sides as a whole finds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Drift } from "../../core/events/drift.ts";
import { type Circumstances, classify } from "../../core/reconciliation/compare.ts";
import { openComparison, type Seeing } from "../../core/reconciliation/comparison.ts";
import { openNumberTable, printOf } from "../../core/reconciliation/number-table.ts";
import type { OurNumber } from "../../core/reconciliation/our-number.ts";
import type { CarrierNumber } from "../../core/ports/mod.ts";
import type { E164 } from "../../core/values/e164.ts";
import { compare, type Sides } from "../support/compare-sides.ts";
import { circumstances, NUMBERS, orphans, ours, sides, theirs } from "../support/sides.ts";
import { runs } from "../support/runs.ts";

/** Both sides as a whole, number by number; ghosts are not spared. */
const naive = ({ before, after, theirs: there }: Sides, terms: Circumstances) => {
  const classes = { agreed: 0, inFlight: 0, foreign: 0 };
  const drifts: Drift[] = [];
  for (const e164 of new Set([...before.keys(), ...after.keys(), ...there.keys()])) {
    const verdict = classify({
      before: before.get(e164) ?? null,
      after: after.get(e164) ?? null,
      theirs: there.get(e164) ?? null,
    }, terms);
    if (verdict.class === "drift") drifts.push(verdict.drift);
    else classes[verdict.class]++;
  }
  return { seen: { ours: after.size, theirs: there.size, ...classes }, drifts };
};

/** Drifts by number, with ghosts as they are found: how many are spared is another rule. */
const byNumber = (drifts: readonly Drift[]) =>
  new Map(
    drifts.map((drift): [E164, unknown] => [
      drift.e164,
      drift.kind === "ghost" ? drift.kind : drift,
    ]),
  );

const inPages = <Value>(all: readonly Value[], size: number): readonly (readonly Value[])[] =>
  all.length === 0 ? [] : [all.slice(0, size), ...inPages(all.slice(size), size)];

/** Compares in pages; ours of a page is read as it was before, or as it is after. */
const paged = (given: Sides, terms: Circumstances, size: number, isEarly: boolean) => {
  const comparison = openComparison();
  const { before, after, theirs: there } = given;
  for (const page of inPages([...before.values()], size)) comparison.before(page);
  for (const page of inPages([...there.values()], size)) {
    comparison.theirs(page, isEarly ? before : after, terms);
  }
  const { ours: count, theirs: seen } = comparison.soFar();
  assert.deepEqual([count, seen], [before.size, there.size]);
  for (const page of inPages([...after.values()].toReversed(), size)) comparison.after(page, terms);
  return comparison.end(terms.isCopied ?? false);
};

const pageSize = fc.integer({ min: 1, max: 5 });
const isCopied = fc.boolean();
const lost = fc.constantFrom(new Set<string>(), new Set(["od_foreign"]));

test("comparison by the page finds what one of the whole finds", () => {
  fc.assert(
    fc.property(sides, orphans, pageSize, isCopied, lost, (given, policy, size, copy, keys) => {
      const terms = { ...circumstances(policy), lost: keys, isCopied: copy };
      const expected = naive(given, terms);
      const { seen, drifts, further } = paged(given, { ...terms, isCopied: copy }, size, false);
      assert.deepEqual(seen, expected.seen);
      const found = drifts.map(({ drift }) => drift);
      assert.deepEqual(byNumber(found), byNumber(expected.drifts));
      assert.deepEqual(further, { orphan: 0, ghost: 0, stuck: 0, mismatch: 0 });
      for (const { drift, ours: ourNumber } of drifts) {
        assert.deepEqual(ourNumber, given.after.get(drift.e164) ?? null);
      }
      const orphaned = found.map(({ kind }) => kind === "orphan");
      assert.deepEqual(orphaned, orphaned.toSorted((a, b) => Number(a) - Number(b)));
    }),
    { numRuns: runs(2_000) },
  );
});

const inSum = ({ inFlight, foreign, ...seen }: Seeing) => ({ ...seen, other: inFlight + foreign });

/** Sides of which each number stays, goes, or comes as another. */
const moving: fc.Arbitrary<Sides> = fc.tuple(sides, fc.array(fc.boolean(), { minLength: 4 }))
  .map(([given, stays]) => {
    const after = new Map(given.after);
    for (const [place, e164] of NUMBERS.entries()) {
      const number = given.before.get(e164);
      const now = after.get(e164);
      if (number === undefined) continue;
      if (stays[place] === true) after.set(e164, number);
      else if (now !== undefined) after.set(e164, { ...now, holding: "pn_3" });
    }
    return { ...given, after };
  });

test("comparison counts what moves after its page was read as under way", () => {
  fc.assert(
    fc.property(moving, orphans, pageSize, (given, policy, size) => {
      const terms = circumstances(policy);
      const expected = naive(given, terms);
      const { seen, drifts } = paged(given, terms, size, true);
      // Whose number one is that went is only known where its page was in doubt.
      assert.deepEqual(inSum(seen), inSum(expected.seen));
      assert.deepEqual(byNumber(drifts.map(({ drift }) => drift)), byNumber(expected.drifts));
    }),
    { numRuns: runs(2_000) },
  );
});

test("number that a carrier lists twice counts as it is listed last", () => {
  fc.assert(
    fc.property(
      fc.option(ours(NUMBERS[0]), { nil: null }),
      theirs(NUMBERS[0]),
      theirs(NUMBERS[0]),
      orphans,
      (mine, first, last, policy) => {
        const side = new Map(mine === null ? [] : [[mine.e164, mine] as const]);
        const comparison = openComparison();
        const terms = circumstances(policy);
        comparison.before(side.values());
        for (const number of [first, last]) comparison.theirs([number], side, terms);
        comparison.after(side.values(), terms);
        const { seen, drifts } = comparison.end(false);
        const whole = { before: side, after: side, theirs: new Map([[last.e164, last]]) };
        const expected = compare(whole, terms);
        assert.deepEqual({ seen, drifts: drifts.map(({ drift }) => drift) }, expected);
      },
    ),
    { numRuns: runs(1_000) },
  );
});

const many = (count: number) =>
  Array.from({ length: count }, (_, index): E164 => `+1415${5_000_000 + index}`);

const heldOf = (e164: E164, place: number): OurNumber => ({
  organization: `org_${place % 7}`,
  holding: `pn_${place}`,
  e164,
  stage: "held",
  since: 0,
  carrierId: "c_1",
  connection: null,
  route: null,
});

test("all drifts are counted, and of those to report the first are kept", () => {
  const numbers = many(5_000);
  const mine = new Map(numbers.map((e164, place) => [e164, heldOf(e164, place)]));
  const keyless = many(8_000).slice(5_000).map((e164): CarrierNumber => ({
    e164,
    carrierId: "c_2",
    status: "active",
    orderKey: null,
    connectionId: null,
  }));
  const given = { before: mine, after: mine, theirs: new Map(keyless.map((n) => [n.e164, n])) };
  const { seen, drifts, further } = paged(given, circumstances({ kind: "report" }), 100, false);
  assert.deepEqual(seen, { ours: 5_000, theirs: 3_000, agreed: 0, inFlight: 0, foreign: 0 });
  const kept = { orphan: 0, ghost: 0, stuck: 0, mismatch: 0 };
  for (const { drift } of drifts) kept[drift.kind]++;
  assert.equal(kept.orphan + further.orphan, 3_000);
  assert.equal(kept.ghost + further.ghost, 5_000);
  assert.ok(drifts.length >= 500 && drifts.length <= 1_001, `${drifts.length}`);
  const inOrder = [...mine.values()].toSorted((a, b) =>
    a.organization < b.organization
      ? -1
      : a.organization > b.organization
      ? 1
      : a.holding < b.holding
      ? -1
      : 1
  );
  assert.deepEqual(
    drifts.slice(0, 500).map(({ drift }) => drift.holding),
    inOrder.slice(0, 500).map(({ holding }) => holding),
  );
  assert.match(drifts[0]?.drift.message ?? "", /With 5000 of 5000 numbers gone at the same time/);
});

test("all that something is to be done about is kept, however much is only reported", () => {
  const numbers = many(4_000);
  const mine = new Map(numbers.slice(0, 2_010).map((e164, place) => [e164, heldOf(e164, place)]));
  // The first ten are ghosts, which may go, and two thousand have another connection.
  const connected = new Map(
    [...mine].map(([e164, number], place) =>
      [e164, place < 2_000 ? { ...number, connection: "14" } : number] as const
    ),
  );
  const listed = numbers.filter((_, place) => place < 2_000 || place >= 2_010);
  const there = new Map(listed.map((e164) => [
    e164,
    {
      e164,
      carrierId: "c_1",
      status: "active",
      orderKey: null,
      connectionId: null,
    } as const,
  ]));
  const one = { ...heldOf("+14156000000", 0), holding: "pn_agreed" };
  connected.set(one.e164, one);
  const like = [...there.values()].slice(0, 1);
  for (const number of like) there.set(one.e164, { ...number, e164: one.e164 });
  const given = { before: connected, after: connected, theirs: there };
  const { drifts } = paged(given, circumstances({ kind: "report" }), 50, false);
  const remedies = { connect: 0, releaseHere: 0, report: 0 } as Record<string, number>;
  for (const { drift } of drifts) remedies[drift.remedy] = (remedies[drift.remedy] ?? 0) + 1;
  assert.equal(remedies["connect"], 2_000);
  assert.equal(remedies["releaseHere"], 10);
  assert.ok((remedies["report"] ?? 0) >= 500);
});

test("table of numbers gives what was noted last, of as many as there are", () => {
  const number = fc.integer({ min: 1_000_000, max: 999_999_999_999_999 });
  fc.assert(
    fc.property(fc.array(fc.tuple(number, fc.nat(255)), { maxLength: 3_000 }), (noted) => {
      const table = openNumberTable();
      const model = new Map<E164, number>();
      for (const [digits, marks] of noted) {
        const e164: E164 = `+${digits}`;
        table.set(e164, { print: printOf(e164), marks });
        model.set(e164, marks);
      }
      for (const [e164, marks] of model) {
        assert.deepEqual(table.get(e164), { print: printOf(e164), marks });
      }
      assert.deepEqual(
        [...table.marks()].toSorted((a, b) => a - b),
        [...model.values()].toSorted((a, b) => a - b),
      );
      const absent = "+7654321";
      if (!model.has(absent)) assert.deepEqual(table.get(absent), { print: 0, marks: 0 });
    }),
    { numRuns: runs(50) },
  );
});

test("print of a text is a whole number, and another for each text", () => {
  const prints = new Set<number>();
  for (let place = 0; place < 200_000; place++) {
    const print = printOf(`pn_${place} held`);
    assert.ok(Number.isSafeInteger(print) && print >= 0);
    prints.add(print);
  }
  assert.equal(prints.size, 200_000);
});
