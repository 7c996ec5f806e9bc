import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import { type GenericSchema, type InferOutput, safeParse } from "valibot";
import type { CarrierError } from "../../../core/ports/mod.ts";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import { sentOnce } from "../../fetch/send-once.ts";
import { makeBackoff } from "./backoff.ts";
import { readAnswer } from "./response-body.ts";
import { makeBreakers } from "./breaker.ts";
import type { Limits } from "./limits.ts";
import type { CircuitChange } from "./options.ts";
import { makeQueue } from "./queue.ts";
import { ErrorsAnswer, fitText } from "./schemas.ts";
import { malformed, notTaken, type Setback, setbackOf, uncertain } from "./attempt-failure.ts";

/** A request below the base URL. */
export type Request = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Begins with a slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /**
   * Names a kind of request that Telnyx may fail at alone; its failures hold back no other request.
   */
  readonly circuit?: string;
};

/** Telnyx refused, and will refuse again. */
type Refusal = {
  readonly status: number;
  /** Telnyx's code of the first error, such as `10005`; null where there is none. */
  readonly code: string | null;
  /** Whether it is for a regulatory requirement, by the first error's pointer or text. */
  readonly isForRequirements: boolean;
  /** A message without secrets. */
  readonly message: string;
};

/** An answer: JSON that is still to be checked, or a refusal. */
export type Reply =
  | {
    readonly accepted: true;
    readonly body: unknown;
    /** When Telnyx gave it, by its own clock; null where it does not say. */
    readonly at: Instant | null;
  }
  | { readonly accepted: false; readonly refusal: Refusal };

/** What the requests of a call are sent with as `traceparent`; null for nothing. */
export const Traceparent = Context.Reference<string | null>("ledgerline/Traceparent", {
  defaultValue: () => null,
});

/** A call's value, or why there is none. */
export type Call<Value> = Effect.Effect<Value, CarrierError>;

/** Sends requests to Telnyx with retries, limits and a circuit breaker. */
export type Client = {
  /**
   * Sends a request, and retries all but a POST where that may help. Fails with `unreachable` when
   * it was certainly not accepted, and with `unknown` when it may have been. A 404 is a refusal
   * only with Telnyx's own code for it.
   */
  readonly send: (request: Request) => Call<Reply>;
};

/** Telnyx's URL, and the limits of its use. */
type ClientOptions = {
  /** Not empty; no message contains it. */
  readonly apiKey: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly limits: Limits;
  /** Is called when a circuit opens or closes; must not throw. */
  readonly onCircuit?: ((change: CircuitChange) => void) | undefined;
};

const NOT_FOUND = 404;
const TOO_MANY_REQUESTS = 429;
const REQUEST_TIMEOUT = 408;

/** Telnyx's code for "not found". */
const NOT_FOUND_CODE = "10005";

// https://developers.telnyx.com, rate limiting: the seconds until the limit resets.
const resetMs = (response: Response): Milliseconds => {
  const seconds = Number(response.headers.get("x-ratelimit-reset") ?? 0);
  return seconds > 0 ? Math.ceil(seconds * 1_000) : 0;
};

/** The circuit of requests that name none: orders, look-ups, numbers. */
const ALL_ELSE = "";

// RFC 9110, 6.6.1.
const dateOf = (response: Response): Instant | null => {
  const at = Date.parse(response.headers.get("date") ?? "");
  return Number.isNaN(at) ? null : at;
};

const urlOf = (baseUrl: string, { path, query = {} }: Request): string => {
  const set = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]]
  );
  const search = new URLSearchParams(set).toString();
  return `${baseUrl}${path}${search === "" ? "" : `?${search}`}`;
};

const malformedBy = (status: number): Setback => ({
  error: malformed(`with status ${status}`),
  ill: false,
  again: null,
});

/** The failure that this status means, whatever the body; null where the body is to be read. */
const setbackBy = (response: Response): Setback | null => {
  const { status } = response;
  if (status === TOO_MANY_REQUESTS) {
    const error = notTaken("Telnyx asks for fewer requests.");
    return { error, ill: false, again: resetMs(response) };
  }
  if (status >= 500 || status === REQUEST_TIMEOUT) {
    return { error: uncertain(`Telnyx failed with status ${status}.`), ill: true, again: 0 };
  }
  if (response.ok || status >= 400) return null;
  return malformedBy(status);
};

const refusalOf = (status: number, body: unknown, apiKey: string): Refusal => {
  const parsed = safeParse(ErrorsAnswer, body);
  const [first] = parsed.success ? parsed.output.errors : [];
  const said = first?.detail ?? first?.title ?? "";
  const words = fitText(said.replaceAll(apiKey, "(the key)"));
  return {
    status,
    code: first?.code ?? null,
    isForRequirements: /requirement/i.test(`${first?.source?.pointer ?? ""} ${words}`),
    message: `Telnyx answered with status ${status}${words === "" ? "." : `: ${words}`}`,
  };
};

