/** When purchases are refused by their quota: windows that roll, and a row that stays small. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decide } from "../../core/registry/commands.ts";
import { ONE_WORLD } from "../../core/log/decision.ts";
import { fold } from "../../core/registry/replay.ts";
import { State } from "../../core/log/state.ts";
import type { PlanCatalogue } from "../../core/values/plan.ts";
import { planOf } from "../../core/organization/plans.ts";
import { purchaseQuota, purchaseTallies } from "../../core/organization/quotas.ts";
import { SELF } from "../../core/organization/state.ts";
import { DAY_MS, HOUR_MS, type Instant, isoTimeOrNull } from "../../core/values/calendar.ts";
import { ALICE, at, given, instant, stateAfter } from "../harness/specification.ts";
import {
  buy,
  chargeStarted,
  E164_1,
  offerOf,
  opened,
  purchased,
  purchaseFailed,
  releaseStarted,
  requested,
  searched,
} from "../harness/story/mod.ts";
import { planWith } from "./plan-with.ts";
import { runs } from "../support/runs.ts";

const NOON = "2026-01-31T12:00:00Z";
const first = { holding: "pn_0", e164: "+14155550190", orderKey: "od_0" } as const;
const again = searched(E164_1);

test("purchase counts for its day from the request on, also when it is given back immediately", () => {
  const plans = planWith({ purchasesPerDay: 1 });
  const past = at(
    NOON,
    opened(),
    requested(first),
    purchased(NOON, { holding: first.holding }),
    releaseStarted("byUser", first.holding),
  );
  const next = (time: string) => given(past, at(time, again)).when(buy(), { at: time, plans });
  next(NOON).then("PURCHASE_QUOTA_REACHED");
  next("2026-02-01T11:59:59.999Z").then("PURCHASE_QUOTA_REACHED");
  next("2026-02-01T12:00:00Z").then([requested(), chargeStarted()]);
});

test("purchase counts for just thirty days from the request on", () => {
  const plans = planWith({ purchasesPer30Days: 1 });
  const past = at(NOON, opened(), requested(first));
  const next = (time: string) => given(past, at(time, again)).when(buy(), { at: time, plans });
  next("2026-03-02T11:59:59.999Z").then("PURCHASE_QUOTA_REACHED");
  next("2026-03-02T12:00:00Z").then([requested(), chargeStarted()]);
});

test("purchase that failed gives its place in the quota back", () => {
  const plans = planWith({ purchasesPerDay: 1, purchasesPer30Days: 1 });
  given(at(NOON, opened(), requested(first), purchaseFailed(first), again))
    .when(buy(), { at: NOON, plans })
    .then([requested(), chargeStarted()]);
});

test("purchase is never allowed where the plan allows none", () => {
  const plans = planWith({ purchasesPerDay: 0 });
  given(at(NOON, opened(), again)).when(buy(), { at: NOON, plans }).then("PURCHASE_QUOTA_REACHED");
});

const deciding = (commandOf: (index: number) => ReturnType<typeof buy>, plans: PlanCatalogue) => {
  const state = State.empty();
  const saying = { actor: ALICE };
  fold(state, { ...opened(), ...saying, at: 0 });
  /** Asks for one more purchase at this time, and lets it happen where it may. */
  return (now: Instant, index: number) => {
    const command = commandOf(index);
    const context = { organization: "acme", now, plans, ...saying, ...ONE_WORLD };
    const decision = decide(state, command, context);
    if (decision.ok) {
      for (const event of decision.value) fold(state, { ...event, ...saying, at: now });
    }
    return { decision, state };
  };
};

const numbered = (index: number) =>
  buy({ holding: `pn_${index}`, orderKey: `od_${index}`, quote: offerOf() });

test("refusal says when a place is free, and in how long", () => {
  const ask = deciding(numbered, planWith({ purchasesPerDay: 2, purchasesPer30Days: 3 }));
  const noon = instant(NOON);
  ask(noon, 0);
  ask(noon + 2 * HOUR_MS + 1, 1);
  const full = ask(noon + 3 * HOUR_MS, 2).decision;
  assert.ok(!full.ok && full.error.code === "PURCHASE_QUOTA_REACHED");
  assert.deepEqual([full.error.freeAt, full.error.waitMs], [noon + DAY_MS, 21 * HOUR_MS]);
  assert.match(
    full.error.message,
    /2 purchases within 24 hours, .*from 2026-02-01T12:00:00Z on\.$/,
  );
  ask(noon + DAY_MS, 3);
  const month = ask(noon + 2 * DAY_MS, 4).decision;
  assert.ok(!month.ok && month.error.code === "PURCHASE_QUOTA_REACHED");
  assert.equal(month.error.freeAt, noon + 30 * DAY_MS);
  const never = deciding(numbered, planWith({ purchasesPerDay: 0 }))(noon, 0).decision;
  assert.ok(!never.ok && never.error.code === "PURCHASE_QUOTA_REACHED");
  assert.deepEqual([never.error.freeAt, never.error.waitMs], [null, null]);
});

const most = (times: readonly Instant[], window: number): number =>
  Math.max(
    0,
    ...times.map((from) => times.filter((at) => at >= from && at < from + window).length),
  );

