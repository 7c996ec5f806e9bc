/** Rate limits that all servers on one PostgreSQL share. */
import { Unavailable } from "../../core/log/unavailable.ts";
import type { Bucket, RateLimiter, Taken } from "../../core/ports/mod.ts";
import { FULL_AFTER_MS, tokensAt, waitFor } from "./bucket.ts";
import { type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";
import { openRecent, type Recent } from "../../core/values/recent.ts";
import { monotonic, openMemoryLimiter } from "./memory.ts";
import type { Database } from "../log/sql/database.ts";
import { drawFrom, type Drawn, sweep } from "../log/sql/rates.ts";

/** What this process knows of a bucket in the database. */
type Share = {
  /** Tokens that were drawn and not yet given out. */
  stock: number;
  /** What the database had left of it `at` the last draw. */
  left: number;
  at: Milliseconds;
};

/** What a process knows of buckets; plain data, which may outlive the connection it came by. */
export type Shares = Recent<Share>;

/** Shares of nothing yet. */
export const openShares = (): Shares => openRecent<Share>({ limit: MAX_SHARES });

const MAX_SHARES = 50_000;

/** A draw takes the refill of one second, so a process holds no more than that. */
const DRAWS_A_MINUTE = 60;

/** A caller does not wait longer for the database than this; it is counted here meanwhile. */
const PATIENCE_MS: Milliseconds = 500;

/** How long the database is not asked after it failed. */
const AWAY_MS: Milliseconds = 2 * SECOND_MS;

const SWEEP_MS: Milliseconds = 60 * SECOND_MS;

const batchOf = (perMinute: number): number => Math.max(1, Math.floor(perMinute / DRAWS_A_MINUTE));

export type SharedLimiterOptions = {
  readonly database: Pick<Database, "query">;
  /** Returns milliseconds that only grow. */
  readonly now?: () => Milliseconds;
  /** What earlier limiters of this process know; nothing if left out. */
  readonly shares?: Shares;
  /**
   * Whether to draw before the stock is used up, so that hardly any caller waits; true by default.
   */
  readonly drawsAhead?: boolean;
  /** How long a caller waits for the database; 500 ms by default. */
  readonly patienceMs?: Milliseconds;
  /**
   * Called when the limits begin to be counted by this process alone, unless the database is away.
   */
  readonly onAlone?: (error: unknown) => void;
};

class Late extends Error {}

const within = <Value>(limit_ms: Milliseconds, promise: Promise<Value>): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late()), limit_ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** Draws tokens for all who want some, by one statement at a time. */
const openDraws = (
  { database, shares, now, patienceMs, onAlone }: Required<
    Omit<SharedLimiterOptions, "drawsAhead">
  >,
) => {
  let wanted = new Map<string, { perMinute: number; tokens: number }>();
  let round: Promise<void> | null = null;
  let awayUntil = -Infinity;
  let [sweptAt, isAlone] = [now(), false];

  const fail = (error: unknown): void => {
    awayUntil = now() + AWAY_MS;
    // That the database is away is reported by the log, and that it is slow passes.
    if (error instanceof Unavailable || error instanceof Late || isAlone) return;
    isAlone = true;
    onAlone(error);
  };

  const note = ({ key, granted, left }: Drawn): void => {
    const stock = (shares.get(key)?.stock ?? 0) + granted;
    shares.set(key, { stock, left, at: now() });
  };

  const draw = async (): Promise<void> => {
    // Requests made in the meantime are included.
    await Promise.resolve();
    const drawing = [...wanted].map(([key, want]) => ({ key, ...want }));
    wanted = new Map();
    try {
      for (const drawn of await within(patienceMs, drawFrom(database, drawing))) note(drawn);
      isAlone = false;
      if (now() - sweptAt >= SWEEP_MS) {
        sweptAt = now();
        void sweep(database).catch(() => undefined);
      }
    } catch (error) {
      fail(error);
    }
  };

  const next = (): Promise<void> =>
    round ??= draw().finally(() => {
      round = null;
    });

  return {
    isAway: (): boolean => now() < awayUntil,
    /** Settles once the tokens requested so far have been drawn, or could not be. */
    want: async ({ key, perMinute }: Bucket): Promise<void> => {
      const others = wanted.get(key)?.tokens ?? batchOf(perMinute) - 1;
      wanted.set(key, { perMinute, tokens: Math.min(perMinute, others + 1) });
      while (wanted.has(key)) await next();
    },
  };
};

