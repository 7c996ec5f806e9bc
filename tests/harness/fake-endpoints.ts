/** Endpoints of webhooks in memory, which answer as they are told: no network, and no time. */
import * as v from "valibot";
import type { WebhookFailure, WebhookMessage, WebhookSender } from "../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";
import { failed, ok } from "../../core/values/result.ts";
import { assertArguments } from "../../adapters/validation/argument.ts";
import { CallableSchema, exactly, WaitSchema, whole } from "../../adapters/validation/shapes.ts";
import { answerText, retryAfterOf } from "../../adapters/webhooks/answer.ts";
import { FAILURES } from "../../adapters/webhooks/failures.ts";
import { openPlaces } from "../../adapters/webhooks/places.ts";
import { targetOf } from "../../adapters/webhooks/target.ts";
import type { ReceivedMessage } from "./contract/webhook-endpoints.ts";

const TIMEOUT_MS: Milliseconds = 15 * SECOND_MS;
const PLACES_EACH = 8;
const PLACES = 256;

/** Where a redirect leads: to what no sender may ask. */
const REDIRECTED = "http://127.0.0.1/";

/**
 * What an endpoint does with a message: it answers with a status, or with a whole answer, which may
 * come late; takes it and `hangs`, or `drops` the connection; `redirects` to 127.0.0.1; or the
 * message fails on its way, so that the endpoint gets nothing (but for `ANSWER_INVALID`).
 */
export type FakeAnswer =
  | number
  | "hangs"
  | "drops"
  | "redirects"
  | {
    readonly status: number;
    readonly body?: string | Uint8Array | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly lateMs?: Milliseconds | undefined;
  }
  | { readonly fails: WebhookFailure["code"] };

/** An endpoint at one URL. */
export type FakeEndpoint = {
  readonly url: string;
  /** All that it was sent, in order. */
  readonly received: readonly ReceivedMessage[];
  /**
   * Its next messages are answered with these, one after the other, and from then on with the last;
   * 204 at first.
   */
  readonly answers: (...next: readonly [FakeAnswer, ...FakeAnswer[]]) => void;
};

/** Endpoints, and what sends to them. */
export type FakeEndpoints = {
  /** The endpoint at this URL; it is there from the first call on. */
  readonly at: (url: string) => FakeEndpoint;
  /** Sends to them, by the rules of URLs that all senders have. */
  readonly sender: WebhookSender;
  /** Asks them, as a sender over `fetch` does. */
  readonly fetch: typeof fetch;
  /** The URLs that were asked for, and have no endpoint: where redirects lead, say. */
  readonly strays: readonly string[];
};

/** The options of endpoints. */
export type FakeEndpointsOptions = {
  /**
   * How time passes, for answers that come late and for time limits: by default no time is waited
   * for, and the outcome says how long it would have taken.
   */
  readonly sleep?: ((ms: Milliseconds) => Promise<void>) | undefined;
  /** How long the sender waits for an answer: 15,000 ms by default. */
  readonly timeoutMs?: Milliseconds | undefined;
  /** How many messages it has under way to one endpoint: 8 by default. */
  readonly placesEach?: number | undefined;
};

const OptionsSchema = exactly({
  sleep: v.optional(CallableSchema),
  timeoutMs: v.optional(WaitSchema),
  placesEach: v.optional(whole(1, PLACES)),
});

type Answered = Extract<FakeAnswer, { readonly status: number }>;

/** An answer in its longest form, where it is one. */
const answeredOf = (answer: FakeAnswer): Answered | null => {
  if (typeof answer === "number") return { status: answer };
  if (answer === "redirects") return { status: 302, headers: { location: REDIRECTED } };
  return typeof answer === "object" && "status" in answer ? answer : null;
};

type Kept = FakeEndpoint & { readonly take: (message: ReceivedMessage) => FakeAnswer };

const openEndpoint = (url: string): Kept => {
  const received: ReceivedMessage[] = [];
  let next: readonly FakeAnswer[] = [204];
  return {
    url,
    received,
    answers: (...given) => {
      next = given;
    },
    take: (message) => {
      const [answer = 204, ...rest] = next;
      if (rest.length > 0) next = rest;
      const code = typeof answer === "object" && "fails" in answer ? answer.fails : null;
      if (code === null || code === "ANSWER_INVALID") received.push(message);
      return answer;
    },
  };
};

const bytesOf = (body: string | Uint8Array = ""): Uint8Array =>
  typeof body === "string" ? new TextEncoder().encode(body) : body;

const pathOf = ({ pathname, search }: URL): string => `${pathname}${search}`;

/** The failure with a code, in the words of the senders. */
const failureOf = (
  code: WebhookFailure["code"],
): { readonly code: typeof code; readonly message: string } =>
  Object.values(FAILURES).find((failure) => failure.code === code) ??
    { code, message: "the endpoint's URL is refused" };

