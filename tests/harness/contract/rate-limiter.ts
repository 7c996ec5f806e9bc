import type { Whole } from "../../../adapters/validation/optional.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Bucket, RateLimiter } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { runnerOf, type TestFunctions } from "../runner.ts";

/** Limiters to be tested, which share their buckets, and the time that they measure. */
export type RateLimiterSubject = {
  /** At least one; several where servers share the limits. */
  readonly limiters: readonly RateLimiter[];
  /** Lets this much time pass for all of them; time that really passes may count as well. */
  readonly advance: (milliseconds: Milliseconds) => void | Promise<void>;
  /** How many tokens a limiter may have taken earlier than it gives them out; 0 if left out. */
  readonly ahead?: ((perMinute: number) => number) | undefined;
};

let made = 0;
const newBucket = (perMinute: number): Bucket => ({ key: `bucket-${made++}`, perMinute });

/** Takes from one bucket until it is empty; returns how often that succeeded. */
const drain = async (limiter: RateLimiter, bucket: Bucket): Promise<number> => {
  for (let count = 0;; count++) {
    assert.ok(count < 10_000, "the bucket never becomes empty");
    if (!(await limiter.take([bucket])).taken) return count;
  }
};

type Step = { readonly limiter: number; readonly pause_ms: Milliseconds; readonly takes: number };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    limiter: fc.nat(),
    pause_ms: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90_000 })),
    takes: fc.integer({ min: 1, max: 12 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** When tokens were given out, by a clock that reads no less than what the limiters measured. */
const live = async (
  { limiters, advance }: RateLimiterSubject,
  bucket: Bucket,
  life: readonly Step[],
): Promise<readonly { readonly before: Milliseconds; readonly after: Milliseconds }[]> => {
  const start = performance.now();
  let passed = 0;
  const now = (): Milliseconds => performance.now() - start + passed;
  const given = [];
  for (const { limiter: place, pause_ms, takes } of life) {
    await advance(pause_ms);
    passed += pause_ms;
    const limiter = limiters[place % limiters.length];
    assert.ok(limiter !== undefined);
    for (let count = 0; count < takes; count++) {
      const before = now();
      const { taken } = await limiter.take([bucket]);
      if (taken) given.push({ before, after: now() });
    }
  }
  return given;
};

type Opened = Whole<RateLimiterSubject> & { readonly limiter: RateLimiter };

type Test = ReturnType<typeof runnerOf>["test"];

/** How much is given out. */
const declareBounds = (test: Test, opened: () => Promise<Opened>): void => {
  test("a bucket that is new holds a minute's tokens", async () => {
    const { limiter } = await opened();
    const count = await drain(limiter, newBucket(7));
    assert.ok(count >= 7, `${count} tokens of 7`);
  });

  test("never gives out more than the bucket holds and what flows in meanwhile", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 150 }), steps, async (perMinute, life) => {
        const subject = await opened();
        const given = await live(subject, newBucket(perMinute), life);
        const spare = subject.ahead(perMinute) * subject.limiters.length;
        for (const [from, { before }] of given.entries()) {
          for (const [to, { after }] of given.entries()) {
            if (to < from) continue;
            const most = perMinute + (after - before) * perMinute / 60_000 + spare;
            assert.ok(to - from + 1 <= most + 1e-6, `${to - from + 1} tokens of ${most}`);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test("gives one out again once the time it named has passed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 150 }), async (perMinute) => {
        const { limiter, advance } = await opened();
        const bucket = newBucket(perMinute);
        await drain(limiter, bucket);
        const { taken, wait_ms } = await limiter.take([bucket]);
        if (taken) return;
        assert.ok(wait_ms > 0 && wait_ms <= 60_000, `waits for ${wait_ms} ms`);
        await advance(wait_ms + 1);
        assert.equal((await limiter.take([bucket])).taken, true);
      }),
      { numRuns: 10 },
    );
  });

  test("tokens flow in evenly, not all at the end of a minute", async () => {
    const { limiter, advance, ahead } = await opened();
    const bucket = newBucket(60);
    await drain(limiter, bucket);
    const start = performance.now();
    await advance(30_000);
    const count = await drain(limiter, bucket);
    const most = 31 + Math.ceil((performance.now() - start) * 60 / 60_000) + ahead(60);
    const least = 29 - ahead(60);
    assert.ok(count >= least && count <= most, `${count} tokens of ${least} to ${most}`);
  });

  test("is full again after a minute, and never fuller", async () => {
    const { limiter, advance, ahead } = await opened();
    const bucket = newBucket(9);
    await drain(limiter, bucket);
    await advance(3_600_000);
    const start = performance.now();
    const count = await drain(limiter, bucket);
    const most = 9 + Math.ceil((performance.now() - start) * 9 / 60_000) + ahead(9);
    assert.ok(count >= 9 && count <= most, `${count} tokens of ${most}`);
  });
};

