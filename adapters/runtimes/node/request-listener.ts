import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { noteClient } from "../../../http/client-address.ts";
import { noteCutOff } from "../../../http/cut-off.ts";
import type { Failure } from "../../../http/dialect.ts";
import { INTERNAL_ERROR } from "../../../http/errors.ts";
import {
  EXPECTATION_FAILED,
  HEADERS_TOO_LARGE,
  MAX_HEADER_LINES,
  unreadable,
} from "../../../http/listener-errors.ts";
import type { Answered } from "../../../http/metrics.ts";
import { isPlainTarget } from "../../../http/path.ts";
import { refusalOf, seenIn } from "./early-refusal.ts";

type Fetch = (request: Request) => Response | Promise<Response>;

const AMBIGUOUS = unreadable("TARGET_AMBIGUOUS");

const NO_HOST = unreadable("HOST_INVALID");
const HOSTS = unreadable("HOST_REPEATED");
const KEYS = unreadable("KEY_REPEATED");

/** `fetch` never rejects; where no `Request` can be constructed, `Host` is invalid. */
const failureOf = (error: unknown): Failure =>
  error instanceof Error && error.name === "RequestError" ? NO_HOST : INTERNAL_ERROR;

const send = async (answer: Response, to: ServerResponse): Promise<void> => {
  const body = await answer.text();
  to.writeHead(answer.status, { ...Object.fromEntries(answer.headers), connection: "close" });
  to.end(body);
};

const refuse = (
  failure: Failure,
  incoming: IncomingMessage,
  to: ServerResponse,
  answered: Answered | undefined,
): void => void send(refusalOf(failure, seenIn(incoming), answered), to);

/** How many lines a header has, its name in small letters. */
const linesOf = (rawHeaders: readonly string[], header: string): number => {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === header.length && name.toLowerCase() === header) count += 1;
  }
  return count;
};

/** What is wrong with a request whatever it asks for; null when nothing is. */
const faultOf = ({ rawHeaders, httpVersion, url = "" }: IncomingMessage): Failure | null => {
  if (rawHeaders.length > 2 * MAX_HEADER_LINES) return HEADERS_TOO_LARGE;
  // Node shows the first alone.
  const hosts = linesOf(rawHeaders, "host");
  if (hosts > 1) return HOSTS;
  if (hosts === 0 && httpVersion !== "1.0") return NO_HOST;
  // Joined, as a request shows them, they would be one key that was never sent.
  if (linesOf(rawHeaders, "idempotency-key") > 1) return KEYS;
  return isPlainTarget(url) ? null : AMBIGUOUS;
};

/**
 * What `createServer` of `node:http` takes, for a `fetch`. A request whose path can be written in
 * another way (`/v1/../admin`) is answered 400, since a proxy may have read it differently, and so
 * is one with two `Host`s or `Idempotency-Key`s; HTTP/1.0 needs no `Host`. One with too many header
 * lines is answered 431. What is refused so is counted by `answered`.
 */
export const requestListenerOf = (fetch: Fetch, answered?: Answered): RequestListener => {
  const noted: Parameters<typeof getRequestListener>[0] = (request, { incoming }) => {
    noteClient(request, incoming.socket.remoteAddress);
    // The adapter prints errors of bodies, which the application has reported.
    noteCutOff(request, () => incoming.socket.destroy());
    return fetch(request);
  };
  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const fault = faultOf(incoming);
    if (fault !== null) return refuse(fault, incoming, outgoing, answered);
    const errorHandler = (error: unknown) =>
      refusalOf(failureOf(error), seenIn(incoming), answered);
    void getRequestListener(noted, { hostname: "localhost", errorHandler })(incoming, outgoing);
  };
};

/** What a server of `node:http` does with an `Expect` that is not `100-continue`: 417. */
export const refuserOfExpectations =
  (answered: Answered | undefined): RequestListener => (incoming, outgoing) =>
    refuse(faultOf(incoming) ?? EXPECTATION_FAILED, incoming, outgoing, answered);
