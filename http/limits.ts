/**
 * How many requests a token and an organization may make: which buckets a request takes from, and
 * the headers of the answer.
 */
import type { Caller, Ledger } from "../adapters/ledger/api/mod.ts";
import type { PlanLimits } from "../core/values/plan.ts";
import type { Bucket, BucketLevel, RateLimiter, Taken } from "../core/ports/mod.ts";
import { type Milliseconds, MINUTE_MS, SECOND_MS } from "../core/values/calendar.ts";
import { openRecent, type Recent } from "../core/values/recent.ts";
import { failed, ok, type Result } from "../core/values/result.ts";
import type { Failure, Outcome, Route } from "./dialect.ts";
import type { FrameFailure } from "./errors.ts";
import { saying } from "./frame-sentences.ts";

/** Headers that tell the caller how much is left. */
export type LimitHeaders = Readonly<Record<string, string>>;

/** What is limited, by its name in the headers. */
type Policy = Bucket & { readonly name: string };

/** What requests of a kind take from, and the header that says how much that is. */
type Counted = {
  readonly limits: PlanLimits;
  readonly token: string;
  readonly isShared: boolean;
  readonly isSearch: boolean;
  readonly policies: readonly Policy[];
  readonly header: string;
};

/** What is known of an organization's plan, and which of its tokens are in use. */
type Known = {
  limits: PlanLimits;
  readAt: Milliseconds;
  /** The token that was used last, and when another one was used before it. */
  token: string;
  othersAt: Milliseconds;
  /** What the last request took from: most that follow take from the same. */
  counted: Counted | null;
};

/** What is known of plans, by organization; plain data, which may outlive an application. */
export type PlanMemo = Pick<Recent<Known>, "get" | "set">;

/** A cache with no plan yet; those read the longest ago are evicted first. */
export const openPlanMemo = (): PlanMemo => openRecent<Known>({ limit: MAX_KNOWN });

/** A changed plan takes effect after this time at the latest. */
const MEMO_MS: Milliseconds = 5 * SECOND_MS;

const MAX_KNOWN = 10_000;

const isLimit = ({ perMinute }: Policy): boolean => perMinute < Number.MAX_SAFE_INTEGER;

// Structured fields have integers of 15 digits at most (RFC 9651, 3.3.1).
const LONGEST = 999_999_999_999_999;

const seconds = (ms: Milliseconds): number => Math.ceil(ms / SECOND_MS);

/** The headers of draft-ietf-httpapi-ratelimit-headers-11. */
const headersOf = ({ policies, header }: Counted, levels: readonly BucketLevel[]): LimitHeaders => {
  const left = levels.map(({ remaining, full_ms }, place) =>
    `"${policies[place]?.name}";r=${Math.min(remaining, LONGEST)};t=${seconds(full_ms)}`
  );
  return { "ratelimit-policy": header, "ratelimit": left.join(", ") };
};

const limited = (wait_ms: Milliseconds, headers: LimitHeaders): FrameFailure => {
  const wait = Math.max(1, seconds(wait_ms));
  return {
    status: 429,
    code: "RATE_LIMITED",
    ...(wait === 1 ? saying("RATE_LIMITED_BRIEFLY") : saying("RATE_LIMITED", { seconds: wait })),
    headers: { ...headers, "retry-after": String(wait) },
  };
};

/** Too many of the organization's reads of all that it has run at the same time. */
export const TOO_MANY_READS: FrameFailure = limited(SECOND_MS, {});

/** The caller's token. */
const tokenOf = ({ actor }: Caller): string => actor.kind === "user" ? actor.tokenId : "";

/**
 * The buckets that a request takes from: the organization's, and while several of its tokens are in
 * use the token's own, of half the size, so that none of them keeps the others out. A search also
 * takes from the buckets of searches.
 */
