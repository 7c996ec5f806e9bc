/** The timers of a PostgreSQL within the process end when it is left. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTimers } from "../../../adapters/log/pglite/timers.ts";
import { until } from "../../support/eventually.ts";
import { pause } from "../../support/pause.ts";

/** Counts, and sets itself again and again, as PostgreSQL's timer of idle statistics does. */
const openTicks = () => {
  let count = 0;
  const tick = (): void => {
    count += 1;
    setTimeout(tick, 1);
  };
  return { tick, count: () => count };
};

test("timers that set one another run until the end, and never again", async () => {
  const timers = openTimers();
  const ticks = openTicks();
  timers.during(ticks.tick);
  await until(() => ticks.count() > 3);
  timers.end();
  const ended = ticks.count();
  await pause(30, "what was ended would tick in it");
  assert.equal(ticks.count(), ended);
});

test("timers of others are left alone, also those set in between", async () => {
  const timers = openTimers();
  const own = { setTimeout, clearTimeout };
  let fired = 0;
  timers.during(() => undefined);
  assert.deepEqual({ setTimeout, clearTimeout }, own);
  setTimeout(() => fired += 1, 1);
  assert.throws(() =>
    timers.during(() => {
      throw new Error("broken");
    }), /broken/);
  assert.deepEqual({ setTimeout, clearTimeout }, own);
  timers.end();
  await until(() => fired === 1);
});

test("a timer that was cleared does not fire, and one that was set in its place does", async () => {
  const timers = openTimers();
  const fired: string[] = [];
  timers.during(() => {
    const first = setTimeout(() => fired.push("first"), 1);
    clearTimeout(first);
    setTimeout(() => fired.push("second"), 1);
  });
  await until(() => fired.length > 0);
  await pause(20, "the timer that was cleared would fire in it");
  assert.deepEqual(fired, ["second"]);
});
