/**
 * Answers for pages of other origins (https://fetch.spec.whatwg.org/#http-cors-protocol): of those
 * that the operator lists, and of the APIs whose callers have tokens; never of the operator's.
 */
import type { Hono } from "hono";
import { askedBy } from "./asked.ts";
import { dialectOf } from "./dialects.ts";
import { pathOf } from "./path.ts";
import { sendOutcome } from "./send.ts";
import { ok } from "../core/values/result.ts";

/** What a page may read besides what every page may. */
const EXPOSED =
  "x-request-id, location, retry-after, ratelimit, ratelimit-policy, idempotency-replayed";

const ALLOWED = {
  "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
  "access-control-allow-headers":
    "authorization, content-type, idempotency-key, accept-language, x-request-id, traceparent, " +
    "tracestate, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name",
  "access-control-max-age": "600",
};

/** Has pages of these origins call the APIs with a token; they send no cookies. */
export const registerCors = (app: Hono, origins: readonly string[]): void => {
  app.use("*", async (context, next) => {
    const { raw } = context.req;
    if (dialectOf(pathOf(raw))?.auth !== "token") return await next();
    const origin = raw.headers.get("origin");
    const allowed = origin !== null && origins.includes(origin)
      ? { "access-control-allow-origin": origin }
      : null;
    const isPreflight = raw.method === "OPTIONS" &&
      raw.headers.has("access-control-request-method");
    if (isPreflight && allowed !== null) {
      const headers = { ...allowed, ...ALLOWED, vary: "Origin" };
      return sendOutcome(
        ok({ status: 204, body: null, headers }),
        undefined,
        askedBy(raw, undefined),
      );
    }
    await next();
    // Also where it is refused: a cache must not give one origin's answer to another.
    context.res.headers.append("vary", "Origin");
    if (allowed === null) return;
    context.res.headers.set("access-control-allow-origin", allowed["access-control-allow-origin"]);
    context.res.headers.set("access-control-expose-headers", EXPOSED);
  });
};
