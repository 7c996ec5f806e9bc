/** Turns the outcome of a request into its answer, in the shape of a dialect or of none. */
import type { UnavailableReason } from "../core/log/unavailable.ts";
import type { Asked } from "./asked.ts";
import type { Dialect, Outcome } from "./dialect.ts";
import { encodeProblem } from "./errors.ts";
import { bodyOfList, type Sending } from "./list-body.ts";
import { textInSlices } from "./slices.ts";

const HEADERS = {
  "content-type": "application/json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/** Every answer has the id of its request, and is counted here, where anything counts. */
const send = (
  { id, answered }: Asked,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
  text: string | ReadableStream<Uint8Array> | null = null,
): Response => {
  answered?.(status);
  return new Response(status === 204 ? null : text ?? JSON.stringify(body), {
    status,
    headers: { "x-request-id": id, ...headers },
  });
};

/** 200 with a text of this type. */
export const sendText = (asked: Asked, text: string, contentType: string): Response =>
  send(asked, 200, null, { ...HEADERS, "content-type": contentType }, text);

/** The answer, a failure in the shape of the dialect, or of RFC 9457 outside all of them. */
export const sendOutcome = (
  outcome: Outcome,
  dialect: Dialect | undefined,
  asked: Asked,
  text: string | ReadableStream<Uint8Array> | null = null,
): Response => {
  if (outcome.ok) {
    const { status, body, headers } = outcome.value;
    const all = headers === undefined ? HEADERS : { ...HEADERS, ...headers };
    return send(asked, status, body, all, text);
  }
  const failure = outcome.error;
  const { body, contentType } = (dialect?.encodeFailure ?? encodeProblem)(failure, asked.language);
  return send(asked, failure.status, body, {
    ...HEADERS,
    ...(contentType === undefined ? {} : { "content-type": contentType }),
    ...failure.headers,
  });
};

/** The same, while other requests get their turn as a long list is written, or read and written. */
export const sendInSlices = async (
  outcome: Outcome,
  dialect: Dialect,
  asked: Asked,
  sending: Sending,
): Promise<Response> => {
  if (!outcome.ok) return sendOutcome(outcome, dialect, asked);
  const { body, list, text: ready } = outcome.value;
  if (ready !== undefined) return sendOutcome(outcome, dialect, asked, ready);
  const text = list === undefined ? await textInSlices(body) : await bodyOfList(list, sending);
  return sendOutcome(outcome, dialect, asked, text);
};

/**
 * What `/healthz` and `/readyz` answer. `clock`: why the clock is doubted, where it is. The server
 * is ready anyway: callers lose nothing, and a wrong clock must not take every server out of
 * service.
 */
export const sendHealth = (asked: Asked, isWell: boolean, clock?: string): Response =>
  isWell
    ? send(asked, 200, { status: "ok", ...(clock === undefined ? {} : { clock }) }, HEADERS)
    : sendUnwell(asked, null);

/** What `/readyz` answers while it is not ready, with what may be public about the database. */
export const sendUnwell = (asked: Asked, database: UnavailableReason | null): Response => {
  const body = { status: "unavailable", ...(database === null ? {} : { database }) };
  return send(asked, 503, body, { ...HEADERS, "retry-after": "1" });
};
