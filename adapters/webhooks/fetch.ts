/** The sender where there is nothing but `fetch`: on workerd, in which the platform connects. */
import * as v from "valibot";
import type { WebhookSender } from "../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import { sentOnce } from "../fetch/send-once.ts";
import { assertArguments } from "../validation/argument.ts";
import { CallableSchema, exactly, WaitSchema, whole } from "../validation/shapes.ts";
import { answerText, KEPT_BYTES, READ_BYTES, REST_MS, retryAfterOf } from "./answer.ts";
import { type Deadline, openDeadline } from "./deadline.ts";
import { type Failure, FAILURES } from "./failures.ts";
import { openPlaces } from "./places.ts";
import { targetOf } from "./target.ts";

const TIMEOUT_MS: Milliseconds = 15 * SECOND_MS;
const LONGEST_MS: Milliseconds = 20 * SECOND_MS;
const PLACES_EACH = 4;

/** A worker has six connections at a time, for all that it does. */
const PLACES = 4;

/** The options of a sender over `fetch`. */
export type FetchSenderOptions = {
  /** Private addresses, http and any port too, for development; false by default. */
  readonly allowsPrivate?: boolean | undefined;
  /** The ports that are allowed; 443 and 8443 by default. */
  readonly ports?: readonly number[] | undefined;
  /** How long a message may take: 15,000 ms by default. */
  readonly timeoutMs?: Milliseconds | undefined;
  /** How many messages are under way to one endpoint: 4 by default. */
  readonly placesEach?: number | undefined;
  /** How many are under way to all endpoints: 4 by default. */
  readonly places?: number | undefined;
  /** What messages say of who sends them: `ledgerline` by default. */
  readonly userAgent?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
};

const OptionsSchema = exactly({
  allowsPrivate: v.optional(v.boolean()),
  ports: v.optional(v.array(whole(1, 65_535))),
  timeoutMs: v.optional(v.pipe(WaitSchema, v.maxValue(LONGEST_MS))),
  placesEach: v.optional(whole(1, 1_000)),
  places: v.optional(whole(1, 10_000)),
  userAgent: v.optional(v.string()),
  fetch: v.optional(CallableSchema),
});

/** The codes of TLS among what Node's `fetch` says; other runtimes say none. */
const OF_TLS = /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

const HEADERS = /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW)/;

const failureOf = (error: unknown, deadline: Deadline): Failure => {
  if (deadline.isOver()) return FAILURES.late;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (OF_TLS.test(code)) return FAILURES.untrusted;
  return HEADERS.test(code) ? FAILURES.malformed : FAILURES.unconnected;
};

/** The first bytes of an answer; what is longer or slower is cut off. */
const startOf = async (answer: Response, deadline: Deadline): Promise<readonly Uint8Array[]> => {
  const kept: Uint8Array[] = [];
  const reader = answer.body?.getReader();
  if (reader === undefined) return kept;
  const rest = openDeadline(Math.min(REST_MS, deadline.leftMs()));
  let read = 0;
  try {
    while (read <= READ_BYTES) {
      const next = await rest.within(reader.read());
      if (next === null) break;
      if (next.done) return kept;
      if (read < KEPT_BYTES) kept.push(next.value);
      read += next.value.byteLength;
    }
  } catch {
    // The connection broke: what came of the answer is kept.
  } finally {
    rest.close();
  }
  reader.cancel().catch(() => {});
  return kept;
};

/** What the endpoint answered to one request. */
type Fetched = {
  readonly status: number;
  readonly retryAfterMs: Milliseconds | null;
  readonly answer: string;
};

const fetched = async (
  ask: typeof fetch,
  url: URL,
  init: RequestInit,
  deadline: Deadline,
): Promise<Result<Fetched, Failure>> => {
  const controller = new AbortController();
  const forget = deadline.whenOver(() => controller.abort());
  try {
    const asked = ask(url, { ...init, redirect: "manual", signal: controller.signal });
    const response = await deadline.within(asked);
    if (response === null) {
      asked.catch(() => {});
      return failed(FAILURES.late);
    }
    // Where a runtime shows nothing of a redirect, it is one all the same.
    const status = response.type === "opaqueredirect" ? 302 : response.status;
    const retryAfterMs = retryAfterOf(response.headers.get("retry-after"), Date.now());
    return ok({ status, retryAfterMs, answer: answerText(await startOf(response, deadline)) });
  } catch (error) {
    return failed(failureOf(error, deadline));
  } finally {
    forget();
  }
};

/**
 * A sender over `fetch`, for workerd: URLs and hosts that are addresses are checked as everywhere,
 * what a name leads to is not. Workers of Cloudflare reach public addresses only; where another
 * platform reaches its own network, it has to refuse that. For options that do not fit this throws
 * an `InvalidArgument`.
 */
export const openFetchSender = (options: FetchSenderOptions = {}): WebhookSender => {
  assertArguments({ options: OptionsSchema }, [options]);
  const { allowsPrivate = false, ports, timeoutMs = TIMEOUT_MS } = options;
  const { placesEach: each = PLACES_EACH, places: total = PLACES } = options;
  const ask = options.fetch ?? globalThis.fetch.bind(globalThis);
  const places = openPlaces({ total, each });
  const userAgent = options.userAgent ?? "ledgerline";
  return {
    send: async ({ endpoint, url, headers, body }) => {
      const startedAt = performance.now();
      const took = (): Milliseconds => Math.round(performance.now() - startedAt);
      const target = targetOf(url, { allowsPrivate, ports });
      if (!target.ok) return failed({ ...target.error, ms: took() });
      const free = places.take(endpoint);
      if (free === null) return failed({ ...FAILURES.busy, ms: took() });
      const deadline = openDeadline(timeoutMs);
      const own = { "content-type": "application/json", "user-agent": userAgent };
      const init = { method: "POST", headers: { ...own, ...headers }, ...sentOnce(body) };
      const answer = await fetched(ask, target.value.url, init, deadline);
      deadline.close();
      free();
      return answer.ok
        ? ok({ ...answer.value, ms: took() })
        : failed({ ...answer.error, ms: took() });
    },
  };
};
