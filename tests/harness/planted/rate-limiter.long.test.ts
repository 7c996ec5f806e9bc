/** The suite passes rate limiters that fulfil their port, and finds each that does not. */
import { describe } from "node:test";
import type { Bucket, RateLimiter, Taken } from "../../../core/ports/mod.ts";
import { MINUTE_MS } from "../../../core/values/calendar.ts";
import { rateLimiterContract } from "../contract/rate-limiter.ts";
import { findsOut, type Planted } from "./support.ts";
import { pause } from "../../support/pause.ts";

/** What is in a bucket, since when, and what it held when it was first asked for. */
type Fill = { readonly tokens: number; readonly at: number; readonly firstHeld: number };

/** Where the buckets of all servers are. */
type Store = Map<string, Fill>;

/** The parts of a limiter, in which faults are planted. */
type Parts = {
  /** What a bucket is filed under. */
  readonly keyOf: (bucket: Bucket, server: number) => string;
  /** How much it can hold. */
  readonly holds: (bucket: Bucket, fill: Fill | undefined) => number;
  /** What is in a new one. */
  readonly begins: (held: number) => number;
  /** What is in it now. */
  readonly flows: (fill: Fill, held: number, now: number) => number;
  /** How long until there is one token. */
  readonly waits: (tokens: number, held: number) => number;
  /** Whether all get a token, by whether each bucket has one. */
  readonly gives: (has: readonly boolean[]) => boolean;
  /** How many tokens go out of a bucket. */
  readonly spends: (taken: boolean, has: boolean) => number;
  readonly returns: (taken: Taken, before: readonly number[]) => Taken;
  /** What is done between looking and taking. */
  readonly pauses: (() => Promise<void>) | null;
};

const GOOD: Parts = {
  keyOf: ({ key }) => key,
  holds: ({ perMinute }) => perMinute,
  begins: (held) => held,
  flows: ({ tokens, at }, held, now) => Math.min(held, tokens + (now - at) * held / MINUTE_MS),
  waits: (tokens, held) => {
    if (tokens >= 1) return 0;
    return held < 1 ? MINUTE_MS : Math.ceil((1 - tokens) * MINUTE_MS / held);
  },
  gives: (has) => !has.includes(false),
  spends: (taken) => taken ? 1 : 0,
  returns: (taken) => taken,
  pauses: null,
};

const openLimiter = (
  parts: Parts,
  store: Store,
  server: number,
  now: () => number,
): RateLimiter => {
  const look = (buckets: readonly Bucket[]) =>
    buckets.map((bucket) => {
      const key = parts.keyOf(bucket, server);
      const fill = store.get(key);
      const held = parts.holds(bucket, fill);
      const tokens = fill === undefined ? parts.begins(held) : parts.flows(fill, held, now());
      return { key, held, tokens, firstHeld: fill?.firstHeld ?? held };
    });
  const take = (found: ReturnType<typeof look>): Taken => {
    const has = found.map(({ tokens }) => tokens >= 1);
    const taken = parts.gives(has);
    const wait_ms = taken
      ? 0
      : Math.max(...found.map(({ tokens, held }) => parts.waits(tokens, held)));
    const levels = found.map(({ key, held, tokens, firstHeld }, place) => {
      const left = tokens - parts.spends(taken, has[place] === true);
      store.set(key, { tokens: left, at: now(), firstHeld });
      const full_ms = Math.ceil((held - left) * MINUTE_MS / Math.max(1, held));
      return { remaining: Math.max(0, Math.floor(left)), full_ms };
    });
    return parts.returns({ taken, wait_ms, levels }, found.map(({ tokens }) => Math.floor(tokens)));
  };
  const { pauses } = parts;
  return {
    take: pauses === null ? (buckets) => take(look(buckets)) : async (buckets) => {
      const found = look(buckets);
      await pauses();
      return take(found);
    },
  };
};

/** Two servers that share their buckets and a separate clock. */
const openServers = (parts: Parts) => {
  let now = 0;
  const store: Store = new Map();
  const limiters = [1, 2].map((server) => openLimiter(parts, store, server, () => now));
  return { limiters, advance: (ms: number) => void (now += ms) };
};