/** A few draws serve all waiting callers, unless others were faster each time. */
const MAX_DRAWS = 5;

/**
 * A limiter for servers that share a database. Each draws tokens from the shared buckets in
 * batches, a second's worth at most (at least one), and gives them out locally, so a request hardly
 * ever waits for the database, and one over the limit costs it nothing. Together the servers never
 * give out more than a bucket holds, but for the batch that each may have drawn earlier; and where
 * one has a batch left, another may refuse as many too early. What was drawn and not given out is
 * lost, which the bucket makes up for within a second.
 *
 * While the database is away or slow, each server counts alone, with buckets that were full then:
 * what limits protect is the database, and requests fail for want of it anyway, with their own 503.
 */
export const openSharedLimiter = (options: SharedLimiterOptions): RateLimiter => {
  const { database, now = monotonic, shares = openShares(), drawsAhead = true } = options;
  const alone = openMemoryLimiter({ now });
  const draws = openDraws({
    database,
    shares,
    now,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    onAlone: options.onAlone ?? (() => undefined),
  });

  const leftOf = ({ key, perMinute }: Bucket): number => {
    const share = shares.get(key);
    return share === undefined
      ? perMinute
      : tokensAt({ tokens: share.left, at: share.at }, perMinute, now());
  };
  const stockOf = ({ key }: Bucket): number => shares.get(key)?.stock ?? 0;

  const answer = (buckets: readonly Bucket[], wait_ms: Milliseconds): Taken => ({
    taken: wait_ms === 0,
    wait_ms,
    levels: buckets.map((bucket) => {
      const tokens = Math.min(bucket.perMinute, leftOf(bucket) + stockOf(bucket));
      return {
        remaining: Math.floor(tokens),
        full_ms: waitFor(bucket.perMinute, tokens, bucket.perMinute),
      };
    }),
  });

  const giveOut = (buckets: readonly Bucket[]): Taken => {
    for (const bucket of buckets) {
      const share = shares.get(bucket.key);
      if (share === undefined) continue;
      share.stock -= 1;
      const isLow = share.stock < batchOf(bucket.perMinute) / 2;
      if (drawsAhead && isLow && leftOf(bucket) >= 1) void draws.want(bucket);
    }
    return answer(buckets, 0);
  };

  /** What can be said without the database; null where it must be asked. */
  const takeHere = (buckets: readonly Bucket[]): Taken | null => {
    const lacking = buckets.filter((bucket) => stockOf(bucket) < 1);
    if (lacking.length === 0) return giveOut(buckets);
    const waits = lacking.map((bucket) => waitFor(1, leftOf(bucket), bucket.perMinute));
    const wait_ms = Math.max(...waits);
    if (wait_ms > 0) return answer(buckets, wait_ms);
    return draws.isAway() ? alone.take(buckets) : null;
  };

  const takeThere = async (buckets: readonly Bucket[]): Promise<Taken> => {
    for (let drawn = 0; drawn < MAX_DRAWS; drawn++) {
      const lacking = buckets.filter((bucket) => stockOf(bucket) < 1);
      await Promise.all(lacking.map((bucket) => draws.want(bucket)));
      const taken = takeHere(buckets);
      if (taken !== null) return taken;
    }
    return alone.take(buckets);
  };

  return {
    take: (buckets) => {
      shares.forget(({ at }) => now() - at >= FULL_AFTER_MS);
      return takeHere(buckets) ?? takeThere(buckets);
    },
  };
};
