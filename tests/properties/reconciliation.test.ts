/** Any two sides: every number is in one class, and a repaired one no longer drifts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CarrierNumber } from "../../core/ports/mod.ts";
import { type Circumstances, compare, type Sides } from "../../core/reconciliation/compare.ts";
import type { Drift, OrphanPolicy } from "../../core/events/drift.ts";
import { routeToAttach } from "../../core/number/routes.ts";
import type { OurNumber } from "../../core/reconciliation/our-number.ts";
import { HOUR_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";

const NOW = Date.parse("2026-01-31T10:00:00Z");
const NUMBERS: readonly E164[] = ["+14155550101", "+14155550102", "+14155550103", "+14155550104"];

const carrierId = fc.constantFrom("c_1", "c_2");
const connection = fc.constantFrom(null, "14", "15");
const since = fc.constantFrom(NOW, NOW - HOUR_MS, NOW - HOUR_MS - 1, NOW - 30 * HOUR_MS);

const kept = fc.constantFrom(null, { connectionId: "14", messagingProfileId: null });

const route: fc.Arbitrary<OurNumber["route"]> = fc.option(
  fc.record({
    holding: fc.constant("pn_1"),
    wish: fc.constantFrom(1, 2),
    wanted: fc.constantFrom("attached" as const, "detached" as const),
    since,
    settled: fc.option(
      fc.record({ as: fc.constantFrom("done" as const, "gone" as const), at: since }),
      { nil: null },
    ),
    kept,
    contraryAt: fc.constant(null),
  }),
  { nil: null },
);

const ours = (e164: E164): fc.Arbitrary<OurNumber> =>
  fc.record({
    organization: fc.constantFrom("acme", "globex"),
    holding: fc.constantFrom("pn_1", "pn_2"),
    e164: fc.constant(e164),
    stage: fc.constantFrom("purchasing" as const, "held" as const, "releasing" as const),
    since,
    carrierId,
    connection,
    route,
  }).map((number) => number.stage === "purchasing" ? { ...number, carrierId: null } : number);

const theirs = (e164: E164): fc.Arbitrary<CarrierNumber> =>
  fc.record({
    e164: fc.constant(e164),
    carrierId,
    status: fc.constantFrom("pending" as const, "active" as const, "other" as const),
    orderKey: fc.constantFrom(null, "od_ours", "od_foreign"),
    connectionId: connection,
  }).chain((number) =>
    fc.boolean().map((tells) =>
      tells ? { ...number, attached: number.connectionId !== null } : number
    )
  );

const sideOf = <Number>(of: (e164: E164) => fc.Arbitrary<Number>) =>
  fc.tuple(...NUMBERS.map((e164) => fc.option(of(e164), { nil: null })))
    .map((found) => {
      const side = new Map<E164, Number>();
      for (const [index, number] of found.entries()) {
        const e164 = NUMBERS[index];
        if (number !== null && e164 !== undefined) side.set(e164, number);
      }
      return side;
    });

const sides: fc.Arbitrary<Sides> = fc.record({
  before: sideOf(ours),
  after: sideOf(ours),
  theirs: sideOf(theirs),
});

/** Mostly nothing happens while the sides are read. */
const still = fc.boolean();

const orphans: fc.Arbitrary<OrphanPolicy> = fc.constantFrom(
  { kind: "report" },
  { kind: "release" },
  { kind: "adopt", into: "adopter" },
);

const circumstances = (policy: OrphanPolicy): Circumstances => ({
  now: NOW,
  settlingMs: 60_000,
  orphans: policy,
  suspends: true,
  origins: new Map([["od_ours", { organization: "acme", holding: "pn_1" }]]),
});