const timesOf = (gaps: readonly number[], start = instant(NOON)): readonly Instant[] => {
  let now = start;
  return gaps.map((gap) => now += gap);
};

const GAPS = fc.array(
  fc.oneof(fc.nat(DAY_MS), fc.nat(2 * HOUR_MS), fc.nat(3 * DAY_MS), fc.constant(0)),
  { minLength: 1, maxLength: 60 },
);

test("a purchase is refused just where the window that ends with it is full, in any history", () => {
  const quotas = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 8 }));
  fc.assert(
    fc.property(GAPS, quotas, (gaps, [day, month]) => {
      const plans = planWith({ purchasesPerDay: day, purchasesPer30Days: month });
      const ask = deciding(numbered, plans);
      const allowed: Instant[] = [];
      for (const [index, now] of timesOf(gaps).entries()) {
        const within = (window: number) => allowed.filter((at) => at > now - window).length;
        const mayBe = within(DAY_MS) < day && within(30 * DAY_MS) < month;
        assert.equal(ask(now, index).decision.ok, mayBe, `at ${now} after ${allowed.join(", ")}`);
        if (mayBe) allowed.push(now);
      }
      assert.ok(most(allowed, DAY_MS) <= day && most(allowed, 30 * DAY_MS) <= month);
    }),
  );
});

test("no window has more than the quota where there are very many, and the row stays small", () => {
  const gaps = fc.array(fc.oneof(fc.nat(600_000), fc.nat(2 * HOUR_MS), fc.nat(DAY_MS)), {
    minLength: 300,
    maxLength: 400,
    size: "max",
  });
  const limits = { purchasesPerDay: 60, purchasesPer30Days: 200 };
  fc.assert(
    fc.property(gaps, (all) => {
      const ask = deciding(numbered, planWith(limits));
      const allowed: Instant[] = [];
      for (const [index, now] of timesOf(all).entries()) {
        const { decision, state } = ask(now, index);
        const row = state.get(purchaseTallies, SELF);
        assert.ok(JSON.stringify(row).length < 4_000, JSON.stringify(row));
        if (decision.ok) allowed.push(now);
        // A count is dated by its latest: up to an hour, or a day, longer than it need be.
        const within = (window: number) => allowed.filter((at) => at > now - window).length;
        if (decision.ok) continue;
        const isFull = within(DAY_MS + HOUR_MS) >= limits.purchasesPerDay ||
          within(31 * DAY_MS) >= limits.purchasesPer30Days;
        assert.ok(isFull, `refused at ${now}, with ${within(31 * DAY_MS)} in 31 days`);
      }
      assert.ok(most(allowed, DAY_MS) <= limits.purchasesPerDay);
      assert.ok(most(allowed, 30 * DAY_MS) <= limits.purchasesPer30Days);
    }),
    { numRuns: runs(20) },
  );
});

test("purchases of a clock that was ahead neither hide present ones nor count forever", () => {
  const ask = deciding(numbered, planWith({ purchasesPerDay: 2 }));
  const noon = instant(NOON);
  const wrong = noon + 365 * DAY_MS;
  assert.ok(ask(wrong, 0).decision.ok && ask(wrong, 1).decision.ok);
  assert.ok(ask(noon, 2).decision.ok && ask(noon, 3).decision.ok);
  assert.ok(!ask(noon + 1, 4).decision.ok && !ask(noon + HOUR_MS, 5).decision.ok);
  // A second server, whose clock is some seconds behind, counts what the first took.
  const behind = deciding(numbered, planWith({ purchasesPerDay: 1 }));
  assert.ok(behind(noon, 0).decision.ok);
  assert.ok(!behind(noon - 5_000, 1).decision.ok);
});

test("purchase that fails late gives back its own place, however many came after it", () => {
  for (const later of [1, 31, 32, 70]) {
    const ask = deciding(numbered, planWith({ purchasesPerDay: later + 1 }));
    const noon = instant(NOON);
    for (let index = 0; index <= later; index++) ask(noon + index * 1_000, index);
    const now = noon + 200_000;
    const { decision, state } = ask(now, 1_000);
    assert.ok(!decision.ok, `${later} later ones`);
    const failure = purchaseFailed({ holding: "pn_0", requestedAt: noon });
    fold(state, { ...failure, at: now, actor: ALICE });
    assert.ok(ask(now, 1_001).decision.ok, `${later} later ones`);
    assert.ok(!ask(now, 1_002).decision.ok, `${later} later ones`);
  }
});

test("refusal is for the quota that is free last when both are reached", () => {
  const state = stateAfter(at(NOON, opened(), requested()));
  const free = (purchasesPerDay: number, purchasesPer30Days: number) => {
    const plan = planOf(planWith({ purchasesPerDay, purchasesPer30Days }), { plan: "Growth" });
    const refusal = purchaseQuota(state, plan, instant(NOON), "own");
    return refusal === null ? "none" : isoTimeOrNull(refusal.error.freeAt);
  };
  assert.equal(free(2, 2), "none");
  assert.equal(free(1, 2), "2026-02-01T12:00:00Z");
  assert.equal(free(2, 1), "2026-03-02T12:00:00Z");
  assert.equal(free(1, 1), "2026-03-02T12:00:00Z");
  assert.equal(free(0, 1), null);
  assert.equal(free(1, 0), null);
});
