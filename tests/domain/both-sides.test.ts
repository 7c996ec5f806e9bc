/** A reconciliation at its boundaries: what is said of a difference, and what is left alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CarrierNumber } from "../../core/ports/mod.ts";
import type { Route } from "../../core/number/routes.ts";
import { type Circumstances, classify, unlistedOf } from "../../core/reconciliation/compare.ts";
import { type OurNumber, ourNumberOf } from "../../core/reconciliation/our-number.ts";
import { hasMoved, mayAgree, routeClassOf } from "../../core/reconciliation/route-drift.ts";
import { numbers } from "../../core/number/state.ts";
import { HOUR_MS, MINUTE_MS } from "../../core/values/calendar.ts";
import { at, instant, stateAfter } from "../harness/specification.ts";
import {
  E164_1,
  imported,
  opened,
  orderWaits,
  PN,
  purchased,
  purchaseFailed,
  requested,
} from "../harness/story/mod.ts";
import { compare } from "../support/compare-sides.ts";

const NOON = "2026-01-31T12:00:00Z";
const NOW = instant("2026-02-10T12:00:00Z");
const AGO = NOW - 2 * HOUR_MS;

const detached: Route = {
  holding: PN,
  wish: 1,
  wanted: "detached",
  since: AGO,
  settled: { as: "done", at: AGO },
  kept: { connectionId: "14", messagingProfileId: null },
  contraryAt: null,
};
const attached: Route = { ...detached, wanted: "attached" };
const held: OurNumber = {
  organization: "acme",
  holding: PN,
  e164: E164_1,
  stage: "held",
  since: AGO,
  carrierId: "c_1",
  connection: null,
  route: null,
};
const kept: CarrierNumber = {
  e164: E164_1,
  carrierId: "c_1",
  status: "active",
  orderKey: "od_1",
  connectionId: null,
};
const circumstances: Circumstances = {
  now: NOW,
  settlingMs: MINUTE_MS,
  suspends: true,
  orphans: { kind: "report" },
  origins: new Map([["od_1", { organization: "acme", holding: PN }]]),
};

const messageOf = (after: OurNumber, theirs: CarrierNumber): string => {
  const verdict = classify({ before: after, after, theirs }, circumstances);
  return verdict.class === "drift" ? verdict.drift.message : verdict.class;
};

test("a route that is otherwise is said with what it is on both sides", () => {
  assert.equal(
    messageOf({ ...held, route: detached }, { ...kept, attached: true }),
    `The route of ${E164_1} is detached here and attached at the carrier.`,
  );
  assert.equal(
    messageOf({ ...held, route: attached }, { ...kept, attached: false }),
    `The route of ${E164_1} is attached here and detached at the carrier.`,
  );
  const open: Route = { ...detached, settled: null, since: NOW - 3 * HOUR_MS };
  assert.equal(
    messageOf({ ...held, route: open }, { ...kept, attached: true }),
    `The route of ${E164_1} is to be detached since 2026-02-10T09:00:00Z.`,
  );
});

test("a route may agree where nothing is known against it", () => {
  const on = { ...held, connection: "14" };
  const there = (connectionId: string | null, isAttached?: boolean): CarrierNumber => ({
    ...kept,
    connectionId,
    ...(isAttached !== undefined && { attached: isAttached }),
  });
  assert.equal(mayAgree(held, there("15")), true);
  assert.equal(mayAgree(on, there("14")), true);
  assert.equal(mayAgree(on, there("15")), false);
  assert.equal(mayAgree({ ...on, route: detached }, there("15", false)), true);
  assert.equal(mayAgree({ ...on, route: detached }, there("15")), true);
  assert.equal(mayAgree({ ...on, route: detached }, there("14", true)), false);
  assert.equal(mayAgree({ ...on, route: attached }, there("14", true)), true);
  assert.equal(mayAgree({ ...on, route: attached }, there("14", false)), false);
  assert.equal(mayAgree({ ...on, route: attached }, there("15", true)), false);
  assert.equal(mayAgree({ ...held, route: attached }, there("15")), true);
});

test("a route is attached again only where there is one to attach", () => {
  const classOf = (ours: OurNumber, isAttached = false) =>
    routeClassOf(ours, { attached: isAttached }, circumstances);
  const kindly = (of: Route["kept"]): OurNumber => ({ ...held, route: { ...attached, kept: of } });
  assert.equal(classOf(held), "connection");
  assert.equal(classOf(kindly({ connectionId: "14", messagingProfileId: null })), "attach");
  assert.equal(classOf(kindly({ connectionId: null, messagingProfileId: "m" })), "attach");
  assert.equal(classOf(kindly(null)), "connection");
  assert.equal(classOf({ ...kindly(null), connection: "14" }), "attach");
  assert.equal(classOf({ ...held, route: detached }, true), "detach");
  assert.equal(classOf({ ...held, route: detached }, false), "agreed");
});

test("a route that was just settled is in flight, and one that cannot be is as connected", () => {
  const settled = (ms: number, as: "done" | "unsupported" = "done") =>
    routeClassOf(
      { ...held, route: { ...detached, settled: { as, at: NOW - ms } } },
      { attached: true },
      circumstances,
    );
  assert.equal(settled(MINUTE_MS - 1), "inFlight");
  assert.equal(settled(MINUTE_MS), "detach");
  const unable = {
    ...held,
    route: { ...detached, settled: { as: "unsupported", at: AGO } },
  } as const;
  assert.equal(routeClassOf(unable, { attached: true }, circumstances), "detach");
  const { suspends: _suspends, ...without } = circumstances;
  assert.equal(routeClassOf(unable, { attached: true }, without), "connection");
  const done = { ...held, route: detached };
  assert.equal(routeClassOf(done, { attached: true }, without), "detach");
});

test("a wish has moved where it is another, or was settled meanwhile", () => {
  const with_ = (route: Route | null) => ({ ...held, route });
  assert.equal(hasMoved(with_(null), with_(null)), false);
  assert.equal(hasMoved(with_(detached), with_({ ...detached })), false);
  assert.equal(hasMoved(with_(null), with_(detached)), true);
  assert.equal(hasMoved(with_(detached), with_(null)), true);
  assert.equal(hasMoved(with_(detached), with_({ ...detached, wish: 2 })), true);
  assert.equal(hasMoved(with_({ ...detached, settled: null }), with_(detached)), true);
});

const numbered = (count: number): readonly OurNumber[] =>
  Array.from({ length: count }, (_, index) => ({
    ...held,
    holding: `pn_${index}`,
    e164: `+1415555${1000 + index}` as const,
    carrierId: `c_${index}`,
  }));

test("where nothing agrees, a single ghost may be ended, and two are left alone", () => {
  const remedies = (gone: number, status: "active" | "pending") => {
    const ours = numbered(400).map((one) => ({ ...one, since: NOW - 2 * MINUTE_MS }));
    const sides = new Map(ours.map((one) => [one.e164, one]));
    const theirs = ours.slice(gone).map(({ e164, carrierId }) => ({
      ...kept,
      e164,
      carrierId: carrierId ?? "",
      status,
    }));
    const { drifts, seen } = compare({
      before: sides,
      after: sides,
      theirs: new Map(theirs.map((one) => [one.e164, one])),
    }, circumstances);
    const ghosts = drifts.filter(({ kind }) => kind === "ghost");
    return [seen.agreed, ...ghosts.map(({ remedy }) => remedy)];
  };
  assert.deepEqual(remedies(2, "active"), [398, "releaseHere", "releaseHere"]);
  assert.deepEqual(remedies(2, "pending"), [0, "report", "report"]);
  assert.deepEqual(remedies(1, "pending"), [0, "releaseHere"]);
});

test("our side of a number is what the carrier is to have: since when, in which stage", () => {
  const ourOf = (...events: Parameters<typeof at>[1][]) => {
    const number = stateAfter(at(NOON, opened(), ...events)).get(numbers, PN);
    assert.ok(number !== undefined);
    return ourNumberOf("acme", number, undefined, "sandbox");
  };
  const bought: OurNumber = {
    ...held,
    since: instant(NOON),
    carrierId: `carrier_${PN}`,
  };
  assert.deepEqual(ourOf(requested(), purchased(NOON)), bought);
  const buying = { ...bought, stage: "purchasing", carrierId: null } as const;
  assert.deepEqual(ourOf(requested()), buying);
  assert.deepEqual(ourOf(requested(), orderWaits("review")), { ...buying, isWaiting: true });
  const cancelled = { type: "CancellationRequested", data: { holding: PN } } as const;
  assert.deepEqual(ourOf(requested(), orderWaits("review"), cancelled), buying);
  assert.equal(ourOf(requested(), purchaseFailed()), null);
  assert.equal(ourOf(imported()), null);
  const number = stateAfter(at(NOON, opened(), requested())).get(numbers, PN);
  assert.ok(number !== undefined);
  assert.equal(ourNumberOf("acme", number, undefined, "telnyx"), null);
  assert.equal(ourNumberOf("acme", number, detached, "sandbox")?.route, detached);
});

test("ghost whose id the carrier still has becomes a mismatch that is reported", () => {
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
