/** The HTTP application: every dialect's routes, and what is the same for all of them. */
import type { Context } from "hono";
import { Hono } from "hono/tiny";
import * as v from "valibot";
import type { Caller, Ledger } from "../adapters/ledger/api/mod.ts";
import { tokenIdOf } from "../adapters/ledger/engine/token.ts";
import type { CarrierWebhook, KeptAnswers, RateLimiter } from "../core/ports/mod.ts";
import { assertArguments } from "../adapters/validation/argument.ts";
import type { Milliseconds } from "../core/values/calendar.ts";
import { oneOf } from "../core/values/choice.ts";
import { OPERATOR } from "../core/values/identity.ts";
import { failed } from "../core/values/result.ts";
import { adapter, CallableSchema, exactly, WaitSchema } from "../adapters/validation/shapes.ts";
import { type Asked, askedBy } from "./asked.ts";
import { dialectOf, DIALECTS, healthPaths } from "./dialects.ts";
import { sendInSlices, sendOutcome } from "./send.ts";
import { AdminTokenSchema, secretCheck } from "./auth.ts";
import { BODY_MS } from "./body.ts";
import { registerCors } from "./cors.ts";
import { cutOff } from "./cut-off.ts";
import type { Dialect, Route } from "./dialect.ts";
import { type Documents, registerDocuments } from "./documents.ts";
import {
  CONNECT_REFUSED,
  FRAGMENT_SENT,
  type FrameFailure,
  MAX_URL,
  NOT_FOUND,
  URI_TOO_LONG,
} from "./errors.ts";
import { openLimits, openPlanMemo, type PlanMemo } from "./limits.ts";
import { forbidOthers, registerHealth, registerWebhook } from "./system-routes.ts";
import { methodOf, type Metrics } from "./metrics.ts";
import { registerMetrics } from "./metrics-route.ts";
import { OriginSchema } from "./origin.ts";
import { pathOf } from "./path.ts";
import { type Authentication, failureOf, type Frame, type OnError, perform } from "./perform.ts";
import { type LedgerSource, sourceOf } from "./ledger-source.ts";
import { openTurnsByKey } from "./fair-queue.ts";
import type { Tracing } from "./tracing.ts";
import { type Guard, openGuard } from "./unknown-tokens.ts";

/** What a server answers: everything, everything but `/admin`, or `/admin` alone. */
export const SIDES = ["all", "public", "admin"] as const;

type Options = {
  /**
   * A caller that sends it is the operator; null turns `/admin` off. Several with commas between
   * are all good.
   */
  readonly adminToken: string | null;
  /**
   * Which routes are answered: `public` is all but `/admin`, `admin` is `/admin` alone, each with
   * `/healthz` and `/readyz`; `all` by default.
   */
  readonly serves?: (typeof SIDES)[number] | undefined;
  /** Verifies the carrier's webhooks; without it they are refused (503). */
  readonly webhook?: CarrierWebhook | null;
  /** How long a body may take to arrive, in milliseconds; 20,000 by default. */
  readonly bodyMs?: Milliseconds | undefined;
  /** Counts requests against what organizations' plans allow; without it they are not counted. */
  readonly limiter?: RateLimiter | null;
  /**
   * Keeps what is answered under callers' keys; without it a repeat is answered by the ledger
   * alone, where it takes a command's id.
   */
  readonly answers?: KeptAnswers | null;
  /** The cache of plans; for consecutive applications in one process. */
  readonly planMemo?: PlanMemo;
  /** Counts answers, and is read at `/metrics` on the operator's side; without it that is 404. */
  readonly metrics?: Metrics | null | undefined;
  /** Takes traces of requests to routes of dialects. */
  readonly tracing?: Tracing | null | undefined;
  /** What the server says of its own APIs (`openDocuments`); nothing where it is left out. */
  readonly documents?: Documents | undefined;
  /** The origins whose pages may call the APIs with a token (never `/admin`); none by default. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Called with every unexpected error; see `OnError`. */
  readonly onError?: OnError | undefined;
};

export type ApplicationOptions = Options & { readonly ledger: Ledger };