// The only request that is not idempotent.
const isOrder = ({ method }: Request): boolean => method === "POST";

/** One attempt without retries: sends the request and reads the answer. */
const attemptOf = (
  { apiKey, baseUrl, fetch }: ClientOptions,
  request: Request,
  traceparent: string | null,
) => {
  const { method, body } = request;
  const headers = {
    accept: "application/json",
    authorization: `Bearer ${apiKey}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(traceparent === null ? {} : { traceparent }),
  };
  const init = {
    method,
    headers,
    // A redirection would send the key elsewhere.
    redirect: "manual",
  } as const;
  const read = async (signal: AbortSignal) => {
    const once = body === undefined ? {} : sentOnce(JSON.stringify(body));
    const response = await fetch(urlOf(baseUrl, request), { ...init, ...once, signal });
    const setback = setbackBy(response);
    if (setback === null) return { response, setback, json: await readAnswer(response) };
    // Its status is sufficient; a body that ends early changes nothing.
    await response.body?.cancel().catch(() => undefined);
    return { response, setback, json: undefined };
  };
  return Effect.flatMap(
    Effect.tryPromise({ try: read, catch: setbackOf }),
    ({ response, setback, json }): Effect.Effect<Reply, Setback> => {
      if (setback !== null) return Effect.fail(setback);
      const { ok, status } = response;
      if (ok) return Effect.succeed({ accepted: true, body: json, at: dateOf(response) });
      const refusal = refusalOf(status, json, apiKey);
      // Without Telnyx's own code, a proxy may have answered, or the URL may be wrong.
      const isWordless = status === NOT_FOUND
        ? refusal.code !== NOT_FOUND_CODE
        : isOrder(request) && refusal.code === null;
      if (isWordless) return Effect.fail(malformedBy(status));
      return Effect.succeed({ accepted: false, refusal });
    },
  );
};

/**
 * A client over `fetch`. An attempt waits for its turn, takes no longer than its limit, and is
 * counted by the breaker of its circuit; repeats come after the backoff. Redirections are not
 * followed.
 */
export const openClient = (options: ClientOptions): Client => {
  const { limits } = options;
  const queue = makeQueue({ places: limits.concurrency, waitMs: limits.queueMs });
  const { failures, coolMs } = limits;
  const breakers = makeBreakers(
    { failures, coolMs },
    (circuit, isOpen) =>
      options.onCircuit?.({ circuit: circuit === ALL_ELSE ? "carrier" : "question", isOpen }),
  );
  const backoff = makeBackoff({
    times: limits.repeats,
    firstMs: limits.backoffMs,
    longestMs: limits.longestWaitMs,
  });
  const attemptAt = (request: Request) => {
    const duration = isOrder(request) ? limits.orderMs : limits.attemptMs;
    const late: Setback = {
      error: uncertain(`Telnyx gave no answer within ${duration} ms.`),
      ill: true,
      again: 0,
    };
    const sent = Effect.flatMap(Traceparent, (of) => attemptOf(options, request, of));
    const timely = Effect.timeoutOrElse(sent, {
      duration,
      orElse: () => Effect.fail(late),
    });
    const { circuit = ALL_ELSE } = request;
    const attempt = breakers(circuit)(queue(timely));
    if (circuit === ALL_ELSE) return attempt;
    // Without a connection, the kind of request is not the reason.
    return Effect.tapError(
      attempt,
      (setback) =>
        setback.ill && setback.error.kind === "unreachable"
          ? Effect.ignore(breakers(ALL_ELSE)(Effect.fail(setback)))
          : Effect.void,
    );
  };
  const send = (request: Request): Call<Reply> =>
    Effect.suspend(() => {
      // If one attempt may have been accepted, the request may have been, whatever the other
      // outcomes.
      let doubt: CarrierError | null = null;
      const attempt = Effect.tapError(attemptAt(request), ({ error }) =>
        Effect.sync(() => {
          if (error.kind === "unknown") doubt = error;
        }));
      const answer = isOrder(request) ? attempt : backoff(attempt);
      return Effect.mapError(answer, ({ error }) => doubt ?? error);
    });
  return { send };
};

/** Whether Telnyx says that it does not have what was asked for. */
export const isNotFound = (reply: Reply): boolean =>
  !reply.accepted && reply.refusal.status === NOT_FOUND;

/** A reply's value, checked; a refusal is `refused`, and what does not fit is malformed. */
export const acceptedAs = <Schema extends GenericSchema>(
  schema: Schema,
  reply: Reply,
  what: string,
): Call<InferOutput<Schema>> => {
  if (!reply.accepted) {
    return Effect.fail({ kind: "refused", message: reply.refusal.message });
  }
  const parsed = safeParse(schema, reply.body);
  return parsed.success ? Effect.succeed(parsed.output) : Effect.fail(malformed(what));
};
