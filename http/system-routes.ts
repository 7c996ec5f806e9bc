/** Routes outside all dialects: the carrier's webhooks, and the server's health. */
import type { Context, Hono } from "hono";
import { Busy } from "../adapters/ledger/engine/errors.ts";
import type { CarrierWebhook } from "../core/ports/mod.ts";
import { Unavailable } from "../core/log/unavailable.ts";
import { failed } from "../core/values/result.ts";
import type { Milliseconds } from "../core/values/calendar.ts";
import { type Asked, askedBy } from "./asked.ts";
import { dialectOf } from "./dialects.ts";
import { sendHealth, sendOutcome, sendUnwell } from "./send.ts";
import type { Dialect, Outcome, Route } from "./dialect.ts";
import { methodNotAllowed, WEBHOOK_UNAVAILABLE } from "./errors.ts";
import { methodOf, type Metrics } from "./metrics.ts";
import { failureOf, type OnError } from "./perform.ts";
import type { LedgerSource } from "./ledger-source.ts";
import { takeWebhook } from "./webhook.ts";

/** Answers 405 to all methods at this path but these. To be registered after them. */
export const forbidOthers = (
  app: Hono,
  path: string,
  methods: readonly Route["method"][],
  dialect: Dialect | undefined,
  metrics: Metrics | null,
): void => {
  const allowed = methods.flatMap((method) => method === "GET" ? ["GET", "HEAD"] : [method]);
  const failure = methodNotAllowed(allowed);
  const { name = "none" } = dialect ?? {};
  app.all(path, ({ req: { raw } }) => {
    const method = methodOf(raw);
    const answered = metrics?.answersOf({ dialect: name, route: path, method });
    return sendOutcome(failed(failure), dialect, askedBy(raw, answered));
  });
};

/** What these routes need. */
export type Outside = {
  readonly source: LedgerSource;
  /** Verifies the carrier's webhooks; null where none are taken. */
  readonly webhook: CarrierWebhook | null;
  readonly onError: OnError | undefined;
  readonly bodyMs: Milliseconds;
  /** Counts answers; null where nothing is counted. */
  readonly metrics: Metrics | null;
};

/** `POST /webhooks/telnyx`: 503 where none are taken; see `takeWebhook`. */
export const registerWebhook = (app: Hono, outside: Outside): void => {
  const path = "/webhooks/telnyx";
  const { webhook, onError, metrics } = outside;
  const answered = metrics?.answersOf({ dialect: "none", route: path, method: "POST" });
  const take = async (request: Request, asked: Asked): Promise<Outcome> => {
    if (webhook === null) return failed(WEBHOOK_UNAVAILABLE);
    try {
      return await takeWebhook(request, webhook, outside);
    } catch (error) {
      return failed(failureOf(error, asked, onError));
    }
  };
  const answer = async ({ req }: Context): Promise<Response> => {
    const asked = askedBy(req.raw, answered);
    return sendOutcome(await take(req.raw, asked), undefined, asked);
  };
  app.post(path, answer);
  forbidOthers(app, path, ["POST"], undefined, metrics);
};

/** `GET` of these paths, which needs only the process, and of `/readyz`, which reads the log. */
export const registerHealth = (
  app: Hono,
  { source, onError, metrics }: Outside,
  alive: readonly string[],
): void => {
  const answersAt = (route: string) =>
    metrics?.answersOf({ dialect: dialectOf(route)?.name ?? "none", route, method: "GET" });
  for (const path of alive) {
    const answered = answersAt(path);
    app.get(path, ({ req }) => sendHealth(askedBy(req.raw, answered), true));
  }
  const answered = answersAt("/readyz");
  app.get("/readyz", async ({ req }) => {
    const asked = askedBy(req.raw, answered);
    try {
      return sendHealth(asked, true, await source.ready());
    } catch (error) {
      const isExpected = error instanceof Unavailable || error instanceof Busy;
      if (!isExpected) onError?.(error, asked.id, asked);
      return sendUnwell(asked, error instanceof Unavailable ? error.reason ?? null : null);
    }
  });
  for (const path of [...alive, "/readyz"]) {
    forbidOthers(app, path, ["GET"], dialectOf(path), metrics);
  }
};
