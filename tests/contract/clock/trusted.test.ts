import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  DAY_MS,
  HOUR_MS,
  type Instant,
  MINUTE_MS,
  SECOND_MS,
} from "../../../core/values/calendar.ts";
import { AGREEMENT_MS, agreementOf, JUMP_MS, STEP_MS } from "../../../core/values/clock-trust.ts";
import { machine } from "./machine.ts";
import { runs } from "../../support/runs.ts";

describe("trusted clock", () => {
  it("follows the machine's clock, also where that is corrected a little", () => {
    const { open, pass, set, real, changes } = machine();
    const clock = open();
    pass(HOUR_MS);
    set(JUMP_MS);
    assert.equal(clock.now(), real() + JUMP_MS);
    set(-SECOND_MS);
    assert.equal(clock.now(), real() - SECOND_MS);
    assert.equal(clock.doubt(), null);
    assert.deepEqual(changes, []);
  });

  for (const ahead of [6 * DAY_MS, -6 * DAY_MS, JUMP_MS + 1, 31 * DAY_MS, -JUMP_MS - 1]) {
    it(`shows nothing of a jump by ${ahead} ms for 0.6 s, and is in doubt for five minutes`, () => {
      const { open, pass, set, real, changes } = machine();
      const clock = open();
      pass(HOUR_MS);
      set(ahead);
      assert.equal(clock.now(), real());
      const { why, ahead: by, wall } = clock.doubt() ?? {};
      assert.deepEqual([why, by, wall], ["jumped", ahead, real() + ahead]);
      pass(600);
      assert.equal(clock.now(), real());
      set(0);
      assert.equal(clock.now(), real());
      pass(AGREEMENT_MS - 1);
      assert.notEqual(clock.doubt(), null);
      assert.equal(clock.now(), real());
      pass(1);
      assert.equal(clock.doubt(), null);
      assert.equal(clock.now(), real());
      assert.deepEqual(changes, ["jumped", null]);
    });
  }
});

describe("trusted clock in the end", () => {
  it("accepts a jump: after a 24th of it, five minutes at least, a day at most", () => {
    assert.equal(agreementOf(90 * SECOND_MS), AGREEMENT_MS);
    assert.equal(agreementOf(-6 * DAY_MS), 6 * HOUR_MS);
    assert.equal(agreementOf(4_000 * DAY_MS), DAY_MS);
    const { open, pass, set, real } = machine();
    const clock = open();
    pass(HOUR_MS);
    set(6 * DAY_MS);
    assert.equal(clock.now(), real());
    pass(6 * HOUR_MS - 1);
    assert.equal(clock.now(), real());
    pass(1);
    assert.equal(clock.now(), real() + 6 * DAY_MS);
    assert.equal(clock.doubt(), null);
  });

  it("waits again whenever the clock moves again", () => {
    const { open, pass, set, real } = machine();
    const clock = open();
    for (let jumps = 1; jumps <= 50; jumps++) {
      set((jumps % 7) * HOUR_MS + jumps * 2 * MINUTE_MS);
      pass(AGREEMENT_MS - 1);
      assert.equal(clock.now(), real());
    }
  });

  it("takes a row of small steps for the jump that they are", () => {
    const { open, pass, set, real } = machine();
    const clock = open();
    for (let steps = 1; steps <= 100; steps++) {
      set(steps * 50 * SECOND_MS);
      pass(SECOND_MS);
      assert.ok(clock.now() - real() <= JUMP_MS, `${steps} steps`);
    }
    assert.notEqual(clock.doubt(), null);
  });

  it("tolerates a clock that is a little fast forever", () => {
    const { open, pass, set, changes } = machine();
    const clock = open();
    for (let hours = 1; hours <= 24 * 365; hours++) {
      pass(HOUR_MS);
      set(hours * 2 * SECOND_MS);
      clock.now();
    }
    assert.deepEqual(changes, []);
  });
});

describe("trusted clock and its machine", () => {
  it("does not take a process that was stopped for a jump", () => {
    const { open, pass, real } = machine();
    const clock = open();
    pass(3 * DAY_MS);
    assert.equal(clock.now(), real());
    assert.equal(clock.doubt(), null);
  });

  it("waits after the machine was suspended, and then goes on by its clock", () => {
    const { open, pass, sleep, real } = machine();
    const clock = open();
    sleep(8 * HOUR_MS);
    assert.equal(clock.now(), real() - 8 * HOUR_MS);
    pass(20 * MINUTE_MS);
    assert.equal(clock.now(), real());
  });

  it("accepts what the operator confirms immediately", () => {
    const { open, set, real, changes } = machine();
    const clock = open();
    set(6 * DAY_MS);
    clock.now();
    assert.equal(clock.confirm(), real() + 6 * DAY_MS);
    assert.equal(clock.now(), real() + 6 * DAY_MS);
    assert.deepEqual(changes, ["jumped", null]);
  });
});

describe("trusted clock with a second clock", () => {
  it("goes by the second while they differ, from the start on", () => {
    const { open, pass, set, real, changes } = machine();
    set(6 * DAY_MS);
    const clock = open({ second: real() });
    assert.equal(clock.now(), real());
    pass(30 * DAY_MS);
    assert.equal(clock.now(), real());
    assert.equal(clock.doubt()?.waits, null);
    set(0);
    clock.now();
    pass(AGREEMENT_MS);
    assert.equal(clock.doubt(), null);
    assert.deepEqual(changes, ["differs", null]);
  });

  it("finds out when the two run apart slowly", () => {
    const { open, pass, set, real } = machine();
    const clock = open({ second: real() });
    for (let hours = 1; hours <= 100; hours++) {
      pass(HOUR_MS);
      set(hours * SECOND_MS);
      clock.observe(real(), clock.elapsed());
      assert.equal(clock.doubt() !== null, hours > 60, `${hours} s`);
    }
    assert.ok(clock.now() - real() <= JUMP_MS);
  });

  it("keeps a difference that the operator confirmed, and finds out when that changes", () => {
    const { open, pass, set, real } = machine();
    set(HOUR_MS);
    const clock = open({ second: real() });
    assert.equal(clock.confirm(), real() + HOUR_MS);
    pass(DAY_MS);
    clock.observe(real(), clock.elapsed());
    assert.equal(clock.doubt(), null);
    clock.observe(real() + HOUR_MS, clock.elapsed());
    assert.equal(clock.doubt()?.why, "differs");
  });
});

describe("time since a moment, as the trusted clock shows it", () => {
  it("is what passed, whatever the clock did in between, and whenever it was trusted", () => {
    const step = fc.oneof(
      fc.record({ pass: fc.integer({ min: 0, max: 2 * HOUR_MS }) }),
      fc.record({ set: fc.integer({ min: -10 * DAY_MS, max: 10 * DAY_MS }) }),
      fc.record({ set: fc.integer({ min: -JUMP_MS, max: JUMP_MS }) }),
      fc.record({ confirm: fc.constant(true) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { open, pass, set, real } = machine();
        const clock = open();
        const notes: (readonly [noted: Instant, at: Instant])[] = [];
        for (const act of steps) {
          notes.push([clock.now(), real()]);
          if ("pass" in act) pass(act.pass);
          if ("set" in act) set(act.set);
          if ("confirm" in act) clock.confirm();
          for (const [noted, at] of notes) {
            const since = clock.since(noted) - noted;
            assert.ok(since <= real() - at + STEP_MS, `${since} > ${real() - at}`);
          }
        }
      }),
      { numRuns: runs(500) },
    );
  });
});
