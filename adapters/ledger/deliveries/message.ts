/** One attempt to deliver a published event: what is sent, and what its outcome means. */
import type {
  DeliveryAttempt,
  PendingDelivery,
  WebhookAnswer,
  WebhookFailure,
  WebhookSender,
} from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { Result } from "../../../core/values/result.ts";
import type { Signer } from "../../signatures/signer.ts";
import type { WebhookEndpoint } from "../../../core/webhooks/state.ts";

/** What an attempt has come to. */
export type Attempted = {
  /**
   * `delivered`; `failed`: the event is sent again; `gone`: the endpoint wants nothing any more
   * (410); `unsent`: it was not sent, for a reason that the endpoint cannot help.
   */
  readonly outcome: "delivered" | "failed" | "gone" | "unsent";
  /** Whether the endpoint, and not this event alone, is in trouble. */
  readonly isOfEndpoint: boolean;
  readonly status: number | null;
  readonly failure: string | null;
  readonly retryAfterMs: Milliseconds | null;
  readonly answer: string;
  readonly ms: Milliseconds;
};

const isRetriable = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Failures of our own, which say nothing of the endpoint. */
const OURS: ReadonlySet<WebhookFailure["code"]> = new Set(["BUSY", "PROXY_FAILED"]);

/** What an answer, or its absence, means. */
const attemptedBy = (sent: Result<WebhookAnswer, WebhookFailure>): Attempted => {
  if (!sent.ok) {
    const { code, ms } = sent.error;
    const isOurs = OURS.has(code);
    return {
      outcome: isOurs ? "unsent" : "failed",
      isOfEndpoint: !isOurs,
      status: null,
      failure: code,
      retryAfterMs: null,
      answer: "",
      ms,
    };
  }
  const { status, retryAfterMs, answer, ms } = sent.value;
  const isTaken = status < 300;
  return {
    outcome: isTaken ? "delivered" : status === 410 ? "gone" : "failed",
    isOfEndpoint: isRetriable(status),
    status,
    failure: isTaken ? null : "STATUS",
    retryAfterMs,
    answer,
    ms,
  };
};

/** A published event, or one of a test, which is of a type of its own. */
export type SentEvent = {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly organization: string;
  readonly subject: string;
  readonly data: object;
  readonly cursor: string;
};

/** What attempts are made with. */
export type Sending = {
  readonly sender: WebhookSender;
  readonly signer: Signer;
};

/** Sends an event once. */
export const attempt = async (
  { sender, signer }: Sending,
  { id: endpoint, url }: WebhookEndpoint,
  event: SentEvent,
): Promise<Attempted> => {
  const body = JSON.stringify(event);
  // The time of this machine, whatever a test clock says: receivers compare it with their own.
  const headers = await signer(event.id, Date.now(), body);
  return attemptedBy(await sender.send({ endpoint, url, headers, body }));
};

/** So many random characters tell attempts of one event apart. */
const DISTINCT = 12;

/** The attempt as it is kept; its id begins with the event's. */
export const keptAttempt = (
  endpoint: string,
  event: SentEvent,
  position: number,
  { attempts }: Pick<PendingDelivery, "attempts">,
  { status, failure, ms, answer }: Attempted,
  at: number,
): DeliveryAttempt => ({
  id: `${event.id}.${crypto.randomUUID().replaceAll("-", "").slice(0, DISTINCT)}`,
  endpoint,
  organization: event.organization,
  position,
  event: event.id,
  attempt: attempts + 1,
  at,
  status,
  failure,
  ms,
  answer,
});
