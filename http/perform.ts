/** One request to an existing route, from its path to its outcome. */
import type { Context } from "hono";
import type { Caller, Ledger } from "../adapters/ledger/api/mod.ts";
import { Busy, Closed } from "../adapters/ledger/engine/errors.ts";
import { withOrigin } from "../adapters/ledger/engine/origin.ts";
import { Unavailable } from "../core/log/unavailable.ts";
import type { KeptAnswers, RateLimiter } from "../core/ports/mod.ts";
import { InvalidArgument } from "../adapters/validation/argument.ts";
import type { Milliseconds } from "../core/values/calendar.ts";
import { failed, ok, type Result } from "../core/values/result.ts";
import { type Asked, shownCommand } from "./asked.ts";
import { bearerToken } from "./auth.ts";
import { type Body, bodyOf } from "./body.ts";
import { callOf, commandIdOf, pathParams } from "./call.ts";
import { clientOf } from "./client-address.ts";
import type { Call, Dialect, Failure, Outcome, Route } from "./dialect.ts";
import {
  INTERNAL_ERROR,
  invalidProblem,
  LOG_UNAVAILABLE,
  NOT_FOUND,
  SERVICE_UNAVAILABLE,
  TOKEN_READ_ONLY,
  UNAUTHORIZED,
} from "./errors.ts";
import { keyedOf, once, REPLAYED } from "./idempotency.ts";
import { type LimitHeaders, type Limits, TOO_MANY_READS, withHeaders } from "./limits.ts";
import { type LedgerSource, OPERATOR_PARTY } from "./ledger-source.ts";
import type { Turns } from "../adapters/ledger/engine/turns.ts";
import { isWriting, mayUse } from "./writing.ts";
import { begun, type Turn } from "./list-body.ts";

/**
 * Called with every unexpected error; the id is that of the answer's `X-Request-Id`, and `asked`
 * is what was known of the request by then.
 */
export type OnError = (
  error: unknown,
  requestId: string,
  asked: Readonly<Pick<Asked, "trace" | "organization" | "commandId">>,
) => void;

/** The caller's name for an argument that does not fit: their field of that name. */
const unfit = (
  { path, message }: InvalidArgument,
  invalid: (fields: Readonly<Record<string, readonly string[]>>) => Failure,
): Failure => {
  const words = message.startsWith(`${path} `) ? message.slice(path.length + 1) : message;
  // The first part is what the ledger calls the argument.
  return invalid({ [path.slice(path.indexOf(".") + 1)]: [words] });
};

/**
 * The failure that an exception becomes. Its message goes to the log only, except for an argument
 * that does not fit, which is invalid input: `invalid` gives it the dialect's shape.
 */
export const failureOf = (
  error: unknown,
  asked: Asked,
  onError: OnError | undefined,
  invalid: Parameters<typeof unfit>[1] = invalidProblem,
): Failure => {
  if (error instanceof Busy || error instanceof Closed) return SERVICE_UNAVAILABLE;
  if (error instanceof InvalidArgument) return unfit(error, invalid);
  // The log itself notifies its opener, once and not for each request.
  if (error instanceof Unavailable) return LOG_UNAVAILABLE;
  onError?.(error, asked.id, asked);
  return INTERNAL_ERROR;
};

/** How the callers of a dialect are authenticated. */
export type Authentication = {
  /** Whether a token can be valid, as far as its form shows without the ledger. */
  readonly screen: (token: string) => boolean | Promise<boolean>;
  /** The caller of a token that this client sent. */
  readonly callerOf: (token: string, client: string) => Promise<Caller | null>;
};

/** Gives the turns of an organization. */
export type Reads = <Value>(
  organization: string,
  use: (turns: Turns) => Promise<Value>,
) => Promise<Value>;

/** What all requests to a dialect's routes have in common. */
export type Frame = {
  readonly source: LedgerSource;
  readonly dialect: Dialect;
  readonly authentication: Authentication;
  /** How the operator is; null where there is none. */
  readonly operator: Authentication | null;
  /** How long a body may take to arrive. */
  readonly bodyMs: Milliseconds;
  /** Counts requests; null where they are not counted. */
  readonly limiter: RateLimiter | null;
  /** Keeps what is answered under callers' keys; null where it is not kept. */
  readonly answers: KeptAnswers | null;
  /** How often callers may ask, but for the operator. */
  readonly limits: Limits;
  /** Has an organization's requests for all that it has take turns. */
  readonly reads: Reads;
  readonly onError: OnError | undefined;
};

const unauthorized = failed<Failure>(UNAUTHORIZED);

const keyOf = ({ headers }: Request): string => headers.get("idempotency-key") ?? "";

const hasBody = ({ method }: Request): boolean =>
  method === "POST" || method === "PUT" || method === "PATCH";

/** Adds the header that says that a request's key was used before (http/README.md). */
const openReplay = () => {
  let isReplayed = false;
  return {
    onRepeated: () => void (isReplayed = true),
    replayed: (): LimitHeaders => isReplayed ? REPLAYED : {},
  };
};

type Entered = {
  readonly ledger: Ledger;
  readonly caller: Caller;
  readonly answers: KeptAnswers | null;
  /** How much more the caller may ask, as it is when the answer is made. */
  readonly headers: () => LimitHeaders;
  readonly countSearch: Call["countSearch"];
};

const UNCOUNTED = { headers: () => ({}), countSearch: () => Promise.resolve(ok(null)) };

