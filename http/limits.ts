/** How many requests a token and an organization may make: what it takes from whom, and what the answer says. */
import type { Caller, Ledger } from "../adapters/ledger/api.ts";
import type { PlanLimits } from "../core/organization/plans.ts";
import type { Bucket, BucketLevel, RateLimiter } from "../core/ports.ts";
import { type Milliseconds, MINUTE_MS, SECOND_MS } from "../core/values/calendar.ts";
import { failed, ok, type Result } from "../core/values/result.ts";
import type { Failure, Outcome, Route } from "./dialect.ts";
import type { FrameFailure } from "./errors.ts";

/** Headers that tell the caller how much is left. */
export type LimitHeaders = Readonly<Record<string, string>>;

/** What is known of an organization's plan, and of which of its tokens are in use. */
type Known = {
  limits: PlanLimits;
  readAt: Milliseconds;
  /** The token that asked last, and when another one did before it. */
  token: string;
  othersAt: Milliseconds;
};

/** What is known of plans, by organization; plain data, which may outlive an application. */
export type PlanMemo = Map<string, Known>;

/** A plan that was changed counts after so long at the latest. */
const MEMO_MS: Milliseconds = 5 * SECOND_MS;

const MAX_KNOWN = 10_000;

/** What may ask, by the name that the headers give it. */
type Policy = Bucket & { readonly name: string };

const isLimit = ({ perMinute }: Policy): boolean => perMinute < Number.MAX_SAFE_INTEGER;

// Structured fields have integers of 15 digits at most (RFC 9651, 3.3.1).
const LONGEST = 999_999_999_999_999;

const seconds = (ms: Milliseconds): number => Math.ceil(ms / SECOND_MS);

/** The headers of draft-ietf-httpapi-ratelimit-headers-11. */
const headersOf = (policies: readonly Policy[], levels: readonly BucketLevel[]): LimitHeaders => {
  if (policies.length === 0) return {};
  const policy = policies.map(({ name, perMinute }) =>
    `"${name}";q=${Math.min(perMinute, LONGEST)};w=${MINUTE_MS / SECOND_MS}`
  );
  const left = levels.map(({ remaining, full_ms }, place) =>
    `"${policies[place]?.name}";r=${Math.min(remaining, LONGEST)};t=${seconds(full_ms)}`
  );
  return { "ratelimit-policy": policy.join(", "), "ratelimit": left.join(", ") };
};

const limited = (wait_ms: Milliseconds, headers: LimitHeaders): FrameFailure => {
  const wait = Math.max(1, seconds(wait_ms));
  const unit = wait === 1 ? "second" : "seconds";
  return {
    status: 429,
    code: "RATE_LIMITED",
    message: `Too many requests: try again in ${wait} ${unit}.`,
    headers: { ...headers, "retry-after": String(wait) },
  };
};

/** The organization reads all that it has more often at once than it may. */
export const TOO_MANY_READS: FrameFailure = limited(SECOND_MS, {});

/** The token that a caller came with. */
const tokenOf = ({ actor }: Caller): string => actor.kind === "user" ? actor.tokenId : "";

/**
 * The buckets that a request takes from: the organization's, and while several of its tokens are in
 * use the token's own, of half the size, so that none of them keeps the others out. A search takes
 * from those of searches besides.
 */
const policiesOf = (
  { organization, actor }: Caller,
  { limits, othersAt }: Known,
  isSearch: boolean,
  now: Milliseconds,
): readonly Policy[] => {
  const { requestsPerMinute, searchesPerMinute } = limits;
  const isShared = now - othersAt < MINUTE_MS;
  const counted = [
    { name: "requests", perMinute: requestsPerMinute },
    ...(isSearch ? [{ name: "searches", perMinute: searchesPerMinute }] : []),
  ];
  return counted.flatMap(({ name, perMinute }) => {
    const half = Math.ceil(perMinute / 2);
    const key = `${name}:token:${tokenOf({ organization, actor })}`;
    return [
      { name, perMinute, key: `${name}:organization:${organization}` },
      ...(isShared ? [{ name: `${name}-token`, perMinute: half, key }] : []),
    ];
  }).filter(isLimit);
};

/** Admits requests, or refuses them with 429. */
export type Limits = {
  /** The headers of the answer; a failure where there were too many requests. */
  readonly admit: (
    caller: Caller,
    route: Route,
    by: { readonly limiter: RateLimiter; readonly ledger: Pick<Ledger, "limits"> },
  ) => Promise<Result<LimitHeaders, Failure>>;
};

export type LimitsOptions = {
  readonly memo?: PlanMemo;
  /** Tells milliseconds that only grow. */
  readonly now?: () => Milliseconds;
};

/** Limits by the plans of organizations, which are remembered for some seconds. */
export const openLimits = (
  { memo = new Map(), now = () => performance.now() }: LimitsOptions = {},
): Limits => {
  const read = async (caller: Caller, ledger: Pick<Ledger, "limits">): Promise<Known> => {
    const limits = await ledger.limits(caller);
    const known: Known = memo.get(caller.organization) ??
      { limits, readAt: 0, token: tokenOf(caller), othersAt: -Infinity };
    memo.delete(caller.organization);
    memo.set(caller.organization, Object.assign(known, { limits, readAt: now() }));
    const [oldest] = memo.keys();
    if (memo.size > MAX_KNOWN && oldest !== undefined) memo.delete(oldest);
    return known;
  };

  const knownOf = async (caller: Caller, ledger: Pick<Ledger, "limits">): Promise<Known> => {
    const known = memo.get(caller.organization);
    if (known === undefined) return await read(caller, ledger);
    if (now() - known.readAt >= MEMO_MS) {
      // Requests go on under what is known; if this comes to nothing, a later one reads again.
      known.readAt = now();
      read(caller, ledger).catch(() => undefined);
    }
    return known;
  };

  return {
    admit: async (caller, route, { limiter, ledger }) => {
      const known = await knownOf(caller, ledger);
      const token = tokenOf(caller);
      if (known.token !== token) Object.assign(known, { token, othersAt: now() });
      const policies = policiesOf(caller, known, route.searches === true, now());
      if (policies.length === 0) return ok({});
      const { taken, wait_ms, levels } = await limiter.take(policies);
      const headers = headersOf(policies, levels);
      return taken ? ok(headers) : failed(limited(wait_ms, headers));
    },
  };
};

/** The outcome, whose answer has these headers too. */
export const withHeaders = (outcome: Outcome, headers: LimitHeaders): Outcome =>
  outcome.ok
    ? ok({ ...outcome.value, headers: { ...headers, ...outcome.value.headers } })
    : failed({ ...outcome.error, headers: { ...headers, ...outcome.error.headers } });
