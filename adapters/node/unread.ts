/** What is answered where Node makes no request of what a client sent. */
import { Buffer } from "node:buffer";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { failed } from "../../core/values/result.ts";
import { PAYLOAD_TOO_LARGE } from "../../http/body.ts";
import type { Failure } from "../../http/dialect.ts";
import { CONNECT_REFUSED, HEADERS_TOO_LARGE, malformed, REQUEST_LATE } from "../../http/errors.ts";
import { isPlainTarget } from "../../http/path.ts";
import { sendOutcome } from "../../http/send.ts";

type Fetch = (request: Request) => Response | Promise<Response>;

/** What Node's parser (llhttp) and its timers say of a request. */
type Fault = Error & {
  readonly code?: string;
  readonly reason?: string;
  readonly rawPacket?: Uint8Array;
};

const SENTENCES: Readonly<Record<string, string>> = {
  HPE_INVALID_METHOD: "The request does not begin with a method that is known.",
  HPE_INVALID_URL: "The request's target is not a path.",
  HPE_INVALID_CONTENT_LENGTH: "Content-Length is not the length of a body.",
  HPE_UNEXPECTED_CONTENT_LENGTH: "Content-Length stands twice, or beside Transfer-Encoding.",
  HPE_INVALID_TRANSFER_ENCODING:
    "Transfer-Encoding does not end in chunked, or stands beside Content-Length.",
  HPE_INVALID_CHUNK_SIZE: "A chunk of the body has no size that can be read.",
  HPE_STRICT: "A chunk of the body is not of its size.",
  HPE_INVALID_VERSION: "The first line of the request does not end in HTTP/1.1 and CR LF.",
  HPE_INVALID_CONSTANT: "The first line of the request does not end in HTTP/1.1.",
  HPE_INVALID_HEADER_TOKEN: "A header line is not valid.",
  HPE_CR_EXPECTED: "A line does not end in CR LF.",
  HPE_LF_EXPECTED: "A line does not end in CR LF.",
  HPE_INVALID_EOF_STATE: "The request broke off.",
};

const FAILURES: Readonly<Record<string, Failure>> = {
  HPE_HEADER_OVERFLOW: HEADERS_TOO_LARGE,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: HEADERS_TOO_LARGE,
  ERR_HTTP_REQUEST_TIMEOUT: REQUEST_LATE,
};

const OVERFLOW = "Content-Length overflow";

const failureOf = ({ code = "", reason }: Fault): Failure => {
  if (reason === OVERFLOW) return PAYLOAD_TOO_LARGE;
  return FAILURES[code] ?? malformed(SENTENCES[code] ?? "The request cannot be read as HTTP/1.1.");
};

/** The first line of a request whose method Node does not know. */
const LINE = /^([!#$%&'*+.^`|~\w-]{1,50}) (\/[!-~]{0,8000}) HTTP\/1\.[01]\r?\n/;

/** Node has read these, and failed at something after them. */
const KNOWN = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/** The target of a request that is in order but for its method, which Node does not know. */
const targetOf = ({ code, rawPacket }: Fault): string | null => {
  if (code !== "HPE_INVALID_METHOD" || rawPacket === undefined) return null;
  const [, method = "", target = ""] = LINE.exec(Buffer.from(rawPacket).toString("latin1")) ?? [];
  return method === "" || KNOWN.includes(method) || !isPlainTarget(target) ? null : target;
};

const answerTo = async (fault: Fault, fetch: Fetch): Promise<Response> => {
  const target = targetOf(fault);
  // As on runtimes that take any method: 405 with what the path allows, or 404.
  return target === null
    ? sendOutcome(failed(failureOf(fault)), undefined, "en")
    : await fetch(new Request(`http://localhost${target}`, { method: "UNKNOWN" }));
};

const NAMES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  414: "URI Too Long",
  431: "Request Header Fields Too Large",
};

/** An answer as it is sent to a client whose connection is closed after it. */
const writtenOf = async (answer: Response): Promise<string> => {
  const body = await answer.text();
  const lines = [
    `HTTP/1.1 ${answer.status} ${NAMES[answer.status] ?? ""}`,
    ...[...answer.headers].filter(([name]) => name !== "connection")
      .map(([name, value]) => `${name}: ${value}`),
    `content-length: ${new TextEncoder().encode(body).byteLength}`,
    "connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
};

const hangUp = (lastWords: string, socket: Socket): void => {
  if (socket.writable) socket.end(lastWords, () => socket.destroy());
};

/** What came after a request that was to be the connection's last. */
const AFTER_THE_LAST = "HPE_CLOSED_CONNECTION";

/**
 * Answers what is no request to Node: what its parser refuses, what is late, methods that it does not
 * know (405 with what the path allows) and `CONNECT` (405). Each connection is closed after it. What
 * was asked before on the same connection is answered first, and no request twice.
 */
export const answerUnread = (server: Server, fetch: Fetch): void => {
  const lastAnswers = new WeakMap<Socket, ServerResponse>();
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    lastAnswers.set(socket, response);
  });
  const answer = async (fault: Fault, socket: Socket): Promise<void> => {
    const lastWords = await writtenOf(await answerTo(fault, fetch));
    const last = lastAnswers.get(socket);
    const isAnswered = last !== undefined && !last.req.complete && last.headersSent;
    if (isAnswered) socket.destroySoon();
    else hangUp(lastWords, socket);
  };
  server.on("clientError", (fault: Fault, stream) => {
    const socket = stream as Socket;
    const last = lastAnswers.get(socket);
    if (!socket.writable || fault.code === "ECONNRESET") socket.destroy();
    else if (last === undefined || !last.req.complete || last.writableFinished) {
      void answer(fault, socket);
    } else if (fault.code !== AFTER_THE_LAST) {
      last.once("close", () => void answer(fault, socket));
    }
  });
  server.on("connect", (_: IncomingMessage, stream) => {
    const socket = stream as Socket;
    // Node has let go of it, and would take an error that nobody hears for one of the process.
    socket.on("error", () => socket.destroy());
    void writtenOf(sendOutcome(failed(CONNECT_REFUSED), undefined, "en"))
      .then((lastWords) => hangUp(lastWords, socket));
  });
};
