/** Where what was counted is read. */
import type { Hono } from "hono";
import { failed } from "../core/values/result.ts";
import { type Asked, askedBy } from "./asked.ts";
import { bearerToken } from "./auth.ts";
import { UNAUTHORIZED } from "./errors.ts";
import type { Metrics } from "./metrics.ts";
import { failureOf, type OnError } from "./perform.ts";
import { sendOutcome, sendText } from "./send.ts";
import { forbidOthers } from "./system-routes.ts";

/** The format of `text`. */
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** `GET /metrics`: 401 for callers who may not read it. */
export const registerMetrics = (
  app: Hono,
  metrics: Metrics,
  onError: OnError | undefined,
): void => {
  const path = "/metrics";
  const answered = metrics.answersOf({ dialect: "none", route: path, method: "GET" });
  const answer = async (request: Request, asked: Asked): Promise<Response> => {
    const token = bearerToken(request.headers.get("authorization"));
    if (!metrics.mayRead(token)) return sendOutcome(failed(UNAUTHORIZED), undefined, asked);
    try {
      return sendText(asked, await metrics.text(), CONTENT_TYPE);
    } catch (error) {
      return sendOutcome(failed(failureOf(error, asked, onError)), undefined, asked);
    }
  };
  app.get(path, ({ req }) => answer(req.raw, askedBy(req.raw, answered)));
  forbidOthers(app, path, ["GET"], undefined, metrics);
};
