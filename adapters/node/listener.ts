import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { failed } from "../../core/values/result.ts";
import { sendOutcome } from "../../http/send.ts";
import { INTERNAL_ERROR, malformed } from "../../http/errors.ts";
import { isPlainTarget } from "../../http/path.ts";

type Fetch = (request: Request) => Response | Promise<Response>;

const refusal = (message: string): Response =>
  sendOutcome(failed(malformed(message)), undefined, "en");

const AMBIGUOUS = "The path must be written out, without . or .. segments, and begin with a slash.";

const NO_HOST = "The request has no valid Host.";

/** `fetch` fails at nothing; a request that none can be made of has a bad `Host`. */
const answerTo = (error: unknown): Response =>
  error instanceof Error && error.name === "RequestError"
    ? refusal(NO_HOST)
    : sendOutcome(failed(INTERNAL_ERROR), undefined, "en");

const send = async (answer: Response, to: ServerResponse): Promise<void> => {
  const body = await answer.text();
  to.writeHead(answer.status, { ...Object.fromEntries(answer.headers), connection: "close" });
  to.end(body);
};

/**
 * What `createServer` of `node:http` takes, for a `fetch`. A request whose path can be written in
 * another way (`/v1/../admin`) is answered 400, for a proxy may have read it otherwise; HTTP/1.0 needs
 * no `Host`.
 */
export const requestListenerOf = (fetch: Fetch): RequestListener => {
  const listen = getRequestListener(fetch, { hostname: "localhost", errorHandler: answerTo });
  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    if (incoming.headers.host === undefined && incoming.httpVersion !== "1.0") {
      void send(refusal(NO_HOST), outgoing);
    } else if (isPlainTarget(incoming.url ?? "")) void listen(incoming, outgoing);
    else void send(refusal(AMBIGUOUS), outgoing);
  };
};
