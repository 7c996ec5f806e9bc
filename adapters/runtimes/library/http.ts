/** The HTTP application for programs that embed it. */
import type { Hono } from "hono";
import type { RateLimiter } from "../../../core/ports/mod.ts";
import { type ApplicationOptions, createApp as create } from "../../../http/app.ts";
import { openMemoryLimiter } from "../../limiter/memory.ts";

/** What the application is made of. */
export type AppOptions = Omit<ApplicationOptions, "limiter" | "planMemo"> & {
  /** Counts requests against plans, in this process by default; null: they are not counted. */
  readonly limiter?: RateLimiter | null;
};

/**
 * The whole application over a ledger: the three public dialects, `/ledger`, `/admin` (404 unless
 * there is an admin token), `/webhooks/telnyx`, `/healthz` (and a dialect's own path for it) and
 * `/readyz`. A request is checked in this order: the length of its URL (414), its route (404),
 * method (405), caller (401), how often it asked (429), `Idempotency-Key` (400), body (408, 415,
 * 413, 400). Each failure has its dialect's shape; outside all dialects that of RFC 9457. An
 * exception becomes a 500 without details, and one that says the ledger is busy a 503. Throws an
 * `InvalidArgument` that names the option that does not fit.
 */
export const createApp = (options: AppOptions): Hono =>
  create({ limiter: openMemoryLimiter(), ...options });
