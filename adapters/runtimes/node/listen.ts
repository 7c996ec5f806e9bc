import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { MAX_HEAD_BYTES, MAX_HEADER_LINES } from "../../../http/listener-errors.ts";
import type { Answered } from "../../../http/metrics.ts";
import { boundConnections } from "./connections.ts";
import { drainOf } from "./drain.ts";
import { answerUnread } from "./malformed-request.ts";

/** How slow a client may be before it loses its place to others. */
export type Patience = {
  /** Until the headers are there. */
  readonly headersMs: Milliseconds;
  /** Until the whole request is there. */
  readonly requestMs: Milliseconds;
  /** How often that is checked. */
  readonly checkMs: Milliseconds;
  /** How long it may take nothing of an answer before it loses its place first. */
  readonly stalledMs: Milliseconds;
  /** How long after that until it is cut. */
  readonly unreadMs: Milliseconds;
};

/** A slow request is ended within 30 s, and an answer that is not read within 75 s. */
export const PATIENCE: Patience = {
  headersMs: 10 * SECOND_MS,
  requestMs: 25 * SECOND_MS,
  checkMs: 1 * SECOND_MS,
  stalledMs: 7 * SECOND_MS,
  unreadMs: 65 * SECOND_MS,
};

/** A server that listens. */
export type Listening = {
  readonly port: number;
  /** See `Drain`. */
  end(limit_ms: Milliseconds): Promise<void>;
};

const listen = (server: Server, port: number, host: string): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });

/**
 * Listens at this host and port with at most so many connections. A request whose headers take 10
 * s, or that takes 25 s to arrive completely, is answered 408, and one with more than 16 KiB or
 * 1,000 header lines before its body 431; all are hung up on. A client that does not read its
 * answers is cut (see `boundConnections`). Rejects when the port is not available.
 */
export const startListening = async (
  fetch: (request: Request) => Response | Promise<Response>,
  { port, host, maxConnections, answered }: {
    readonly port: number;
    readonly host: string;
    readonly maxConnections: number;
    /** Counts the answers to what never reaches `fetch`. */
    readonly answered?: Answered | undefined;
  },
  patience: Partial<Patience> = PATIENCE,
): Promise<Listening> => {
  const { headersMs, requestMs, checkMs, stalledMs, unreadMs } = { ...PATIENCE, ...patience };
  const { refuserOfExpectations, requestListenerOf } = await import("./request-listener.ts");
  const options = {
    maxHeaderSize: MAX_HEAD_BYTES,
    // The listener looks itself, and answers as it answers all else.
    requireHostHeader: false,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
  };
  const answer = requestListenerOf(fetch, answered);
  const server = createServer(options, (request, response) => {
    // Requests already read from a connection that was cut are not worked on.
    if (!request.socket.destroyed) answer(request, response);
  });
  // One more than is accepted, or Node would silently drop the rest.
  server.maxHeadersCount = MAX_HEADER_LINES + 1;
  boundConnections(server, { limit: maxConnections, stalledMs, unreadMs });
  server.on("checkExpectation", refuserOfExpectations(answered));
  answerUnread(server, { fetch, answered });
  const drain = drainOf(server);
  const address = await listen(server, port, host);
  return { port: address.port, end: (limit_ms) => drain.end(limit_ms) };
};
