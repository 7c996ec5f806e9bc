import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { openIds } from "../../../adapters/clock/ids.ts";
import { systemClock } from "../../../adapters/clock/system.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";

describe("clocks", () => {
  it("system clock shows the machine's time", () => {
    const before = Date.now();
    const now = systemClock.now();
    assert.ok(before <= now && now <= Date.now());
  });

  it("test clock does not advance until it is set", () => {
    const clock = openTestClock(1_000);
    assert.equal(clock.now(), 1_000);
    assert.equal(clock.now(), 1_000);
    clock.set(2_500);
    assert.equal(clock.now(), 2_500);
  });

  it("test clock refuses to run back or to be set between milliseconds", () => {
    const clock = openTestClock(1_000);
    for (const at of [999, 1_000.5, Number.NaN, Infinity]) {
      assert.throws(() => clock.set(at), RangeError);
    }
    assert.equal(clock.now(), 1_000);
  });
});

describe("ids", () => {
  it("next gives a prefix and 26 characters of Crockford's base 32, time first", () => {
    const ids = openIds(openTestClock(1_469_918_176_385));
    // The time of the example in the ULID specification.
    assert.match(ids.next("pn"), /^pn_01aryz6s41[0-9a-hjkmnp-tv-z]{16}$/);
  });

  it("next sorts after all ids before it when the clock moves in any way", () => {
    fc.assert(fc.property(
      fc.array(fc.integer({ min: 0, max: 2 ** 47 }), { minLength: 1, maxLength: 50 }),
      (times) => {
        let now = 0;
        const ids = openIds({ now: () => now });
        const made = times.flatMap((at) => {
          now = at;
          return [ids.next("pn"), ids.next("pn"), ids.next("pn")];
        });
        assert.deepEqual(made, [...new Set(made)].sort());
      },
    ));
  });

  it("next differs between two makers at the same moment", () => {
    const clock = openTestClock(0);
    assert.notEqual(openIds(clock).next("vs"), openIds(clock).next("vs"));
  });
});
