import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../core/values/calendar.ts";
import { JUMP_MS } from "../../../core/values/clock-trust.ts";
import { machine } from "./machine.ts";

describe("trusted clock after a restart", () => {
  it("goes on where it was a moment ago", () => {
    const { open, real } = machine();
    const clock = open({ mark: { at: real() - JUMP_MS, agreed: 0, wall: 0 } });
    assert.equal(clock.doubt(), null);
    assert.equal(clock.now(), real());
  });

  it("ends nothing for a 24th of the time that it was down, as far as it knows", () => {
    const { open, pass, real } = machine();
    const clock = open({ mark: { at: real() - 6 * DAY_MS, agreed: 0, wall: 0 } });
    assert.equal(clock.now(), real());
    assert.deepEqual([clock.doubt()?.why, clock.doubt()?.ahead], ["unconfirmed", 6 * DAY_MS]);
    pass(6 * HOUR_MS - 1);
    assert.notEqual(clock.doubt(), null);
    pass(1);
    assert.equal(clock.doubt(), null);
  });

  it("counts what it waited over many short runs, none of which is long enough", () => {
    const { open, pass, real } = machine();
    let mark = { at: real() - 2 * DAY_MS, agreed: 0, wall: 0 };
    let runs = 0;
    for (; runs < 1_000; runs++) {
      const clock = open({ mark });
      pass(MINUTE_MS);
      if (clock.doubt() === null) break;
      mark = clock.mark();
      pass(MINUTE_MS);
    }
    assert.ok(runs > 100 && runs < 150, `${runs} runs`);
  });

  it("waits again where the clock moved on by more than it had agreed for", () => {
    const { open, pass, set, real } = machine();
    const before = open({ mark: { at: real() - 60 * DAY_MS, agreed: 0, wall: 0 } });
    pass(DAY_MS - MINUTE_MS);
    assert.notEqual(before.doubt(), null);
    const mark = before.mark();
    assert.equal(mark.agreed, DAY_MS - MINUTE_MS);
    set(60 * DAY_MS);
    const clock = open({ mark });
    pass(DAY_MS - 1);
    assert.notEqual(clock.doubt(), null);
    pass(1);
    assert.equal(clock.doubt(), null);
  });

  it("does not take a crash for a confirmation", () => {
    const { open, pass, set, real } = machine();
    let mark = { at: real(), agreed: 0, wall: 0 };
    set(6 * DAY_MS);
    for (let starts = 0; starts < 5; starts++) {
      const clock = open({ mark });
      pass(30 * SECOND_MS);
      assert.notEqual(clock.doubt(), null);
      mark = clock.mark();
    }
  });
});

describe("trusted clock that moves after a restart", () => {
  it("goes back to the right time when the clock does", () => {
    const { open, pass, set, real } = machine();
    set(6 * DAY_MS);
    const clock = open({ mark: { at: real(), agreed: 0, wall: 0 } });
    pass(SECOND_MS);
    assert.notEqual(clock.doubt(), null);
    set(0);
    assert.equal(clock.now(), real());
    assert.equal(clock.doubt(), null);
  });

  it("shows nothing of a jump after a start that is not confirmed yet", () => {
    for (const ahead of [2 * HOUR_MS, -20 * MINUTE_MS, -6 * DAY_MS]) {
      const { open, pass, set, real } = machine();
      const clock = open({ mark: { at: real() - HOUR_MS, agreed: 0, wall: 0 } });
      pass(SECOND_MS);
      set(ahead);
      assert.equal(clock.now(), real());
      pass(SECOND_MS);
      assert.equal(clock.now(), real());
      set(0);
      assert.equal(clock.now(), real());
      assert.notEqual(clock.doubt(), null);
    }
  });

  it("goes on from where it was when the clock is behind that", () => {
    const { open, pass, set, real } = machine();
    set(-40 * 365 * DAY_MS);
    const clock = open({ mark: { at: real(), agreed: 0, wall: 0 } });
    pass(HOUR_MS);
    assert.equal(clock.now(), real());
    assert.equal(clock.doubt()?.why, "jumped");
  });
});
