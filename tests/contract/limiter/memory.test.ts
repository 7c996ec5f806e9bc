import assert from "node:assert/strict";
import { test } from "node:test";
import * as runner from "node:test";
import { openMemoryLimiter } from "../../../adapters/limiter/memory.ts";
import { rateLimiterContract } from "../../harness/contract/rate-limiter.ts";

const opened = () => {
  let now = 0;
  const limiter = openMemoryLimiter({ now: () => now });
  return { limiter, set: (at: number) => now = at, advance: (ms: number) => void (now += ms) };
};

rateLimiterContract(runner, "memory", () => {
  const { limiter, advance } = opened();
  return { limiters: [limiter], advance };
});

test("a clock that runs back neither grants a token nor blocks for longer", () => {
  const { limiter, set } = opened();
  const bucket = { key: "a", perMinute: 60 };
  set(3_600_000);
  for (let count = 0; count < 60; count++) assert.ok(limiter.take([bucket]).taken);
  set(0);
  assert.deepEqual(limiter.take([bucket]).taken, false);
  set(1_000);
  assert.deepEqual(limiter.take([bucket]).taken, true);
});

test("idle buckets are forgotten, and never more are kept than fit", () => {
  const { limiter, advance } = opened();
  const ask = (key: string) => limiter.take([{ key, perMinute: 2 }]).levels[0]?.remaining;
  for (let count = 0; count < 60_000; count++) ask(`key-${count}`);
  assert.equal(ask("key-59999"), 0, "one that was used lately is remembered");
  assert.equal(ask("key-0"), 1, "the one unused for longest gave way");
  advance(60_000);
  assert.equal(ask("key-59999"), 1);
});
