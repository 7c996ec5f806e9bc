/** The HTTP application: every dialect's routes, and what is the same for all of them. */
import type { Context } from "hono";
import { Hono } from "hono/tiny";
import type { Caller } from "../adapters/ledger/api/mod.ts";
import { tokenIdOf } from "../adapters/ledger/engine/token.ts";
import { assertArguments } from "../adapters/validation/argument.ts";
import { OPERATOR } from "../core/values/identity.ts";
import { failed } from "../core/values/result.ts";
import { type ApplicationOptions, type LateAppOptions, OptionsSchema } from "./app-options.ts";
import { type Asked, askedBy } from "./asked.ts";
import { dialectOf, DIALECTS, healthPaths } from "./dialects.ts";
import { sendInSlices, sendOutcome } from "./send.ts";
import { secretCheck } from "./auth.ts";
import { BODY_MS } from "./body.ts";
import { registerCors } from "./cors.ts";
import { cutOff } from "./cut-off.ts";
import type { Dialect, Route } from "./dialect.ts";
import { registerDocuments } from "./documents.ts";
import {
  CONNECT_REFUSED,
  FRAGMENT_SENT,
  type FrameFailure,
  MAX_URL,
  NOT_FOUND,
  URI_TOO_LONG,
} from "./errors.ts";
import { openLimits, openPlanMemo } from "./limits.ts";
import { forbidOthers, registerHealth, registerWebhook } from "./system-routes.ts";
import { methodOf, type Metrics } from "./metrics.ts";
import { registerMetrics } from "./metrics-route.ts";
import { pathOf } from "./path.ts";
import { type Authentication, failureOf, type Frame, type OnError, perform } from "./perform.ts";
import { type LedgerSource, sourceOf } from "./ledger-source.ts";
import { openTurnsByKey } from "../adapters/ledger/engine/turns.ts";
import type { Tracing } from "./tracing.ts";
import { type Guard, openGuard } from "./unknown-tokens.ts";

/** Answers a request to a route, in the shape of its dialect. */
const answerTo = async (
  context: Context,
  route: Route,
  frame: Frame,
  asked: Asked,
  onError: OnError | undefined,
): Promise<Response> => {
  const { raw } = context.req;
  const { dialect } = frame;
  const sending = {
    isHead: raw.method === "HEAD",
    isWhole: frame.source.isCostly,
    onError: (error: unknown) => {
      failureOf(error, asked, onError);
      return cutOff(raw);
    },
  };
  try {
    const outcome = await perform(context, route, frame, asked);
    return await sendInSlices(outcome, dialect, asked, sending);
  } catch (error) {
    const invalid = (fields: Readonly<Record<string, readonly string[]>>) =>
      dialect.invalid(fields, asked.language);
    return sendOutcome(failed(failureOf(error, asked, onError, invalid)), dialect, asked);
  }
};

/** What sees requests from outside; null for what does not. */
type Observed = {
  readonly onError: OnError | undefined;
  readonly metrics: Metrics | null;
  readonly tracing: Tracing | null;
};

const register = (app: Hono, frame: Frame, { onError, metrics, tracing }: Observed): void => {
  const { dialect } = frame;
  for (const path of new Set(dialect.routes.map(({ path }) => path))) {
    const routes = dialect.routes.filter((route) => route.path === path);
    for (const route of routes) {
      const { method } = route;
      const counted = { dialect: dialect.name, route: path, method };
      const answered = metrics?.answersOf(counted);
      const answer = (context: Context, asked: Asked): Promise<Response> =>
        answerTo(context, route, frame, asked, onError);
      app.on(method, path, async (context) => {
        const asked = askedBy(context.req.raw, answered);
        if (tracing === null) return await answer(context, asked);
        const { span, end } = tracing.begin(counted, asked);
        asked.span = span;
        const response = await answer(context, asked);
        end(response.status);
        return response;
      });
    }
    forbidOthers(app, path, routes.map(({ method }) => method), dialect, metrics);
  }
};

/** The operator, who belongs to no organization: admin routes name the organization. */
const OPERATOR_CALLER: Caller = { organization: "", actor: OPERATOR };

/** How the operator is authenticated; null where it is not served. */
const operatorOf = ({ adminToken, serves }: LateAppOptions): Authentication | null =>
  adminToken === null || serves === "public"
    ? null
    : { screen: secretCheck(adminToken), callerOf: () => Promise.resolve(OPERATOR_CALLER) };

/** How callers of organizations are authenticated; null where they are not served. */
const callersOf = (
  source: LedgerSource,
  { serves }: LateAppOptions,
  guard: Guard,
): Authentication | null =>
  serves === "admin" ? null : {
    // A ledger that the caller opened may have tokens of another form than ours.
    screen: source.isCostly ? (token) => tokenIdOf(token) !== null : () => true,
    callerOf: (token, client) =>
      guard(token, (organization) => source.authenticate(token, organization), client),
  };

