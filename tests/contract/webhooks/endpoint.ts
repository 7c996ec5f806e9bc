/** Endpoints that are real servers, and behave as asked to the byte. */
import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type {
  EndpointBehaviour,
  ReceivedMessage,
} from "../../harness/contract/webhook-endpoints.ts";
import { CERTIFICATE, KEY } from "./certificate.ts";

/** How often a byte comes from an endpoint that drips. */
const DRIP_MS = 20;

/** What an endpoint leaves unsent before it writes more. */
const MAX_WAITING = 64 * 1_024;

/** A server at one address. */
export type Endpoint = {
  readonly port: number;
  readonly received: readonly ReceivedMessage[];
  /** How many connections were made to it. */
  readonly connections: () => number;
  /** How many of them are open. */
  readonly open: () => number;
  /** Closes all connections, as a server does with those that have waited for long. */
  readonly dropIdle: () => void;
  readonly close: () => Promise<void>;
};

const answer = (status: number, body = "", headers: readonly string[] = []): string =>
  [
    `HTTP/1.1 ${status} Any`,
    ...headers,
    `Content-Length: ${new TextEncoder().encode(body).byteLength}`,
    "",
    body,
  ].join("\r\n");

const START = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

const CONFUSING = [0x41, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff, 0x0a, 0xe2, 0x80, 0xae, 0x42];

/** Writes again and again until the connection is closed. */
const repeat = (socket: Socket, text: string, everyMs: number): void => {
  const timer = setInterval(() => {
    if (socket.writableLength < MAX_WAITING) socket.write(text);
  }, everyMs);
  for (const event of ["close", "end", "error"]) socket.once(event, () => clearInterval(timer));
};

type Behaves = (socket: Socket) => void;

const answers = (...given: Parameters<typeof answer>): Behaves => (socket) =>
  void socket.write(answer(...given));

const BEHAVES: Readonly<Record<EndpointBehaviour, Behaves>> = {
  accepts: answers(200, "taken"),
  refuses: answers(500, "no"),
  hasGone: answers(410),
  asksForLess: answers(429, "", ["Retry-After: 7"]),
  asksForDays: answers(503, "", ["Retry-After: 9999999"]),
  redirects: answers(302, "", ["Location: /hook?token=secret"]),
  confuses: (socket) => {
    socket.write(`${START}Content-Length: ${CONFUSING.length}\r\n\r\n`);
    socket.write(Uint8Array.from(CONFUSING));
  },
  neverEnds: (socket) => {
    socket.write(`${START}\r\n`);
    repeat(socket, "x".repeat(4_096), 1);
  },
  drips: (socket) => {
    socket.write(`${START}\r\n`);
    repeat(socket, "x", DRIP_MS);
  },
  breaksOff: (socket) => {
    socket.write(`${START}Content-Length: 5\r\n\r\ntak`, () => socket.end());
  },
  isSilent: () => {},
  dripsHeaders: (socket) => {
    socket.write(START);
    repeat(socket, "x", DRIP_MS);
  },
  losesAnswer: (socket) => socket.destroy(),
  hasHugeHeaders: (socket) => {
    socket.write(`${START}${`X-Padding: ${"x".repeat(1_000)}\r\n`.repeat(1_000)}\r\n`);
  },
  speaksNonsense: (socket) => {
    socket.write("220 mail.example ESMTP ready\r\n\r\n");
  },
  isUnreachable: () => {},
  isUntrusted: answers(200, "taken"),
};

/** The messages in what came on a connection, each as soon as it is whole. */
const reader = (onMessage: (message: ReceivedMessage) => void) => {
  let text = "";
  const decoder = new TextDecoder("latin1");
  return (chunk: Uint8Array): void => {
    text += decoder.decode(chunk);
    for (;;) {
      const end = text.indexOf("\r\n\r\n");
      if (end === -1) return;
      const [first = "", ...lines] = text.slice(0, end).split("\r\n");
      const headers = Object.fromEntries(lines.map((line) => {
        const at = line.indexOf(":");
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
      }));
      const isChunked = headers["transfer-encoding"] === "chunked";
      const start = end + 4;
      const bodyEnd = isChunked
        ? text.indexOf("0\r\n\r\n", start) + 5
        : start + Number(headers["content-length"] ?? 0);
      if (bodyEnd < start || text.length < bodyEnd) return;
      const sent = text.slice(start, bodyEnd);
      const bytes = isChunked ? sent.replaceAll(/[0-9a-f]+\r\n(.*?)\r\n/gs, "$1") : sent;
      const body = new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
      const [method = "", path = ""] = first.split(" ");
      text = text.slice(bodyEnd);
      onMessage({ method, path, headers, body });
    }
  };
};

/** Listens at an address of this machine, with TLS by the tests' certificate or without. */
export const openEndpoint = async (
  behaviour: EndpointBehaviour | "greets",
  { isSecure, host = "127.0.0.1", port = 0 }: {
    readonly isSecure: boolean;
    readonly host?: string;
    readonly port?: number;
  },
): Promise<Endpoint> => {
  const received: ReceivedMessage[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const serve = (socket: Socket): void => {
    socket.on("error", () => {});
    // As servers of mail do, which speak first.
    if (behaviour === "greets") socket.write("220 mail.example ESMTP ready\r\n");
    const onMessage = (message: ReceivedMessage): void => {
      received.push(message);
      if (behaviour !== "greets") BEHAVES[behaviour](socket);
    };
    socket.on("data", reader(onMessage));
  };
  const server: Server = isSecure
    ? createTlsServer({ key: KEY, cert: CERTIFICATE }, serve)
    : createServer(serve);
  server.on("tlsClientError", () => {});
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const dropIdle = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const [open, made] = [() => sockets.size, () => connections];
  return { port: address.port, received, connections: made, open, dropIdle, close };
};
