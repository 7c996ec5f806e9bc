/** Answers over HTTP, as they are counted. */
import type { Bucket, RateLimiter, Taken } from "../../../core/ports/mod.ts";
import type { Answered, Counted } from "../../../http/metrics.ts";
import type { Labels, Registry } from "./registry.ts";

type Of = Counted & Labels;

/** Counts answers by dialect, route, method and status, and times them by route. */
export const countAnswers = ({ counter, timer }: Registry): (counted: Counted) => Answered => {
  const total = counter<Of & { readonly status: string }>(
    "ledgerline_http_requests_total",
    "Requests by the pattern of their route and the status of their answer.",
  );
  const seconds = timer<Of>(
    "ledgerline_http_request_duration_seconds",
    "Time from a request's headers to its answer's headers.",
  );
  return ({ dialect, route, method }) => {
    const labels = { dialect, route, method };
    const byStatus = new Map<number, () => void>();
    // Routes that nobody calls are not shown.
    let took: ((took_ms: number) => void) | null = null;
    return (status, took_ms) => {
      let count = byStatus.get(status);
      if (count === undefined) {
        byStatus.set(status, count = total({ ...labels, status: String(status) }));
      }
      count();
      took ??= seconds(labels);
      took(took_ms);
    };
  };
};

/** The limiter, with what it refuses counted; which organization that was is not told. */
export const countThrottled = (limiter: RateLimiter, { counter }: Registry): RateLimiter => {
  const total = counter<{ readonly asked: string }>(
    "ledgerline_throttled_total",
    "Requests and searches beyond what a plan allows a minute (429).",
  );
  const counts = {
    requests: total({ asked: "requests" }),
    searches: total({ asked: "searches" }),
  };
  const noted = (taken: Taken, buckets: readonly Bucket[]): Taken => {
    if (taken.taken) return taken;
    const isSearch = buckets.some(({ key }) => key.startsWith("searches"));
    counts[isSearch ? "searches" : "requests"]();
    return taken;
  };
  return {
    take: (buckets) => {
      const taking = limiter.take(buckets);
      if ("then" in taking) return taking.then((taken) => noted(taken, buckets));
      return noted(taking, buckets);
    },
  };
};
