/** Which rows are left of what has ended: as many as were there before, but for orders. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { State } from "../../core/log/state.ts";
import { fold, rowsOf } from "../../core/registry/replay.ts";
import { claimsHeld } from "../../core/registry/claims.ts";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import type { E164 } from "../../core/values/e164.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import { ALICE, instant } from "../harness/specification.ts";
import {
  assigned,
  charge,
  chargeStarted,
  opened,
  purchased,
  purchaseFailed,
  reinstated,
  released,
  releaseStarted,
  renewalFailed,
  requested,
  searched,
  suspended,
  unassigned,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";

/** A number that is bought, suspended, reinstated and released, with each of its charges. */
const lifeOf = (place: number): readonly DomainEvent[] => {
  const holding = `pn_${place}`;
  const e164: E164 = `+1415${5_550_000 + place}`;
  const about = { holding, e164 };
  return [
    searched(e164, "+14155550199"),
    requested({ ...about, orderKey: `od_${place}` }),
    chargeStarted(about),
    charge("Charged", 1, holding),
    purchased(NOON, { holding }),
    assigned("agent", holding),
    chargeStarted({ ...about, period: 2 }),
    charge("ChargeDeclined", 2, holding),
    renewalFailed(2, "2026-03-01T12:00:00Z", "2026-03-07T12:00:00Z", holding),
    suspended("unpaid", holding),
    reinstated(holding),
    unassigned("agent", holding),
    releaseStarted("byUser", holding),
    released(about),
  ];
};

/** A purchase that fails after it was paid, and is given back. */
const failureOf = (place: number): readonly DomainEvent[] => {
  const holding = `pn_failed_${place}`;
  const e164: E164 = `+1415${5_650_000 + place}`;
  return [
    searched(e164),
    requested({ holding, e164, orderKey: `od_failed_${place}` }),
    chargeStarted({ holding, e164 }),
    charge("Charged", 1, holding),
    purchaseFailed({ holding }),
    charge("RefundStarted", 1, holding),
    charge("Refunded", 1, holding),
    { type: "PurchaseDismissed", data: { holding } },
  ];
};

/** How many rows of each kind there are after so many lives, a day apart. */
const rowsAfter = (count: number, eventsOf: (place: number) => readonly DomainEvent[]) => {
  const state = State.empty();
  fold(state, { ...opened(), at: instant(NOON), actor: ALICE });
  for (let place = 0; place < count; place++) {
    const at = instant(NOON) + place * DAY_MS;
    for (const event of eventsOf(place)) fold(state, { ...event, at, actor: ALICE });
  }
  assert.deepEqual(claimsHeld(state), []);
  const rows = new Map<string, number>();
  for (const { kind } of rowsOf(state)) rows.set(kind, (rows.get(kind) ?? 0) + 1);
  return Object.fromEntries(rows);
};

for (const [what, eventsOf] of Object.entries({ lives: lifeOf, failures: failureOf })) {
  test(`${what} of numbers leave an order each, and no other row`, () => {
    const { order: few, ...others } = rowsAfter(40, eventsOf);
    const { order: many, ...later } = rowsAfter(400, eventsOf);
    assert.deepEqual([few, many], [40, 400]);
    assert.deepEqual(later, others);
    assert.equal(later["organization"], 1);
    assert.ok((later["offer"] ?? 0) <= 1);
  });
}