/** Why a request's target is refused; null when it is accepted. */
const targetFault = ({ url }: Request): FrameFailure | null => {
  if (url.length > MAX_URL) return URI_TOO_LONG;
  return url.includes("#") ? FRAGMENT_SENT : null;
};

/**
 * Requests of one organization for all that it has: how many run concurrently, and how many wait.
 */
const READS = { places: 2, waiting: 64 };

/** How metrics name the route of a path without one. */
const NOWHERE = "";

/** What no route's pattern matches; what is for every path does. */
const NO_PATH = "/?";

/** The path as it is routed: Hono's smallest router ignores a slash at the end, which is none. */
const routedPath = (request: Request): string => {
  const path = pathOf(request);
  return path.endsWith("/") && path !== "/" ? NO_PATH : path;
};

/** The application over a ledger that may have to be opened for each request; see `createApp`. */
export const createLateApp = (options: LateAppOptions): Hono => {
  const { source, webhook = null, bodyMs = BODY_MS, onError } = options;
  const { metrics = null, tracing = null } = options;
  const app = new Hono({
    getPath: (request) => targetFault(request) === null ? routedPath(request) : NO_PATH,
  });
  const { corsOrigins = [], further = [] } = options;
  if (corsOrigins.length > 0) registerCors(app, corsOrigins);
  const { limiter = null, answers = null, planMemo: memo = openPlanMemo(), guard = openGuard() } =
    options;
  const limits = openLimits({ memo });
  const reads = openTurnsByKey(READS);
  const outside = { source, webhook, onError, bodyMs, metrics };
  registerHealth(app, outside, healthPaths(options.serves === "admin" ? [] : undefined));
  if (options.serves !== "admin") registerWebhook(app, outside);
  const operator = operatorOf(options);
  const callers = callersOf(source, options, guard);
  for (const dialect of DIALECTS) {
    const authentication = dialect.auth === "token" ? callers : operator;
    if (authentication !== null) {
      const shared = { source, bodyMs, limiter, answers, limits, reads, onError, operator };
      const routes = dialect.name === "ledger" ? [...dialect.routes, ...further] : dialect.routes;
      const routed = { ...dialect, routes };
      register(app, { ...shared, dialect: routed, authentication }, { onError, metrics, tracing });
    }
  }
  const unrouted = (request: Request, dialect: Dialect | undefined): Asked =>
    askedBy(
      request,
      metrics?.answersOf({
        dialect: dialect?.name ?? "none",
        route: NOWHERE,
        method: methodOf(request),
      }),
    );
  app.notFound(({ req: { raw } }) => {
    const fault = targetFault(raw) ?? (raw.method === "CONNECT" ? CONNECT_REFUSED : NOT_FOUND);
    const dialect = dialectOf(pathOf(raw));
    return sendOutcome(failed(fault), dialect, unrouted(raw, dialect));
  });
  app.onError((error, { req }) => {
    const asked = unrouted(req.raw, dialectOf(req.path));
    return sendOutcome(failed(failureOf(error, asked, onError)), dialectOf(req.path), asked);
  });
  return app;
};

/**
 * The whole application over a ledger: the three public dialects, `/ledger`, `/admin` (404 unless
 * there is an admin token), `/webhooks/telnyx`, `/healthz` (and a dialect's own path for it) and
 * `/readyz`. A request is checked in this order: the length of its URL (414), its route (404),
 * method (405), caller (401), how often it asked (429), what its token is for (403),
 * `Idempotency-Key` (400), what was answered under it (or 409, 422), body (408, 415, 413, 400).
 * Each failure has its dialect's shape; outside all dialects that of RFC 9457. An exception becomes
 * a 500 without details, and one that says the ledger is busy a 503. Throws an `InvalidArgument`
 * that names the option that does not fit.
 */
export const createApp = (options: ApplicationOptions): Hono => {
  assertArguments({ options: OptionsSchema }, [options]);
  const { ledger, documents, feed, mcp, ...others } = options;
  // Programs that pass them on know nothing of what they are.
  const further = [feed, mcp].flatMap((apart) => apart?.routes() ?? []) as readonly Route[];
  const app = createLateApp({ ...others, further, source: sourceOf(ledger) });
  const { metrics = null, serves, onError, adminToken } = others;
  // Not of each application that is opened late: a worker has neither documents nor metrics.
  if (documents !== undefined) {
    registerDocuments(app, documents, adminToken !== null && serves !== "public", metrics);
  }
  if (serves !== "public" && metrics !== null) registerMetrics(app, metrics, onError);
  return app;
};
