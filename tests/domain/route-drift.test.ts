/** Routes in a reconciliation: what the carrier has attached, compared with what it confirmed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CarrierNumber } from "../../core/ports/mod.ts";
import type { Route } from "../../core/number/routes.ts";
import { type Circumstances, classify } from "../../core/reconciliation/compare.ts";
import { keysInDoubt } from "../../core/reconciliation/comparison.ts";
import type { OurNumber } from "../../core/reconciliation/our-number.ts";
import { HOUR_MS, MINUTE_MS } from "../../core/values/calendar.ts";
import { instant } from "../harness/specification.ts";
import { E164_1, PN } from "../harness/story/mod.ts";

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
const attached: Route = { ...detached, wish: 2, wanted: "attached" };

const ours = (route: Route | null, connection: string | null = null): OurNumber => ({
  organization: "acme",
  holding: PN,
  e164: E164_1,
  stage: "held",
  since: AGO,
  carrierId: "c_1",
  connection,
  route,
});
const theirs = (connectionId: string | null, over: Partial<CarrierNumber> = {}): CarrierNumber => ({
  e164: E164_1,
  carrierId: "c_1",
  status: "active",
  orderKey: "od_1",
  connectionId,
  attached: connectionId !== null,
  ...over,
});

const circumstances: Circumstances = {
  now: NOW,
  settlingMs: MINUTE_MS,
  suspends: true,
  orphans: { kind: "report" },
  origins: new Map([["od_1", { organization: "acme", holding: PN }]]),
};

const classOf = (
  after: OurNumber,
  there: CarrierNumber,
  { before = after, ...over }: Partial<Circumstances> & { readonly before?: OurNumber } = {},
): string => {
  const verdict = classify({ before, after, theirs: there }, { ...circumstances, ...over });
  return verdict.class === "drift"
    ? `${verdict.drift.kind}: ${verdict.drift.remedy}`
    : verdict.class;
};

test("a suspended number agrees when nothing is attached to it, whatever it was bought with", () => {
  assert.equal(classOf(ours(detached), theirs(null)), "agreed");
  assert.equal(classOf(ours(detached, "14"), theirs(null)), "agreed");
});

test("a suspended number that is attached there is detached", () => {
  assert.equal(classOf(ours(detached), theirs("14")), "mismatch: detach");
  assert.equal(classOf(ours(detached, "14"), theirs("14")), "mismatch: detach");
  const messages = theirs(null, { messagingProfileId: "p_1", attached: true });
  assert.equal(classOf(ours(detached), messages), "mismatch: detach");
});

test("a reinstated number that is detached there is attached", () => {
  assert.equal(classOf(ours(attached), theirs("14")), "agreed");
  assert.equal(classOf(ours(attached), theirs("15")), "agreed");
  assert.equal(classOf(ours(attached), theirs(null)), "mismatch: attach");
  assert.equal(classOf(ours(attached, "14"), theirs("15")), "mismatch: connect");
  const bare = { ...attached, kept: { connectionId: null, messagingProfileId: null } };
  assert.equal(classOf(ours(bare), theirs(null)), "agreed");
});

test("nothing is said of a number that was never suspended, or whose carrier does not tell", () => {
  assert.equal(classOf(ours(null), theirs(null)), "agreed");
  const { attached: _, ...silent } = theirs(null);
  assert.equal(classOf(ours(detached), silent), "agreed");
  assert.equal(classOf(ours(attached), silent), "agreed");
});

test("a route is in flight while the carrier is asked, and as long as it may show another", () => {
  const open = { ...detached, settled: null, since: NOW - HOUR_MS };
  const late = { ...open, since: NOW - HOUR_MS - 1 };
  const just = { ...detached, settled: { as: "done", at: NOW - MINUTE_MS + 1 } } as const;
  const then = { ...detached, settled: { as: "done", at: NOW - MINUTE_MS } } as const;
  assert.equal(classOf(ours(open), theirs("14")), "inFlight");
  assert.equal(classOf(ours(late), theirs("14")), "stuck: continue");
  assert.equal(classOf(ours(just), theirs("14")), "inFlight");
  assert.equal(classOf(ours(then), theirs("14")), "mismatch: detach");
});

test("a route that moved while the sides were read is not drift", () => {
  const open = { ...detached, settled: null };
  for (const route of [null, open, { ...attached, wish: 3 }]) {
    assert.equal(classOf(ours(detached), theirs("14"), { before: ours(route) }), "inFlight");
  }
});

test("a number under another's key is left alone", () => {
  const foreign = { orderKey: "od_theirs" };
  assert.equal(classOf(ours(detached), theirs("14", foreign)), "mismatch: report");
  assert.equal(classOf(ours(attached), theirs(null, foreign)), "mismatch: report");
  const key = (after: OurNumber, there: CarrierNumber) => {
    return keysInDoubt([there], new Map([[E164_1, after]]));
  };
  assert.deepEqual(key(ours(detached), theirs("14")), ["od_1"]);
  assert.deepEqual(key(ours(attached), theirs(null)), ["od_1"]);
  assert.deepEqual(key(ours(detached, "14"), theirs(null)), []);
  assert.deepEqual(key(ours(attached, "14"), theirs("14")), []);
});

test("a number whose carrier could not detach it is detached once the carrier can", () => {
  const left = { ...detached, settled: { as: "unsupported", at: AGO } } as const;
  assert.equal(classOf(ours(left), theirs("14"), { suspends: false }), "agreed");
  assert.equal(classOf(ours(left), theirs("14")), "mismatch: detach");
});
