/** The bounded row of what was done lately, at its boundaries. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY_MS, HOUR_MS } from "../../core/values/calendar.ts";
import {
  added,
  countWithin,
  EMPTY_TALLY,
  freesAt,
  takenBack,
  type Tally,
} from "../../core/organization/tally.ts";

const T = Date.parse("2026-01-31T00:00:00Z");
const MONTH_MS = 30 * DAY_MS;

const times = (count: number, step: number, from = T): Tally => {
  let tally = EMPTY_TALLY;
  for (let index = 0; index < count; index++) {
    tally = added(tally, `k${index}`, from + index * step);
  }
  return tally;
};

test("the last 32 are kept one by one, and what is before them as counts of one", () => {
  assert.equal(times(32, 1).older.length, 0);
  const tally = times(33, 1);
  assert.equal(tally.recent.length, 32);
  assert.deepEqual(tally.recent[0], ["k1", T + 1]);
  assert.deepEqual(tally.older, [[T, 1]]);
});

test("with more than 64 counts, those of one hour become one, dated by the latest", () => {
  assert.equal(times(32 + 64, 1).older.length, 64);
  assert.deepEqual(times(32 + 65, 1).older, [[T + 64, 65]]);
});

test("counts of more than a day ago are gathered by the day, later ones by the hour", () => {
  // Two an hour for two days; the last one is at `now`.
  const now = T + 96 * HOUR_MS / 2;
  const tally = times(97, HOUR_MS / 2);
  assert.equal(tally.recent.at(-1)?.[1], now);
  const hours = tally.older.filter(([at]) => at > now - DAY_MS);
  const days = tally.older.filter(([at]) => at <= now - DAY_MS);
  // 64 half hours are gathered: the whole first day, and eight hours of the second.
  assert.deepEqual(days, [
    [T + DAY_MS - HOUR_MS / 2, 48],
    [T + DAY_MS, 1],
  ]);
  assert.deepEqual(
    hours,
    [
      [T + DAY_MS + HOUR_MS / 2, 1],
      ...Array.from({ length: 7 }, (_, index) => [T + DAY_MS + (index + 1.5) * HOUR_MS, 2]),
      [T + DAY_MS + 8 * HOUR_MS, 1],
    ],
  );
});

test("what is 30 days old is left out, and what is a millisecond younger is not", () => {
  const old: Tally = { recent: [["a", T], ["b", T + 1]], older: [[T, 3], [T + 1, 4]] };
  assert.deepEqual(added(old, "c", T + MONTH_MS), {
    recent: [["b", T + 1], ["c", T + MONTH_MS]],
    older: [[T + 1, 4]],
  });
});

test("one that is kept by its key is taken back, and nothing else", () => {
  const tally: Tally = { recent: [["a", T], ["b", T]], older: [[T, 3]] };
  assert.deepEqual(takenBack(tally, "a", T, T), { recent: [["b", T]], older: [[T, 3]] });
  assert.deepEqual(takenBack(tally, "c", null, T), tally);
  assert.deepEqual(takenBack(tally, "c", T, T + MONTH_MS), tally);
});

test("an earlier one is taken from the first count that may have it, which goes when empty", () => {
  const tally: Tally = { recent: [], older: [[T + 9, 2], [T + 5, 1], [T + 1, 1]] };
  assert.deepEqual(takenBack(tally, "a", T + 5, T).older, [[T + 1, 1], [T + 9, 2]]);
  assert.deepEqual(takenBack(tally, "a", T + 6, T).older, [[T + 1, 1], [T + 5, 1], [T + 9, 1]]);
  assert.deepEqual(takenBack(tally, "a", T + 10, T).older, [[T + 1, 1], [T + 5, 1], [T + 9, 2]]);
});

test("a window counts what is younger than it, on either side of now", () => {
  const tally: Tally = { recent: [["a", T]], older: [[T, 2]] };
  assert.equal(countWithin(tally, T + DAY_MS - 1, DAY_MS), 3);
  assert.equal(countWithin(tally, T + DAY_MS, DAY_MS), 0);
  assert.equal(countWithin(tally, T - DAY_MS + 1, DAY_MS), 3);
  assert.equal(countWithin(tally, T - DAY_MS, DAY_MS), 0);
});

test("a limit frees when enough of the oldest have left the window", () => {
  const tally: Tally = { recent: [["a", T + 9]], older: [[T + 7, 1], [T + 3, 2]] };
  const free = (limit: number) => freesAt(tally, T + 10, DAY_MS, limit);
  assert.equal(free(0), null);
  assert.equal(free(1), T + 9 + DAY_MS);
  assert.equal(free(2), T + 7 + DAY_MS);
  assert.equal(free(3), T + 3 + DAY_MS);
  assert.equal(free(4), T + 3 + DAY_MS);
  assert.equal(free(5), T + 10);
});
