/** What is answered where Node makes no request of what a client sent. */
import { Buffer } from "node:buffer";
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
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

/** An answer as it is sent to a client whose connection is closed after it. */
const writtenOf = async (answer: Response): Promise<string> => {
  const body = await answer.text();
  const lines = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}`,
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

/** The last two requests of a connection; answers close in the order of their requests. */
type Asked = { readonly last: ServerResponse; readonly previous: ServerResponse | undefined };

/** The last answer before that to what is at fault: the rest of the last request, or what follows it. */
const answerBefore = ({ last, previous }: Asked): ServerResponse | undefined =>
  last.req.complete ? last : previous;

/** Calls `next` when all that was asked before what is at fault has its whole answer. */
const afterAnswers = (asked: Asked | undefined, next: () => void): void => {
  const before = asked && answerBefore(asked);
  if (before === undefined || before.closed) next();
  else before.once("close", next);
};

/** Follows the requests of a server from now on, and gives the last ones of a connection. */
const followRequests = (server: Server): (socket: Socket) => Asked | undefined => {
  const asked = new WeakMap<Socket, Asked>();
  const note = ({ socket }: IncomingMessage, last: ServerResponse): void => {
    const previous = asked.get(socket)?.last;
    asked.set(socket, { last, previous: previous?.closed === true ? undefined : previous });
  };
  server.on("request", note);
  // Node tells of each request by one of the two.
  server.on("checkExpectation", note);
  return (socket) => asked.get(socket);
};

const answerFaults = (
  server: Server,
  fetch: Fetch,
  askedOn: (socket: Socket) => Asked | undefined,
): void => {
  /** Connections with a fault that is not answered yet. */
  const faulty = new WeakSet<Socket>();
  const answer = async (fault: Fault, socket: Socket): Promise<void> => {
    const asked = askedOn(socket);
    const before = asked && answerBefore(asked);
    const lastWords = await writtenOf(await answerTo(fault, fetch));
    afterAnswers(asked, () => {
      const now = askedOn(socket);
      const last = now?.last;
      const hasCome = last !== asked?.last || (now && answerBefore(now)) !== before;
      // What was late has come while its turn had not, and is answered like anything else.
      if (hasCome) faulty.delete(socket);
      else if (last !== undefined && !last.req.complete && last.headersSent) socket.destroySoon();
      else hangUp(lastWords, socket);
    });
  };
  server.on("clientError", (fault: Fault, stream) => {
    const socket = stream as Socket;
    // Node closes it after that answer.
    const isLeft = fault.code === AFTER_THE_LAST && askedOn(socket)?.last.closed === false;
    if (!socket.writable || fault.code === "ECONNRESET") socket.destroy();
    else if (!isLeft && !faulty.has(socket)) {
      faulty.add(socket);
      void answer(fault, socket);
    }
  });
};

/**
 * Answers what is no request to Node: what its parser refuses, what is late, methods that it does not
 * know (405 with what the path allows) and `CONNECT` (405). Each connection is closed after it. What
 * was asked before on the same connection is answered first, however long that takes, and no request
 * twice.
 */
export const answerUnread = (server: Server, fetch: Fetch): void => {
  const askedOn = followRequests(server);
  answerFaults(server, fetch, askedOn);
  server.on("connect", (_: IncomingMessage, stream) => {
    const socket = stream as Socket;
    // Node has let go of it, and would take an error that nobody hears for one of the process.
    socket.on("error", () => socket.destroy());
    afterAnswers(askedOn(socket), () => {
      void writtenOf(sendOutcome(failed(CONNECT_REFUSED), undefined, "en"))
        .then((lastWords) => hangUp(lastWords, socket));
    });
  });
};
