/** Answers where Node cannot parse what a client sent as a request. */
import { Buffer } from "node:buffer";
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { PAYLOAD_TOO_LARGE } from "../../../http/body.ts";
import type { Failure } from "../../../http/dialect.ts";
import { CONNECT_REFUSED } from "../../../http/errors.ts";
import {
  HEADERS_TOO_LARGE,
  type ListenerSentence,
  REQUEST_LATE,
  unreadable,
} from "../../../http/listener-errors.ts";
import type { Answered } from "../../../http/metrics.ts";
import { isPlainTarget } from "../../../http/path.ts";
import { refusalOf, type Seen, seenIn } from "./early-refusal.ts";

/** What answers: the application, and what counts the answers that it does not give. */
type Answering = {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly answered: Answered | undefined;
};

/** What Node's parser (llhttp) and its timers say of a request. */
type Fault = Error & {
  readonly code?: string;
  readonly reason?: string;
  /** The last bytes received, and how much of them was read when the fault was found. */
  readonly rawPacket?: Uint8Array;
  readonly bytesParsed?: number;
};

const SENTENCES: Readonly<Record<string, ListenerSentence>> = {
  HPE_INVALID_METHOD: "METHOD_UNREADABLE",
  HPE_INVALID_URL: "TARGET_UNREADABLE",
  HPE_INVALID_CONTENT_LENGTH: "LENGTH_INVALID",
  HPE_UNEXPECTED_CONTENT_LENGTH: "LENGTH_AMBIGUOUS",
  HPE_INVALID_TRANSFER_ENCODING: "ENCODING_INVALID",
  HPE_INVALID_CHUNK_SIZE: "CHUNK_SIZE_INVALID",
  HPE_STRICT: "CHUNK_INVALID",
  HPE_INVALID_VERSION: "VERSION_INVALID",
  HPE_INVALID_CONSTANT: "VERSION_INVALID",
  HPE_INVALID_HEADER_TOKEN: "HEADER_INVALID",
  HPE_CR_EXPECTED: "LINE_INVALID",
  HPE_LF_EXPECTED: "LINE_INVALID",
  HPE_INVALID_EOF_STATE: "REQUEST_BROKEN",
};

const FAILURES: Readonly<Record<string, Failure>> = {
  HPE_HEADER_OVERFLOW: HEADERS_TOO_LARGE,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: HEADERS_TOO_LARGE,
  ERR_HTTP_REQUEST_TIMEOUT: REQUEST_LATE,
};

const OVERFLOW = "Content-Length overflow";

const failureOf = ({ code = "", reason }: Fault): Failure => {
  if (reason === OVERFLOW) return PAYLOAD_TOO_LARGE;
  return FAILURES[code] ?? unreadable(SENTENCES[code] ?? "REQUEST_UNREADABLE");
};