type Lookup = (url: string) => Kept | null;

const openSender = (
  find: Lookup,
  { sleep = () => Promise.resolve(), timeoutMs = TIMEOUT_MS, placesEach: each = PLACES_EACH }:
    FakeEndpointsOptions,
): WebhookSender => {
  const places = openPlaces({ total: PLACES, each });
  const outcomeOf = async ({ url, headers, body }: WebhookMessage, path: string) => {
    const own = { "content-type": "application/json", "user-agent": "ledgerline" };
    const message = { method: "POST", path, headers: { ...own, ...headers }, body };
    const answer = find(url)?.take(message) ?? { fails: "UNREACHABLE" as const };
    if (typeof answer === "object" && "fails" in answer) {
      return failed({ ...failureOf(answer.fails), ms: 0 });
    }
    const answered = answeredOf(answer);
    if (answered === null && answer === "drops") return failed({ ...FAILURES.broken, ms: 0 });
    const lateMs = answered === null ? Infinity : answered.lateMs ?? 0;
    const ms = Math.min(lateMs, timeoutMs);
    if (ms > 0) await sleep(ms);
    if (answered === null || lateMs > timeoutMs) return failed({ ...FAILURES.late, ms });
    const given = new Headers(answered.headers);
    const retryAfterMs = retryAfterOf(given.get("retry-after"), Date.now());
    return ok({
      status: answered.status,
      retryAfterMs,
      answer: answerText([bytesOf(answered.body)]),
      ms,
    });
  };
  return {
    send: async (message) => {
      const target = targetOf(message.url, { allowsPrivate: false });
      if (!target.ok) return failed({ ...target.error, ms: 0 });
      const free = places.take(message.endpoint);
      if (free === null) return failed({ ...FAILURES.busy, ms: 0 });
      try {
        return await outcomeOf(message, pathOf(target.value.url));
      } finally {
        free();
      }
    },
  };
};

const brokenLine = (): TypeError => new TypeError("fetch failed");

/** Rejects once the request is called off. */
const calledOff = ({ signal }: Request): Promise<never> =>
  new Promise((_resolve, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });

/** The statuses that have no body. */
const BODILESS: readonly number[] = [204, 205, 304];

const openFetch = (
  find: Lookup,
  { sleep = () => Promise.resolve() }: FakeEndpointsOptions,
): typeof fetch => {
  const ask = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const { method } = request;
    const headers = Object.fromEntries(request.headers);
    const message = { method, path: pathOf(url), headers, body: await request.text() };
    const answer = find(request.url)?.take(message) ?? { fails: "UNREACHABLE" as const };
    if (answer === "hangs") return await calledOff(request);
    const answered = answeredOf(answer);
    if (answered === null) throw brokenLine();
    const { status, body, lateMs = 0 } = answered;
    if (lateMs > 0) await Promise.race([sleep(lateMs), calledOff(request)]);
    if (answer === "redirects" && request.redirect === "error") throw brokenLine();
    if (answer === "redirects" && request.redirect === "follow") {
      return await ask(new Request(REDIRECTED));
    }
    const sent = BODILESS.includes(status) ? null : bytesOf(body).slice();
    return new Response(sent, { status, ...(answered.headers && { headers: answered.headers }) });
  };
  return (input, init) => ask(new Request(input, init));
};

/**
 * Endpoints of webhooks in memory that fail as they are told and keep what they were sent, with a
 * `WebhookSender` and a `fetch` that reach them and nothing else.
 *
 * @example
 * ```ts
 * import { openFakeEndpoints } from "ledgerline/testing";
 *
 * const endpoints = openFakeEndpoints();
 * const hook = endpoints.at("https://hooks.example/");
 * hook.answers(500, "hangs", 200);
 * const message = { endpoint: "wh_1", url: hook.url, headers: {}, body: "{}" };
 * const outcome = await endpoints.sender.send(message);
 * console.log(outcome.ok && outcome.value.status, hook.received.length); // 500 1
 * ```
 */
export const openFakeEndpoints = (options: FakeEndpointsOptions = {}): FakeEndpoints => {
  assertArguments({ options: OptionsSchema }, [options]);
  const endpoints = new Map<string, Kept>();
  const strays: string[] = [];
  const keyOf = (url: string): string => new URL(url).href;
  const find: Lookup = (url) => {
    const found = endpoints.get(keyOf(url)) ?? null;
    if (found === null) strays.push(url);
    return found;
  };
  return {
    at: (url) => {
      const key = keyOf(url);
      const endpoint = endpoints.get(key) ?? openEndpoint(url);
      endpoints.set(key, endpoint);
      return endpoint;
    },
    sender: openSender(find, options),
    fetch: openFetch(find, options),
    strays,
  };
};