/** The ledger, the caller by their bearer token, and how much more they may ask. */
const enter = async (
  { source, limits, limiter: shared, answers: own }: Frame,
  authentication: Authentication,
  token: string,
  route: Route,
  client: string,
): Promise<Result<Entered, Failure>> => {
  const caller = await authentication.callerOf(token, client);
  if (caller === null) return unauthorized;
  // The operator belongs to no organization, and nobody counts their requests.
  const isOperator = caller.organization === "";
  const party = isOperator ? OPERATOR_PARTY : caller.organization;
  const { ledger, limiter = shared, answers = own } = await source.open(party);
  if (limiter === null || isOperator) {
    return ok({ ledger, caller, answers, ...UNCOUNTED });
  }
  const asking = { caller, route, limiter, ledger };
  const admitting = limits.admit(asking);
  const admitted = "then" in admitting ? await admitting : admitting;
  if (!admitted.ok) return admitted;
  let headers = admitted.value;
  const countSearch: Call["countSearch"] = async () => {
    const further = await limits.admit({ ...asking, route: { ...route, searches: true } });
    if (further.ok) headers = further.value;
    return further;
  };
  return ok({ ledger, caller, answers, headers: () => headers, countSearch });
};

type Keyed = Pick<Entered, "caller"> & {
  readonly request: Request;
  readonly body: Body;
  readonly answers: KeptAnswers;
  readonly frame: Frame;
  readonly asked: Asked;
};

/** Does what a route does for a request under a key that is valid, unless it was done before. */
const handleOnce = async (
  { request, body, caller, answers, frame: { dialect, onError }, asked }: Keyed,
  handle: () => Promise<Outcome>,
): Promise<Outcome> => {
  const known = hasBody(request) ? body : null;
  const keyed = await keyedOf(request, known, caller, keyOf(request));
  if (!keyed.ok) return keyed;
  const onLost = (error: unknown): void => onError?.(error, asked.id, asked);
  return await once(answers, keyed.value, dialect, handle, onLost);
};

/** Who says who a caller is: the operator may ask for some of what organizations ask for. */
const authenticationFor = async (
  { authentication, operator }: Frame,
  { isOperators }: Route,
  token: string,
): Promise<Authentication> =>
  isOperators === true && operator !== null && await operator.screen(token)
    ? operator
    : authentication;

/**
 * Does what a route does for one request. In this order: the path's parameters (404), the form of
 * the token (401), the body where the ledger is costly to open, the caller (401), how often they
 * asked (429), what their token is for (403), `Idempotency-Key` (400), what was answered under it
 * (or 409, 422), and then the route, which reports what is wrong with the body (408, 415, 413,
 * 400). Throws what the ledger and what keeps answers throw.
 */
export const perform = async (
  context: Context,
  route: Route,
  frame: Frame,
  asked: Asked,
): Promise<Outcome> => {
  const params = pathParams(context);
  if (params === null) return failed(NOT_FOUND);
  const request = context.req.raw;
  const token = bearerToken(request.headers.get("authorization"));
  if (token === null) return unauthorized;
  const authentication = await authenticationFor(frame, route, token);
  if (!await authentication.screen(token)) return unauthorized;
  const body = bodyOf(request, frame.bodyMs);
  if (frame.source.isCostly && hasBody(request)) await body.bytes();
  const entered = await enter(frame, authentication, token, route, clientOf(request));
  if (!entered.ok) return entered;
  const { ledger, caller, answers, headers, countSearch } = entered.value;
  if (caller.organization !== "") asked.organization = caller.organization;
  const origin = { requestId: asked.id, span: asked.span ?? null };
  if (!mayUse(caller, route)) return withHeaders(failed(TOKEN_READ_ONLY), headers());
  const commandId = commandIdOf(request, caller);
  if (!commandId.ok) return withHeaders(commandId, headers());
  if (commandId.value !== undefined) asked.commandId = shownCommand(keyOf(request), caller);
  const { onRepeated, replayed } = openReplay();
  const repeatable = commandId.value === undefined
    ? {}
    : { commandId: commandId.value, onRepeated };
  const { organization } = caller;
  // A ledger that is opened for each request keeps no others waiting.
  const takeTurn: Call["takeTurn"] = async (work) => {
    if (frame.source.isCostly) return await work();
    const taken = await frame.reads(organization, (turns) => turns.run(work));
    return taken?.value ?? failed(TOO_MANY_READS);
  };
  const known = {
    ledger,
    caller: withOrigin(caller, origin),
    language: asked.language,
    params,
    repeatable,
    countSearch,
    takeTurn,
    failureOf: (error: unknown) => failureOf(error, asked, frame.onError),
  };
  const handle = () => route.handle(callOf(request, body, frame.dialect, known));
  if (commandId.value !== undefined && answers !== null && isWriting(route)) {
    const outcome = await handleOnce({ request, body, caller, answers, frame, asked }, handle);
    return withHeaders(outcome, { ...headers(), ...replayed() });
  }
  if (route.readsAll !== true || frame.source.isCostly) {
    const outcome = await handle();
    return withHeaders(outcome, { ...headers(), ...replayed() });
  }
  const goOn: Turn = (work) => frame.reads(organization, (turns) => turns.goOn(work));
  const outcome = await takeTurn(async () => {
    const read = await handle();
    if (!read.ok || read.value.list === undefined) return read;
    return ok({ ...read.value, list: await begun(read.value.list, goOn) });
  });
  return withHeaders(outcome, headers());
};
