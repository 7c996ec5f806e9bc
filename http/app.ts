/** The HTTP application: every dialect's routes, and what is the same for all of them. */
import { type Context, Hono } from "hono";
import * as v from "valibot";
import type { Caller, Ledger } from "../adapters/ledger/api.ts";
import { Busy, Closed } from "../adapters/ledger/errors.ts";
import { Unavailable } from "../core/log/unavailable.ts";
import { assertArguments, InvalidArgument } from "../core/values/argument.ts";
import { OPERATOR } from "../core/values/identity.ts";
import { failed, ok, type Result } from "../core/values/result.ts";
import { adapter, CallableSchema, exactly } from "../core/values/shapes.ts";
import { dialectOf, DIALECTS, languageOf, sendHealth, sendOutcome } from "./answer.ts";
import { bearerToken, secretCheck, SecretSchema } from "./auth.ts";
import { callOf, commandIdOf, pathParams } from "./call.ts";
import type { Dialect, Failure, Outcome, Route } from "./dialect.ts";
import {
  INTERNAL_ERROR,
  LOG_UNAVAILABLE,
  malformed,
  methodNotAllowed,
  NOT_FOUND,
  SERVICE_UNAVAILABLE,
  UNAUTHORIZED,
  WEBHOOK_UNAVAILABLE,
} from "./errors.ts";
import { openVerifier, PublicKeySchema } from "./webhook/signature.ts";
import { takeWebhook } from "./webhook/telnyx.ts";

export type AppOptions = {
  readonly ledger: Ledger;
  /** Who sends it is the operator; null turns `/admin` off. */
  readonly adminToken: string | null;
  /** The Ed25519 key of Telnyx's webhooks, 32 bytes in base64; without it none are taken (503). */
  readonly telnyxPublicKey?: string | null;
  /** Told of every unexpected error; the id stands in the answer's `X-Request-Id`. */
  readonly onError?: (error: unknown, requestId: string) => void;
};

const ENTRIES: Readonly<Record<keyof AppOptions, v.GenericSchema>> = {
  ledger: adapter<Pick<Ledger, "authenticate" | "now" | "ready">>({
    authenticate: true,
    now: true,
    ready: true,
  }),
  adminToken: v.nullable(SecretSchema),
  telnyxPublicKey: v.nullish(PublicKeySchema),
  onError: v.optional(CallableSchema),
};

const OptionsSchema = exactly(ENTRIES);

type Authenticate = (token: string) => Promise<Caller | null>;

/** The failure that an exception becomes. What it says goes to the log only. */
const failureOf = (error: unknown, onError: AppOptions["onError"]): Failure => {
  if (error instanceof Busy || error instanceof Closed) return SERVICE_UNAVAILABLE;
  if (error instanceof InvalidArgument) return malformed(error.message);
  // Whoever opened the log is told by the log itself, once and not for each request.
  if (error instanceof Unavailable) return LOG_UNAVAILABLE;
  const requestId = crypto.randomUUID();
  onError?.(error, requestId);
  return { ...INTERNAL_ERROR, headers: { "x-request-id": requestId } };
};

/** Who calls, by their bearer token. */
const callerOf = async (
  request: Request,
  authenticate: Authenticate,
): Promise<Result<Caller, Failure>> => {
  const token = bearerToken(request.headers.get("authorization"));
  const caller = token === null ? null : await authenticate(token);
  return caller === null ? failed(UNAUTHORIZED) : ok(caller);
};

/** One request to a route that exists: path, then caller, then what the route does. */
const perform = async (
  context: Context,
  route: Route,
  dialect: Dialect,
  authenticate: Authenticate,
  ledger: Ledger,
): Promise<Outcome> => {
  const params = pathParams(context);
  if (params === null) return failed(NOT_FOUND);
  const request = context.req.raw;
  const caller = await callerOf(request, authenticate);
  if (!caller.ok) return caller;
  const commandId = commandIdOf(request);
  if (!commandId.ok) return commandId;
  const language = languageOf(request);
  return await route.handle(
    callOf(request, {
      dialect,
      ledger,
      caller: caller.value,
      language,
      params,
      commandId: commandId.value,
    }),
  );
};