/** The first line of a request, as far as it shows what is asked. */
const LINE = /^([!#$%&'*+.^`|~\w-]{1,50}) (\/[!-~]{0,8000})(?: (HTTP\/1\.[01])(?=\r?\n|$))?/;

/** The headers that an answer depends on, each in its line. */
const HEADERS: Readonly<Record<string, RegExp>> = {
  "accept-language": /\r?\naccept-language:([\t -~]*)/i,
  "x-request-id": /\r?\nx-request-id:([\t -~]*)/i,
};

const END = "\r\n\r\n";

type Head = Seen & { readonly method: string; readonly isLine: boolean };

/**
 * What can be read of the request whose head is at fault; null where its first line is not in the
 * same bytes as the fault. These may hold earlier requests too.
 */
const headOf = ({ code, rawPacket, bytesParsed = 0 }: Fault): Head | null => {
  const text = Buffer.from(rawPacket ?? []).toString("latin1");
  // Of a method, nothing may be read yet; of a head with another fault, its end may be read too.
  const until = code === "HPE_INVALID_METHOD" ? bytesParsed : Math.max(0, bytesParsed - 1);
  const before = text.slice(0, until).lastIndexOf(END);
  const [head = ""] = text.slice(before === -1 ? 0 : before + END.length).split(END, 1);
  const [, method, target, version] = LINE.exec(head) ?? [];
  if (method === undefined || target === undefined) return null;
  const header = (name: string) => HEADERS[name]?.exec(head)?.[1]?.trim();
  return { method, target, header, isLine: version !== undefined };
};

/** Node has read these, and failed at something after them. */
const KNOWN = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/** Whether the request is in order but for its method, which Node does not know. */
const isUnknownMethod = ({ code }: Fault, { method, target, isLine }: Head): boolean =>
  code === "HPE_INVALID_METHOD" && isLine && !KNOWN.includes(method) && isPlainTarget(target);

/** `unfinished`: the request whose body is incomplete, if the fault is in that. */
const answerTo = async (
  fault: Fault,
  unfinished: IncomingMessage | null,
  { fetch, answered }: Answering,
): Promise<Response> => {
  if (unfinished !== null) return refusalOf(failureOf(fault), seenIn(unfinished), answered);
  const head = headOf(fault);
  if (head === null || !isUnknownMethod(fault, head)) {
    return refusalOf(failureOf(fault), head, answered);
  }
  // As on runtimes that take any method: 405 with what the path allows, or 404.
  const headers = Object.fromEntries(
    Object.keys(HEADERS).map((name) => [name, head.header(name) ?? ""]),
  );
  return await fetch(
    new Request(`http://localhost${head.target}`, { method: "UNKNOWN", headers }),
  );
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

/** What was received after a request that was to be the connection's last. */
const AFTER_THE_LAST = "HPE_CLOSED_CONNECTION";

/** The last two requests of a connection; answers close in the order of their requests. */
type Answers = { readonly last: ServerResponse; readonly previous: ServerResponse | undefined };

/**
 * The last answer before that to what is at fault: the rest of the last request, or what follows
 * it.
 */
const answerBefore = ({ last, previous }: Answers): ServerResponse | undefined =>
  last.req.complete ? last : previous;

/** Calls `next` when all that was asked before what is at fault has its whole answer. */
const afterAnswers = (asked: Answers | undefined, next: () => void): void => {
  const before = asked && answerBefore(asked);
  if (before === undefined || before.closed) next();
  else before.once("close", next);
};

/** Follows the requests of a server from now on, and gives the last ones of a connection. */
const followRequests = (server: Server): (socket: Socket) => Answers | undefined => {
  const asked = new WeakMap<Socket, Answers>();
  const note = ({ socket }: IncomingMessage, last: ServerResponse): void => {
    const previous = asked.get(socket)?.last;
    asked.set(socket, { last, previous: previous?.closed === true ? undefined : previous });
  };
  server.on("request", note);
  // Node reports each request by one of the two.
  server.on("checkExpectation", note);
  return (socket) => asked.get(socket);
};

const answerFaults = (
  server: Server,
  answering: Answering,
  askedOn: (socket: Socket) => Answers | undefined,
): void => {
  /** Connections with a fault that is not answered yet. */
  const faulty = new WeakSet<Socket>();
  const answer = async (fault: Fault, socket: Socket): Promise<void> => {
    const asked = askedOn(socket);
    const before = asked && answerBefore(asked);
    const unfinished = asked?.last.req.complete === false ? asked.last.req : null;
    const lastWords = await writtenOf(await answerTo(fault, unfinished, answering));
    afterAnswers(asked, () => {
      const now = askedOn(socket);
      const last = now?.last;
      const hasCome = last !== asked?.last || (now && answerBefore(now)) !== before;
      // The late request arrived before its turn to be answered, and is answered like any other.
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
 * Answers what is not a request for Node: what its parser refuses, what is late, methods that it
 * does not know (405 with what the path allows) and `CONNECT` (405). Each connection is closed
 * after it. Earlier requests on the same connection are answered first, however long that takes,
 * and no request is answered twice.
 */
export const answerUnread = (server: Server, answering: Answering): void => {
  const askedOn = followRequests(server);
  answerFaults(server, answering, askedOn);
  server.on("connect", (request: IncomingMessage, stream) => {
    const socket = stream as Socket;
    // Node has let go of it, and would treat an error without a listener as one of the process.
    socket.on("error", () => socket.destroy());
    afterAnswers(askedOn(socket), () => {
      void writtenOf(refusalOf(CONNECT_REFUSED, seenIn(request), answering.answered))
        .then((lastWords) => hangUp(lastWords, socket));
    });
  });
};
