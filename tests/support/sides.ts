/** Arbitrary numbers on both sides of a reconciliation. */
import fc from "fast-check";
import type { OrphanPolicy } from "../../core/events/drift.ts";
import type { CarrierNumber } from "../../core/ports/mod.ts";
import type { Circumstances } from "../../core/reconciliation/compare.ts";
import type { OurNumber } from "../../core/reconciliation/our-number.ts";
import { HOUR_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import type { Sides } from "./compare-sides.ts";

export const NOW = Date.parse("2026-01-31T10:00:00Z");
export const NUMBERS: readonly [E164, E164, E164, E164] = [
  "+14155550101",
  "+14155550102",
  "+14155550103",
  "+14155550104",
];

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

export const ours = (e164: E164): fc.Arbitrary<OurNumber> =>
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

export const theirs = (e164: E164): fc.Arbitrary<CarrierNumber> =>
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

export const sideOf = <Number>(of: (e164: E164) => fc.Arbitrary<Number>) =>
  fc.tuple(...NUMBERS.map((e164) => fc.option(of(e164), { nil: null })))
    .map((found) => {
      const side = new Map<E164, Number>();
      for (const [index, number] of found.entries()) {
        const e164 = NUMBERS[index];
        if (number !== null && e164 !== undefined) side.set(e164, number);
      }
      return side;
    });

/** Any two sides of a reconciliation, ours before and after. */
export const sides: fc.Arbitrary<Sides> = fc.record({
  before: sideOf(ours),
  after: sideOf(ours),
  theirs: sideOf(theirs),
});

export const orphans: fc.Arbitrary<OrphanPolicy> = fc.constantFrom(
  { kind: "report" },
  { kind: "release" },
  { kind: "adopt", into: "adopter" },
);

export const circumstances = (policy: OrphanPolicy): Circumstances => ({
  now: NOW,
  settlingMs: 60_000,
  orphans: policy,
  suspends: true,
  origins: new Map([["od_ours", { organization: "acme", holding: "pn_1" }]]),
});