const register = (
  app: Hono,
  dialect: Dialect,
  authenticate: Authenticate,
  { ledger, onError }: AppOptions,
): void => {
  for (const path of new Set(dialect.routes.map(({ path }) => path))) {
    const routes = dialect.routes.filter((route) => route.path === path);
    for (const route of routes) {
      app.on(route.method, path, async (context) => {
        let outcome: Outcome;
        try {
          outcome = await perform(context, route, dialect, authenticate, ledger);
        } catch (error) {
          outcome = failed(failureOf(error, onError));
        }
        return sendOutcome(outcome, dialect, languageOf(context.req.raw));
      });
    }
    forbidOthers(app, path, routes.map(({ method }) => method), dialect);
  }
};

const forbidOthers = (
  app: Hono,
  path: string,
  methods: readonly Route["method"][],
  dialect: Dialect | undefined,
): void => {
  const allowed = methods.flatMap((method) => method === "GET" ? ["GET", "HEAD"] : [method]);
  const failure = methodNotAllowed(allowed);
  app.all(path, (context) => sendOutcome(failed(failure), dialect, languageOf(context.req.raw)));
};

const registerWebhook = (app: Hono, { ledger, telnyxPublicKey, onError }: AppOptions): void => {
  const path = "/webhooks/telnyx";
  const publicKey = telnyxPublicKey ?? null;
  const verifier = publicKey === null ? null : openVerifier({ publicKey, now: () => ledger.now() });
  const take = async (request: Request): Promise<Outcome> => {
    if (verifier === null) return failed(WEBHOOK_UNAVAILABLE);
    try {
      return await takeWebhook(request, verifier, ledger);
    } catch (error) {
      return failed(failureOf(error, onError));
    }
  };
  app.post(
    path,
    async (context) =>
      sendOutcome(await take(context.req.raw), undefined, languageOf(context.req.raw)),
  );
  forbidOthers(app, path, ["POST"], undefined);
};

const registerHealth = (app: Hono, { ledger, onError }: AppOptions): void => {
  app.get("/healthz", () => sendHealth(true));
  app.get("/readyz", async () => {
    try {
      await ledger.ready();
      return sendHealth(true);
    } catch (error) {
      if (!(error instanceof Unavailable)) onError?.(error, crypto.randomUUID());
      return sendHealth(false);
    }
  });
  for (const path of ["/healthz", "/readyz"]) forbidOthers(app, path, ["GET"], undefined);
};

/** The operator, who is nobody's member: admin routes name the organization themselves. */
const operator: Caller = { organization: "", actor: OPERATOR };

/**
 * The whole application over a ledger: the three public dialects, `/ledger`, `/admin` (404 unless
 * there is an admin token), `/webhooks/telnyx`, `/healthz` and `/readyz`. A request is checked in
 * this order: its route (404), method (405), caller (401), `Idempotency-Key` (400), body (415, 413,
 * 400). Each failure has its dialect's shape; outside all dialects that of RFC 9457. An exception
 * becomes a 500 without details, and one that says the ledger is busy a 503. Throws an
 * `InvalidArgument` that names the option that does not fit.
 */
export const createApp = (options: AppOptions): Hono => {
  assertArguments({ options: OptionsSchema }, [options]);
  const app = new Hono();
  const { ledger, adminToken, onError } = options;
  registerHealth(app, options);
  registerWebhook(app, options);
  const isAdmin = adminToken === null ? null : secretCheck(adminToken);
  for (const dialect of DIALECTS) {
    if (dialect.auth === "token") {
      register(app, dialect, (token) => ledger.authenticate(token), options);
    } else if (isAdmin !== null) {
      register(app, dialect, async (token) => await isAdmin(token) ? operator : null, options);
    }
  }
  app.notFound((context) =>
    sendOutcome(failed(NOT_FOUND), dialectOf(context.req.path), languageOf(context.req.raw))
  );
  app.onError((error, context) =>
    sendOutcome(
      failed(failureOf(error, onError)),
      dialectOf(context.req.path),
      languageOf(context.req.raw),
    )
  );
  return app;
};