const countedFor = (
  { organization }: Caller,
  { limits, othersAt, token, counted }: Known,
  isSearch: boolean,
  now: Milliseconds,
): Counted => {
  const isShared = now - othersAt < MINUTE_MS;
  if (
    counted?.limits === limits && counted.token === token && counted.isShared === isShared &&
    counted.isSearch === isSearch
  ) return counted;
  const kinds = [
    { name: "requests", perMinute: limits.requestsPerMinute },
    ...(isSearch ? [{ name: "searches", perMinute: limits.searchesPerMinute }] : []),
  ];
  const policies = kinds.flatMap(({ name, perMinute }) => {
    const half = Math.ceil(perMinute / 2);
    return [
      { name, perMinute, key: `${name}:organization:${organization}` },
      ...(isShared
        ? [{ name: `${name}-token`, perMinute: half, key: `${name}:token:${token}` }]
        : []),
    ];
  }).filter(isLimit);
  const header = policies.map(({ name, perMinute }) =>
    `"${name}";q=${Math.min(perMinute, LONGEST)};w=${MINUTE_MS / SECOND_MS}`
  );
  return { limits, token, isShared, isSearch, policies, header: header.join(", ") };
};

/** The caller, what is requested, and the buckets it is counted by. */
export type Asking = {
  readonly caller: Caller;
  readonly route: Route;
  readonly limiter: RateLimiter;
  readonly ledger: Pick<Ledger, "limits">;
};

/** The headers of the answer; a failure where there were too many requests. */
export type Admitted = Result<LimitHeaders, Failure>;

/** Admits requests, or refuses them with 429. */
export type Limits = {
  /** Answers synchronously where it can: awaiting costs more than the counting. */
  readonly admit: (asking: Asking) => Admitted | Promise<Admitted>;
};

export type LimitsOptions = {
  readonly memo?: PlanMemo;
  /** Returns milliseconds that only grow. */
  readonly now?: () => Milliseconds;
};

/** Limits by the plans of organizations, which are remembered for some seconds. */
export const openLimits = (
  { memo = openPlanMemo(), now = () => performance.now() }: LimitsOptions = {},
): Limits => {
  const read = async (caller: Caller, ledger: Pick<Ledger, "limits">): Promise<Known> => {
    const limits = await ledger.limits(caller);
    const known: Known = memo.get(caller.organization) ??
      { limits, readAt: 0, token: tokenOf(caller), othersAt: -Infinity, counted: null };
    memo.set(caller.organization, Object.assign(known, { limits, readAt: now() }));
    return known;
  };

  /**
   * What is cached of the organization, which is read again now and then; undefined for a new one.
   */
  const remembered = (
    caller: Caller,
    ledger: Pick<Ledger, "limits">,
    at: Milliseconds,
  ): Known | undefined => {
    const known = memo.get(caller.organization);
    if (known !== undefined && at - known.readAt >= MEMO_MS) {
      // Requests continue under the cached plan; if this read fails, a later request reads again.
      known.readAt = at;
      read(caller, ledger).catch(() => undefined);
    }
    return known;
  };

  const answered = (counted: Counted, { taken, wait_ms, levels }: Taken): Admitted => {
    const headers = headersOf(counted, levels);
    return taken ? ok(headers) : failed(limited(wait_ms, headers));
  };

  const count = (known: Known, asking: Asking, at: Milliseconds) => {
    const { caller, route, limiter } = asking;
    const token = tokenOf(caller);
    if (known.token !== token) Object.assign(known, { token, othersAt: at });
    const counted = countedFor(caller, known, route.searches === true, at);
    known.counted = counted;
    if (counted.policies.length === 0) return ok({});
    const taking = limiter.take(counted.policies);
    return "then" in taking
      ? taking.then((taken) => answered(counted, taken))
      : answered(counted, taking);
  };

  return {
    admit: (asking) => {
      const { caller, ledger } = asking;
      const at = now();
      const known = remembered(caller, ledger, at);
      return known === undefined
        ? read(caller, ledger).then((first) => count(first, asking, at))
        : count(known, asking, at);
    },
  };
};

/** The outcome, whose answer has these headers too. */
export const withHeaders = (outcome: Outcome, headers: LimitHeaders): Outcome =>
  outcome.ok
    ? ok({ ...outcome.value, headers: { ...headers, ...outcome.value.headers } })
    : failed({ ...outcome.error, headers: { ...headers, ...outcome.error.headers } });