/** Both sides after the remedy. */
const repaired = ({ after, theirs: there }: Sides, drifts: readonly Drift[]): Sides => {
  const mine = new Map(after);
  const kept = new Map(there);
  for (const { e164, remedy } of drifts) {
    const number = mine.get(e164);
    const theirNumber = kept.get(e164);
    switch (remedy) {
      case "releaseHere":
        mine.delete(e164);
        break;
      case "releaseThere":
        kept.delete(e164);
        break;
      case "adopt":
        if (theirNumber === undefined) break;
        mine.set(e164, {
          organization: "adopter",
          holding: "pn_3",
          e164,
          stage: "held",
          since: NOW,
          carrierId: theirNumber.carrierId,
          connection: theirNumber.connectionId,
          route: null,
        });
        break;
      case "continue":
        mine.delete(e164);
        kept.delete(e164);
        break;
      case "detach":
      case "attach":
        if (number !== undefined && theirNumber !== undefined) {
          kept.set(e164, { ...theirNumber, ...asWished(number) });
        }
        break;
      case "connect":
        if (number !== undefined && theirNumber !== undefined) {
          const { attached, ...rest } = theirNumber;
          kept.set(e164, {
            ...rest,
            connectionId: number.connection,
            ...(attached !== undefined && { attached: true }),
          });
        }
        break;
    }
  }
  return { before: mine, after: mine, theirs: kept };
};

/** Whether the carrier confirmed the wish for the route long enough before. */
const isAtRest = ({ route }: OurNumber): boolean =>
  route === null || (route.settled !== null && route.settled.at < NOW);

const asWished = (number: OurNumber): Pick<CarrierNumber, "connectionId" | "attached"> => {
  const { route, connection } = number;
  const { connectionId } = route?.wanted === "detached"
    ? { connectionId: null }
    : routeToAttach({ connection }, route?.kept ?? null);
  return { connectionId, attached: connectionId !== null };
};

const settled = (given: Sides, isStill: boolean): Sides =>
  isStill ? { ...given, before: given.after } : given;

test("every number is in exactly one class when any two sides are compared", () => {
  fc.assert(fc.property(sides, still, orphans, (given, isStill, policy) => {
    const seen = settled(given, isStill);
    const { seen: { agreed, inFlight, foreign, ...counts }, drifts } = compare(
      seen,
      circumstances(policy),
    );
    const all = new Set([...seen.before.keys(), ...seen.after.keys(), ...seen.theirs.keys()]);
    assert.equal(agreed + inFlight + foreign + drifts.length, all.size);
    assert.equal(new Set(drifts.map(({ e164 }) => e164)).size, drifts.length);
    assert.deepEqual(counts, { ours: seen.after.size, theirs: seen.theirs.size });
  }));
});

test("equal sides have no drift", () => {
  fc.assert(fc.property(sideOf(ours), orphans, (mine, policy) => {
    const held = new Map(
      [...mine].filter(([, number]) => number.stage === "held" && isAtRest(number)),
    );
    const there = new Map([...held].map(([e164, number]): [E164, CarrierNumber] => [e164, {
      e164,
      carrierId: number.carrierId ?? "",
      status: "active",
      orderKey: "od_ours",
      ...asWished(number),
    }]));
    const { seen, drifts } = compare(
      { before: held, after: held, theirs: there },
      circumstances(policy),
    );
    assert.deepEqual(drifts, []);
    assert.equal(seen.agreed, held.size);
  }));
});

test("what was repaired drifts no more in a second run", () => {
  fc.assert(fc.property(sides, still, orphans, (given, isStill, policy) => {
    const seen = settled(given, isStill);
    const { drifts } = compare(seen, circumstances(policy));
    const again = compare(repaired(seen, drifts), circumstances(policy));
    const worked = new Set(
      drifts.filter(({ remedy }) => remedy !== "report").map(({ e164 }) => e164),
    );
    assert.deepEqual(again.drifts.filter(({ e164 }) => worked.has(e164)), []);
  }));
});

test("foreign number is never to be touched when it is not held here", () => {
  fc.assert(fc.property(sides, orphans, (given, policy) => {
    for (const { e164, remedy } of compare(given, circumstances(policy)).drifts) {
      const foreign = given.theirs.get(e164)?.orderKey === "od_foreign";
      if (foreign && !given.after.has(e164)) assert.fail(`${e164} is foreign: ${remedy}`);
      if (foreign) assert.ok(["report", "releaseHere", "continue"].includes(remedy), remedy);
    }
  }));
});