const returning = (change: (taken: Taken, before: readonly number[]) => Partial<Taken>) => () => ({
  returns: (taken: Taken, before: readonly number[]) => ({ ...taken, ...change(taken, before) }),
});

const LIMITERS: Planted<Parts> = {
  // How much it gives.
  "holds more than a minute's tokens": () => ({ holds: ({ perMinute }) => perMinute * 1.5 }),
  "holds less than a minute's tokens": () => ({ holds: ({ perMinute }) => perMinute / 2 }),
  "begins with an empty bucket": () => ({ begins: () => 0 }),
  "begins with one token": () => ({ begins: (held) => Math.min(1, held) }),
  "never fills a bucket": () => ({ flows: ({ tokens }) => tokens }),
  "fills a bucket twice as fast": ({ flows }) => ({
    flows: ({ at, ...fill }, held, now) => flows({ ...fill, at: 2 * at - now }, held, now),
  }),
  "fills a bucket at half the pace": ({ flows }) => ({
    flows: ({ at, ...fill }, held, now) => flows({ ...fill, at: (at + now) / 2 }, held, now),
  }),
  "lets a bucket run over": () => ({
    flows: ({ tokens, at }, held, now) => tokens + (now - at) * held / MINUTE_MS,
  }),
  "counts by minutes of the clock": () => ({
    flows: ({ tokens, at }, held, now) =>
      Math.floor(now / MINUTE_MS) > Math.floor(at / MINUTE_MS) ? held : tokens,
  }),
  "gives tokens to a bucket that holds none": () => ({
    holds: ({ perMinute }) => Math.max(1, perMinute),
  }),
  "takes no limit for none": () => ({ holds: ({ perMinute }) => perMinute || Infinity }),
  "keeps to the plan that it saw first": () => ({
    holds: ({ perMinute }, fill) => fill?.firstHeld ?? perMinute,
  }),
  // Of which buckets.
  "has one bucket for all": () => ({ keyOf: () => "all" }),
  "has a bucket of its own on each server": () => ({
    keyOf: ({ key }, server) => `${key} of ${server}`,
  }),
  "counts from zero for another plan": () => ({
    keyOf: ({ key, perMinute }) => `${key} ${perMinute}`,
  }),
  "gives where one bucket has something": () => ({ gives: (has) => has.includes(true) }),
  "takes from the others where one is empty": () => ({
    spends: (taken, has) => taken || has ? 1 : 0,
  }),
  "counts what it refused": () => ({ spends: () => 1 }),
  "looks, and takes later": () => ({ pauses: () => pause(1, "others take in it") }),
  // What it returns.
  "names no time to wait": returning(() => ({ wait_ms: 0 })),
  "names too short a time": returning(({ wait_ms }) => ({ wait_ms: Math.ceil(wait_ms / 3) })),
  "names more than a minute": returning(({ taken, wait_ms }) => ({
    wait_ms: taken ? 0 : wait_ms + MINUTE_MS,
  })),
  "names seconds for milliseconds": returning(({ wait_ms }) => ({ wait_ms: wait_ms / 1_000 })),
  "returns the levels from before": returning(({ levels }, before) => ({
    levels: levels.map((level, place) => ({ ...level, remaining: before[place] ?? 0 })),
  })),
  "returns the levels in another order": returning(({ levels }) => ({
    levels: levels.toReversed(),
  })),
  "returns one level for all": returning(({ levels }) => ({ levels: levels.slice(0, 1) })),
  "returns that every bucket is full": returning(({ levels }) => ({
    levels: levels.map((level) => ({ ...level, full_ms: 0 })),
  })),
  "throws at an empty bucket": () => ({
    waits: () => {
      throw new Error("too many requests");
    },
  }),
};

describe("the contract of rate limiters", () => {
  findsOut(
    LIMITERS,
    (runner, plant) => rateLimiterContract(runner, "planted", () => openServers(plant(GOOD))),
  );
});
