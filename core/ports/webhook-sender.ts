/** The port that sends webhooks to the endpoints of organizations; part of `mod.ts`. */
import type { Milliseconds } from "../values/calendar.ts";
import type { Result } from "../values/result.ts";

/** One message to one endpoint, as it is sent. */
export type WebhookMessage = {
  /** The endpoint's id: how many of its messages are under way is counted under it. */
  readonly endpoint: string;
  /** Where it is sent. Its path and query may be a secret, and are in no message of a failure. */
  readonly url: string;
  /** The headers that sign it; the sender adds those of the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** A text of JSON. */
  readonly body: string;
};

/** What the endpoint answered, whatever its status. */
export type WebhookAnswer = {
  /** From 200 on. Only one below 300 says that the message was taken: no redirect is followed. */
  readonly status: number;
  /** How long the endpoint asks to be left alone (`Retry-After`), a day at most. */
  readonly retryAfterMs: Milliseconds | null;
  /**
   * The first 500 bytes of the answer as text. What is not UTF-8, and characters that control or
   * hide what is shown, are U+FFFD; line breaks and tabs are spaces.
   */
  readonly answer: string;
  /** How long it took. */
  readonly ms: Milliseconds;
};

/** Why there is no answer. */
export type WebhookFailure = {
  /**
   * - `URL_REFUSED`: the URL breaks a rule; nothing was looked up.
   * - `ADDRESS_REFUSED`: it leads to no address that may be connected to; nothing was sent.
   * - `UNREACHABLE`: its name is not known, no connection came about, or it broke.
   * - `TLS_FAILED`: no verified encryption came about; nothing was sent.
   * - `TIMED_OUT`: there was no answer in time.
   * - `ANSWER_INVALID`: the answer is not HTTP, or its headers are too long.
   * - `PROXY_FAILED`: the sender's own proxy failed, which the endpoint cannot help.
   * - `BUSY`: too many messages are under way, to this endpoint or to all; nothing was sent.
   */
  readonly code:
    | "URL_REFUSED"
    | "ADDRESS_REFUSED"
    | "UNREACHABLE"
    | "TLS_FAILED"
    | "TIMED_OUT"
    | "ANSWER_INVALID"
    | "PROXY_FAILED"
    | "BUSY";
  /** A sentence without secrets or addresses. */
  readonly message: string;
  readonly ms: Milliseconds;
};

/**
 * Sends webhooks to URLs that strangers have chosen. A call answers within 20 seconds, whatever the
 * endpoint does, and never rejects; one that is not `BUSY` delays no other. It connects to public
 * addresses only, and the address that was checked is the one that is connected to.
 * `webhookSenderContract` in `ledgerline/testing` tests all of this.
 */
export interface WebhookSender {
  /** Posts the message once. Where a kept connection turns out to be closed, it is sent again. */
  send(message: WebhookMessage): Promise<Result<WebhookAnswer, WebhookFailure>>;
}
