/** Any two sides: every number is in one class, and a repaired one no longer drifts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CarrierNumber } from "../../core/ports/mod.ts";
import type { Drift } from "../../core/events/drift.ts";
import { routeToAttach } from "../../core/number/routes.ts";
import type { OurNumber } from "../../core/reconciliation/our-number.ts";
import type { E164 } from "../../core/values/e164.ts";
import { compare, type Sides } from "../support/compare-sides.ts";
import { circumstances, NOW, orphans, ours, sideOf, sides } from "../support/sides.ts";

/** Mostly nothing happens while the sides are read. */
const still = fc.boolean();

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
