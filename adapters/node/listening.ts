import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";
import { failed } from "../../core/values/result.ts";
import { sendOutcome } from "../../http/send.ts";
import { malformed, PAYLOAD_LATE } from "../../http/errors.ts";
import type { Failure } from "../../http/dialect.ts";
import { boundConnections } from "./connections.ts";
import { drainOf } from "./drain.ts";

/** So much of a request may come before its body. */
const MAX_HEAD_BYTES = 16 * 1024;

/** How slow a client may be before others get its place. */
export type Patience = {
  /** Until the headers are there. */
  readonly headersMs: Milliseconds;
  /** Until the whole request is there. */
  readonly requestMs: Milliseconds;
  /** How often that is looked at. */
  readonly checkMs: Milliseconds;
  /** How long it may take nothing of an answer before it loses its place first. */
  readonly stalledMs: Milliseconds;
  /** How long after that until it is cut. */
  readonly unreadMs: Milliseconds;
};

/** All that is left of a slow request is ended within 30 s, and an answer that nobody reads within 75 s. */
export const PATIENCE: Patience = {
  headersMs: 10 * SECOND_MS,
  requestMs: 25 * SECOND_MS,
  checkMs: 1 * SECOND_MS,
  stalledMs: 7 * SECOND_MS,
  unreadMs: 65 * SECOND_MS,
};

const HEAD_TOO_LARGE: Failure = {
  status: 431,
  code: "HEADERS_TOO_LARGE",
  message: `The request's head is larger than ${MAX_HEAD_BYTES} bytes.`,
};

const FAILURES: Readonly<Record<string, Failure>> = {
  HPE_HEADER_OVERFLOW: HEAD_TOO_LARGE,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: HEAD_TOO_LARGE,
  ERR_HTTP_REQUEST_TIMEOUT: PAYLOAD_LATE,
};

/** The last words to a client whose request cannot be read. */
const hangUp = async (error: Error & { readonly code?: string }, socket: Socket): Promise<void> => {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const failure = FAILURES[error.code ?? ""] ?? malformed("The request is not HTTP/1.1.");
  const answer = sendOutcome(failed(failure), undefined, "en");
  const body = await answer.text();
  const lines = [
    `HTTP/1.1 ${answer.status} ${failure.code}`,
    ...[...answer.headers].filter(([name]) => name !== "connection")
      .map(([name, value]) => `${name}: ${value}`),
    `content-length: ${new TextEncoder().encode(body).byteLength}`,
    "connection: close",
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
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
 * Listens at this host and port with at most so many connections. A request whose headers take 10 s,
 * or that takes 25 s to come to its end, is answered 408, and one with more than 16 KiB before its body
 * 431; both are hung up on. A client that does not read its answers is cut (see `boundConnections`).
 * Rejects when the port cannot be had.
 */
export const startListening = async (
  fetch: (request: Request) => Response | Promise<Response>,
  { port, host, maxConnections }: {
    readonly port: number;
    readonly host: string;
    readonly maxConnections: number;
  },
  patience: Partial<Patience> = PATIENCE,
): Promise<Listening> => {
  const { headersMs, requestMs, checkMs, stalledMs, unreadMs } = { ...PATIENCE, ...patience };
  const { requestListenerOf } = await import("./listener.ts");
  const options = {
    maxHeaderSize: MAX_HEAD_BYTES,
    // The listener looks itself, and answers as it answers all else.
    requireHostHeader: false,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
  };
  const answer = requestListenerOf(fetch);
  const server = createServer(options, (request, response) => {
    // Of what was already read of a connection that was cut, nothing is worked on.
    if (!request.socket.destroyed) answer(request, response);
  });
  boundConnections(server, { limit: maxConnections, stalledMs, unreadMs });
  server.on("clientError", (error, socket) => void hangUp(error, socket as Socket));
  const drain = drainOf(server);
  const address = await listen(server, port, host);
  return { port: address.port, end: (limit_ms) => drain.end(limit_ms) };
};