/** Of which buckets, and their levels. */
const declareAnswers = (test: Test, opened: () => Promise<Opened>): void => {
  test("takes from all buckets or from none", async () => {
    const { limiter, advance, ahead } = await opened();
    const [small, large] = [newBucket(2), newBucket(50)];
    for (let count = 0; count < 20; count++) await limiter.take([large, small]);
    const { remaining } = (await limiter.take([large])).levels[0] ?? { remaining: 0 };
    assert.ok(remaining >= 50 - 3 - 2 - ahead(50), `only ${remaining} are left`);
    await advance(60_000);
    assert.equal((await limiter.take([large, small])).taken, true);
  });

  test("returns what is left of each bucket, in order", async () => {
    const { limiter } = await opened();
    const [one, two] = [newBucket(5), newBucket(3)];
    const { levels } = await limiter.take([one, two]);
    assert.deepEqual(levels.map(({ remaining }) => remaining), [4, 2]);
    for (const { full_ms } of levels) assert.ok(full_ms > 0 && full_ms <= 60_000);
  });

  test("buckets with other keys are others", async () => {
    const { limiter } = await opened();
    const [one, other] = [newBucket(1), newBucket(1)];
    await drain(limiter, one);
    assert.equal((await limiter.take([other])).taken, true);
  });

  test("a bucket that holds nothing gives nothing", async () => {
    const { limiter } = await opened();
    const { taken, wait_ms } = await limiter.take([newBucket(0)]);
    assert.deepEqual({ taken, wait_ms }, { taken: false, wait_ms: 60_000 });
  });

  test("a plan that changes counts from the next request on", async () => {
    const { limiter, advance } = await opened();
    const bucket = newBucket(3);
    await drain(limiter, bucket);
    await advance(60_000);
    const { levels } = await limiter.take([{ ...bucket, perMinute: 1 }]);
    assert.equal(levels[0]?.remaining, 0);
  });

  test("a plan that changes fills no bucket", async () => {
    const { limiter, ahead } = await opened();
    const bucket = newBucket(30);
    await drain(limiter, bucket);
    const start = performance.now();
    const count = await drain(limiter, { ...bucket, perMinute: 40 });
    const most = 1 + Math.ceil((performance.now() - start) * 40 / 60_000) + ahead(40);
    assert.ok(count <= most, `${count} tokens of ${most}`);
  });

  test("concurrent requests get as many tokens as there are", async () => {
    const { limiters, ahead } = await opened();
    const bucket = newBucket(30);
    const start = performance.now();
    const asked = Array.from({ length: 80 }, async (_, place) => {
      const limiter = limiters[place % limiters.length];
      return limiter !== undefined && (await limiter.take([bucket])).taken;
    });
    const count = (await Promise.all(asked)).filter(Boolean).length;
    const most = 30 + Math.ceil((performance.now() - start) * 30 / 60_000);
    const least = 30 - ahead(30) * limiters.length;
    assert.ok(count >= least && count <= most, `${count} tokens of ${least} to ${most}`);
  });
};

/**
 * Declares the tests that every adapter of the `RateLimiter` port passes, with the functions of
 * your test runner. `open` is called for each test.
 *
 * @example
 * ```ts
 * import * as runner from "node:test";
 * import { openMemoryLimiter } from "ledgerline/http";
 * import { rateLimiterContract } from "ledgerline/testing";
 *
 * rateLimiterContract(runner, "memory", () => {
 *   let now = 0;
 *   return {
 *     limiters: [openMemoryLimiter({ now: () => now })],
 *     advance: (milliseconds) => void (now += milliseconds),
 *   };
 * });
 * ```
 */
export const rateLimiterContract = (
  functions: TestFunctions,
  name: string,
  open: () => RateLimiterSubject | Promise<RateLimiterSubject>,
): void => {
  const { describe, test } = runnerOf(functions);
  const opened = async (): Promise<Opened> => {
    const subject = await open();
    const [limiter] = subject.limiters;
    assert.ok(limiter !== undefined);
    return { ...subject, limiter, ahead: subject.ahead ?? (() => 0) };
  };
  describe(`rate limiter: ${name}`, () => {
    declareBounds(test, opened);
    declareAnswers(test, opened);
  });
};
