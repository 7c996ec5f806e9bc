/** The HTTP application for programs that embed it. */
import type { Hono } from "hono";
import * as v from "valibot";
import type { KeptAnswers, RateLimiter } from "../../../core/ports/mod.ts";
import { createApp as create } from "../../../http/app.ts";
import { type ApplicationOptions, ENTRIES as PARTS } from "../../../http/app-options.ts";
import { openEventFeed } from "../../../http/events/routes.ts";
import { openTelnyxWebhook, PublicKeySchema } from "../../carrier/telnyx/webhook.ts";
import { openMemoryAnswers } from "../../answers/memory.ts";
import { openMemoryLimiter } from "../../limiter/memory.ts";
import { assertArguments } from "../../validation/argument.ts";
import { exactly } from "../../validation/shapes.ts";

/** What the application is made of. */
export type AppOptions =
  & Omit<ApplicationOptions, "answers" | "limiter" | "metrics" | "planMemo" | "tracing" | "webhook">
  & {
    /** Counts requests against plans, in this process by default; null: they are not counted. */
    readonly limiter?: RateLimiter | null | undefined;
    /**
     * Keeps what is answered under an `Idempotency-Key`, in this process by default; null: a repeat
     * is answered by the ledger alone, which knows purchases, imports, release requests and credits
     * by their keys.
     */
    readonly answers?: KeptAnswers | null | undefined;
    /**
     * The Ed25519 key of Telnyx's webhooks, 32 bytes in base64; without it webhooks are refused
     * (503).
     */
    readonly telnyxPublicKey?: string | null | undefined;
  };

const { webhook: _webhook, metrics: _metrics, tracing: _tracing, ...SHARED } = PARTS;

const OptionsSchema = exactly({ ...SHARED, telnyxPublicKey: v.nullish(PublicKeySchema) });

/**
 * The whole application over a ledger: the three public dialects, `/ledger`, `/admin` (404 unless
 * there is an admin token), `/webhooks/telnyx`, `/healthz` (and a dialect's own path for it) and
 * `/readyz`. A request is checked in this order: the length of its URL (414), its route (404),
 * method (405), caller (401), how often it asked (429), `Idempotency-Key` (400), what was answered
 * under it (or 409, 422), body (408, 415, 413, 400). Each failure has its dialect's shape; outside
 * all dialects that of RFC 9457. An exception becomes a 500 without details, and one that says the
 * ledger is busy a 503. Throws an `InvalidArgument` that names the option that does not fit.
 *
 * @example
 * ```ts
 * import { createApp } from "ledgerline/http";
 *
 * const app = createApp({ ledger, adminToken: "0perators-secret" });
 * const answer = await app.fetch(new Request("http://localhost/healthz"));
 * ```
 */
export const createApp = (options: AppOptions): Hono => {
  assertArguments({ options: OptionsSchema }, [options]);
  const {
    telnyxPublicKey: publicKey = null,
    ledger,
    limiter = openMemoryLimiter(),
    answers = openMemoryAnswers(),
    feed = openEventFeed(),
    ...others
  } = options;
  const webhook = publicKey === null
    ? null
    : openTelnyxWebhook({ publicKey, now: () => ledger.now() });
  return create({ ...others, ledger, limiter, answers, feed, webhook });
};