/** The same for a ledger that each request opens. */
export type LateAppOptions = Options & {
  readonly source: LedgerSource;
  /** The cache of tokens; for consecutive applications. */
  readonly guard?: Guard;
};

/** Schemas of what an application over a ledger is made of. */
export const ENTRIES: Readonly<Record<keyof ApplicationOptions, v.GenericSchema>> = {
  ledger: adapter<Pick<Ledger, "authenticate" | "doubt" | "limits" | "now" | "ready">>({
    authenticate: true,
    doubt: true,
    limits: true,
    now: true,
    ready: true,
  }),
  adminToken: v.nullable(AdminTokenSchema),
  serves: v.optional(oneOf(SIDES)),
  webhook: v.nullish(adapter<CarrierWebhook>({ verify: true, orderKeyOf: true })),
  bodyMs: v.optional(WaitSchema),
  limiter: v.nullish(adapter<RateLimiter>({ take: true })),
  answers: v.nullish(adapter<KeptAnswers>({ begin: true, renew: true, keep: true, free: true })),
  planMemo: v.optional(adapter<PlanMemo>({ get: true, set: true })),
  metrics: v.nullish(adapter<Metrics>({ answersOf: true, text: true, mayRead: true })),
  documents: v.optional(adapter<Documents>({ pages: true })),
  corsOrigins: v.optional(v.array(OriginSchema)),
  tracing: v.nullish(adapter<Tracing>({ begin: true })),
  onError: v.optional(CallableSchema),
};

const OptionsSchema = exactly(ENTRIES);

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
const operator: Caller = { organization: "", actor: OPERATOR };

/** How the callers of this dialect are authenticated; null where it is not served. */
const authenticationOf = (
  dialect: Dialect,
  source: LedgerSource,
  { adminToken, serves = "all" }: Options,
  guard: Guard,
): Authentication | null => {
  if (dialect.auth === "token") {
    if (serves === "admin") return null;
    return {
      // A ledger that the caller opened may have tokens of another form than ours.
      screen: source.isCostly ? (token) => tokenIdOf(token) !== null : () => true,
      callerOf: (token, client) =>
        guard(token, (organization) => source.authenticate(token, organization), client),
    };
  }
  if (adminToken === null || serves === "public") return null;
  return { screen: secretCheck(adminToken), callerOf: () => Promise.resolve(operator) };
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
  const { corsOrigins = [] } = options;
  if (corsOrigins.length > 0) registerCors(app, corsOrigins);
  const { limiter = null, answers = null, planMemo: memo = openPlanMemo(), guard = openGuard() } =
    options;
  const limits = openLimits({ memo });
  const reads = openTurnsByKey(READS);
  const outside = { source, webhook, onError, bodyMs, metrics };
  registerHealth(app, outside, healthPaths(options.serves === "admin" ? [] : undefined));
  if (options.serves !== "admin") registerWebhook(app, outside);
  for (const dialect of DIALECTS) {
    const authentication = authenticationOf(dialect, source, options, guard);
    if (authentication !== null) {
      const shared = { source, bodyMs, limiter, answers, limits, reads, onError };
      register(app, { ...shared, dialect, authentication }, { onError, metrics, tracing });
    }
  }
  if (options.documents !== undefined) {
    const hasOperator = options.adminToken !== null && options.serves !== "public";
    registerDocuments(app, options.documents, hasOperator, metrics);
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
 * method (405), caller (401), how often it asked (429), `Idempotency-Key` (400), what was answered
 * under it (or 409, 422), body (408, 415, 413, 400). Each failure has its dialect's shape; outside
 * all dialects that of RFC 9457. An exception becomes a 500 without details, and one that says the
 * ledger is busy a 503. Throws an `InvalidArgument` that names the option that does not fit.
 */
export const createApp = (options: ApplicationOptions): Hono => {
  assertArguments({ options: OptionsSchema }, [options]);
  const { ledger, ...others } = options;
  const app = createLateApp({ ...others, source: sourceOf(ledger) });
  const { metrics = null, serves, onError } = others;
  // Not of each application that is opened late: a worker has no metrics.
  if (serves !== "public" && metrics !== null) registerMetrics(app, metrics, onError);
  return app;
};
