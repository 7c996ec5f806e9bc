/** Readings of a clock one by one: what is believed at each boundary, and what is kept of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR_MS, MINUTE_MS } from "../../core/values/calendar.ts";
import {
  AGREEMENT_MS,
  begin,
  type ClockMark,
  confirm,
  doubtOf,
  JUMP_MS,
  markOf,
  nowOf,
  observe,
  observeSecond,
  type Reading,
  sinceOf,
  STEP_MS,
} from "../../core/values/clock-trust.ts";

const T = Date.parse("2026-01-31T10:00:00Z");
const read = (ahead: number, elapsed = 0): Reading => ({ wall: T + ahead, elapsed });
const ALONE = { second: null, mark: null };

test("a clock within a minute of the second one is believed, on both sides", () => {
  for (const ahead of [JUMP_MS, -JUMP_MS]) {
    const trust = begin(read(ahead), { second: T, mark: null });
    assert.equal(doubtOf(trust), null);
    assert.equal(nowOf(trust), T + ahead);
  }
  for (const ahead of [JUMP_MS + 1, -JUMP_MS - 1]) {
    const trust = begin(read(ahead), { second: T, mark: null });
    assert.deepEqual(doubtOf(trust), { why: "differs", wall: T + ahead, ahead, waits: null });
    assert.equal(nowOf(trust), T);
  }
});

test("a clock within a minute of the mark is believed; ahead of it, it is unconfirmed", () => {
  const started = (ahead: number) =>
    begin(read(ahead), { second: null, mark: { at: T, agreed: 0, wall: T } });
  for (const ahead of [JUMP_MS, -JUMP_MS]) {
    assert.equal(doubtOf(started(ahead)), null);
    assert.equal(nowOf(started(ahead)), T + ahead);
  }
  assert.equal(doubtOf(started(JUMP_MS + 1))?.why, "unconfirmed");
  assert.equal(nowOf(started(JUMP_MS + 1)), T + JUMP_MS + 1);
  assert.equal(doubtOf(started(-JUMP_MS - 1))?.why, "jumped");
  assert.equal(nowOf(started(-JUMP_MS - 1)), T);
});

test("the agreement before a start counts where the clock went on by as much, and no further", () => {
  const waits = (agreed: number, further: number): number | null | undefined => {
    const mark: ClockMark = { at: T, agreed, wall: T + HOUR_MS };
    return doubtOf(begin(read(HOUR_MS + further), { second: null, mark }))?.waits;
  };
  const most = 2 * MINUTE_MS;
  for (const further of [0, -JUMP_MS, most]) {
    assert.equal(waits(most, further), AGREEMENT_MS - most, `${further}`);
  }
  for (const further of [-JUMP_MS - 1, most + 1]) {
    assert.equal(waits(most, further), AGREEMENT_MS, `${further}`);
  }
  assert.equal(waits(1_000, JUMP_MS), AGREEMENT_MS - 1_000);
  assert.equal(waits(1_000, JUMP_MS + 1), AGREEMENT_MS);
});

test("a doubt is in whole milliseconds, and what is left of it is rounded up", () => {
  const jumped = observe(begin(read(0), ALONE), read(HOUR_MS, 0.4));
  assert.deepEqual(doubtOf(jumped), {
    why: "jumped",
    wall: T + HOUR_MS,
    ahead: HOUR_MS,
    waits: AGREEMENT_MS,
  });
  const later = observe(jumped, read(HOUR_MS + 1_000, 1_000.6));
  assert.equal(doubtOf(later)?.waits, AGREEMENT_MS - 1_000);
  assert.equal(nowOf(later), T + 1_001);
  assert.deepEqual(markOf(later, null), { at: T + 1_001, agreed: 0, wall: T + HOUR_MS + 1_000 });
});

test("the mark of an unconfirmed clock keeps the time of the mark before, and the agreement", () => {
  const mark = { at: T, agreed: 0, wall: T };
  const trust = observe(
    begin(read(HOUR_MS), { second: null, mark }),
    read(HOUR_MS + 1_000, 1_000.6),
  );
  assert.equal(doubtOf(trust)?.ahead, HOUR_MS);
  assert.equal(doubtOf(trust)?.waits, AGREEMENT_MS - 1_000);
  const wall = T + HOUR_MS + 1_000;
  assert.deepEqual(markOf(trust, mark), { at: T, agreed: 1_000, wall });
  assert.deepEqual(markOf(trust, null), { at: wall, agreed: 1_000, wall });
});

test("an unconfirmed clock that goes back to where the ledger was stopped is right immediately", () => {
  const mark = { at: T, agreed: 0, wall: T };
  const started = begin(read(HOUR_MS), { second: null, mark });
  const back = observe(started, read(JUMP_MS, 0));
  assert.equal(doubtOf(back), null);
  assert.equal(nowOf(back), T + JUMP_MS);
  const elsewhere = observe(started, read(JUMP_MS + 1, 0));
  assert.equal(doubtOf(elsewhere)?.why, "unconfirmed");
});

test("a doubted clock is believed when it has agreed for as long as it must, not before", () => {
  const jumped = observe(begin(read(0), ALONE), read(HOUR_MS));
  const at = (elapsed: number) => observe(jumped, read(HOUR_MS + elapsed, elapsed));
  assert.equal(doubtOf(at(AGREEMENT_MS - 1))?.waits, 1);
  assert.equal(doubtOf(at(AGREEMENT_MS)), null);
  // It may drift by a minute meanwhile; what is further is a jump of its own.
  const drifted = (by: number) => observe(jumped, read(HOUR_MS + by + AGREEMENT_MS, AGREEMENT_MS));
  assert.equal(doubtOf(drifted(JUMP_MS)), null);
  assert.equal(doubtOf(drifted(-JUMP_MS)), null);
  assert.equal(doubtOf(drifted(JUMP_MS + 1))?.waits, AGREEMENT_MS);
});

test("a clock follows small steps, of which only a hundredth of the time is forgotten", () => {
  const first = observe(begin(read(0), ALONE), read(JUMP_MS + 100_000, 100_000));
  assert.equal(doubtOf(first), null);
  // Of the first minute a second is forgotten: from there on the clock may be a second further.
  const step = (ahead: number) => observe(first, read(ahead + 100_000, 100_000));
  assert.equal(doubtOf(step(JUMP_MS + 1_000)), null);
  assert.equal(doubtOf(step(JUMP_MS + 1_001))?.why, "jumped");
  const back = observe(begin(read(0), ALONE), read(-JUMP_MS + 100_000, 100_000));
  const down = (ahead: number) => observe(back, read(ahead + 100_000, 100_000));
  assert.equal(doubtOf(down(-JUMP_MS - 1_000)), null);
  assert.equal(doubtOf(down(-JUMP_MS - 1_001))?.why, "jumped");
});

test("a clock that differs from the second is doubted for as long as it does", () => {
  const far = observeSecond(begin(read(0), ALONE), T + HOUR_MS + 5, 5);
  const differing = observe(far, read(10, 10));
  assert.equal(doubtOf(differing)?.why, "differs");
  const long = observe(differing, read(HOUR_MS, HOUR_MS));
  assert.equal(doubtOf(long)?.waits, null);
  const agreeing = observeSecond(long, T + HOUR_MS, HOUR_MS);
  assert.equal(doubtOf(agreeing)?.waits, AGREEMENT_MS);
  const believed = observe(agreeing, read(HOUR_MS + AGREEMENT_MS, HOUR_MS + AGREEMENT_MS));
  assert.equal(doubtOf(believed), null);
});

test("what the operator confirmed may differ from the second clock by just that", () => {
  const start = begin(read(0), { second: T, mark: null });
  const confirmed = confirm(observe(start, read(HOUR_MS)), read(HOUR_MS));
  assert.equal(doubtOf(confirmed), null);
  assert.equal(nowOf(confirmed), T + HOUR_MS);
  assert.equal(doubtOf(observe(confirmed, read(HOUR_MS + 50, 50))), null);
  const closer = observeSecond(confirmed, T + HOUR_MS, 0);
  assert.equal(doubtOf(observe(closer, read(HOUR_MS + 50, 50)))?.why, "differs");
  const alone = confirm(begin(read(0), ALONE), read(HOUR_MS));
  assert.equal(alone.skew, 0);
});

test("of a time before the clock was moved, only what has passed since the move counts", () => {
  const moved = confirm(begin(read(0), ALONE), read(HOUR_MS, 100));
  const later = observe(moved, read(HOUR_MS + 70, 150));
  const now = T + HOUR_MS + 70;
  assert.equal(nowOf(later), now);
  for (const at of [T + HOUR_MS, T + HOUR_MS + 1, now]) assert.equal(sinceOf(later, at), now);
  assert.equal(sinceOf(later, T + HOUR_MS - 1), T + HOUR_MS - 1 + 50);
  assert.equal(sinceOf(later, now + STEP_MS), now);
  assert.equal(sinceOf(later, now + STEP_MS + 1), now + STEP_MS + 1 + 50);
});

test("of a time before a clock was set by a little, only what has passed since then counts", () => {
  for (const step of [JUMP_MS, STEP_MS + 1, -STEP_MS - 1, -JUMP_MS]) {
    const stepped = observe(begin(read(0), ALONE), read(step + 40_000, 40_000));
    assert.equal(doubtOf(stepped), null);
    assert.equal(nowOf(stepped), T + step + 40_000);
    const later = observe(stepped, read(step + 40_050, 40_050));
    assert.equal(sinceOf(later, T + 39_000) <= T + 39_000 + 1_050, true, `${step}`);
    assert.equal(sinceOf(later, T + 40_000 + step), T + 40_050 + step);
    // What was noted before is later than now, or earlier than the step.
    const noted = step > 0 ? T + 40_000 : T + 40_000 - step;
    assert.equal(sinceOf(later, noted), noted + 50, `${step}`);
  }
  // A clock that is corrected by a second at most was not moved, but many such steps move it.
  const corrected = observe(begin(read(0), ALONE), read(STEP_MS));
  assert.equal(sinceOf(corrected, T), T + STEP_MS);
  const twice = observe(corrected, read(2 * STEP_MS, 1));
  assert.equal(sinceOf(twice, T), T);
});

test("the mark of a clock that is believed is its time, whatever the mark before", () => {
  const mark = { at: T, agreed: 0, wall: T + HOUR_MS };
  const believed = { at: T, agreed: 0, wall: T };
  for (const before of [null, mark]) {
    assert.deepEqual(markOf(begin(read(0), ALONE), before), believed);
  }
});
