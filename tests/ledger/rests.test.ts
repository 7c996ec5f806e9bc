/** How long automatic work leaves an item alone that stays open. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openRests, type Rests, timeOf } from "../../adapters/ledger/automations/rests.ts";
import type { WorkItem } from "../../core/ports/mod.ts";
import { DAY_MS, HOUR_MS, type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";

const ITEM: WorkItem = {
  organization: "acme",
  kind: "number",
  key: "pn_1",
  automation: "releasing",
  due: 0,
};

/** How long the item rests that is found open now, to the millisecond. */
const restAfter = (rests: Rests, now: Milliseconds): Milliseconds => {
  rests.note(ITEM, "open", now);
  let [from, to] = [now, now + DAY_MS];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (rests.isResting(ITEM, middle)) from = middle + 1;
    else to = middle;
  }
  return from - now;
};

describe("an item that stays open", () => {
  test("is tried again immediately at first", () => {
    const rests = openRests();
    assert.equal(rests.isResting(ITEM, 0), false);
    assert.equal(restAfter(rests, 0), 0);
  });

  test("rests for a quarter of its age: in its first hour half a minute at most, then an hour", () => {
    const rests = openRests();
    restAfter(rests, 0);
    const ages = [40, 4 * SECOND_MS, 2 * 60 * SECOND_MS, 30 * 60 * SECOND_MS, HOUR_MS - 1];
    assert.deepEqual(ages.map((age) => restAfter(rests, age)), [
      10,
      SECOND_MS,
      30 * SECOND_MS,
      30 * SECOND_MS,
      30 * SECOND_MS,
    ]);
    assert.deepEqual(
      [HOUR_MS, 2 * HOUR_MS, 4 * HOUR_MS, DAY_MS].map((age) => restAfter(rests, age)),
      [HOUR_MS / 4, HOUR_MS / 2, HOUR_MS, HOUR_MS],
    );
  });

  test("begins anew once it was done, at another due time, and when all is tried again", () => {
    const rests = openRests();
    restAfter(rests, 0);
    assert.equal(restAfter(rests, 400), 100);
    assert.equal(rests.isResting({ ...ITEM, due: 1 }, 400), false);
    assert.equal(rests.isResting({ ...ITEM, automation: "routes" }, 400), false);
    rests.note(ITEM, "done", 400);
    assert.equal(restAfter(rests, 400), 0);
    assert.equal(restAfter(rests, 800), 100);
    rests.clear();
    assert.equal(restAfter(rests, 800), 0);
  });

  test("is forgotten an hour after its rest, when it is off its list", () => {
    const rests = openRests();
    restAfter(rests, 0);
    rests.forget(HOUR_MS);
    assert.equal(restAfter(rests, HOUR_MS), HOUR_MS / 4, "it is known");
    rests.forget(HOUR_MS + HOUR_MS / 4 + HOUR_MS);
    assert.equal(restAfter(rests, 3 * HOUR_MS), 3 * HOUR_MS / 4, "it is known");
    rests.forget(3 * HOUR_MS + 3 * HOUR_MS / 4 + HOUR_MS + 1);
    assert.equal(restAfter(rests, 5 * HOUR_MS), 0, "it is new");
  });

  test("is named by what it is and when it falls due", () => {
    assert.equal(timeOf(ITEM), '["[\\"acme\\",\\"number\\",\\"pn_1\\"]","releasing",0]');
  });
});
