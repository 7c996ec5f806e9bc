/** Why a message has no answer. The sentences name no address, and nothing of the URL. */
import type { WebhookFailure } from "../../core/ports/mod.ts";

/** A failure, before it is known how long it took. */
export type Failure = Omit<WebhookFailure, "ms">;

/** The failures that have one sentence each. */
export const FAILURES = {
  unresolved: { code: "UNREACHABLE", message: "the endpoint's name is not known" },
  unconnected: { code: "UNREACHABLE", message: "no connection to the endpoint came about" },
  broken: {
    code: "UNREACHABLE",
    message: "the endpoint closed the connection before it answered",
  },
  private: {
    code: "ADDRESS_REFUSED",
    message: "the endpoint's host leads to no public address",
  },
  untrusted: {
    code: "TLS_FAILED",
    message: "the endpoint's certificate is not valid, or it speaks no TLS",
  },
  late: { code: "TIMED_OUT", message: "the endpoint did not answer in time" },
  malformed: {
    code: "ANSWER_INVALID",
    message: "the endpoint's answer is not HTTP, or its headers are too long",
  },
  proxy: { code: "PROXY_FAILED", message: "the proxy for webhooks failed" },
  proxyRefused: { code: "ADDRESS_REFUSED", message: "the proxy refuses the endpoint's host" },
  busy: { code: "BUSY", message: "too many messages to endpoints are under way" },
} as const satisfies Readonly<Record<string, Failure>>;

/** A URL that breaks this rule, which is the end of a sentence. */
export const urlRefused = (rule: string): Failure => ({
  code: "URL_REFUSED",
  message: `the endpoint's URL ${rule}`,
});
