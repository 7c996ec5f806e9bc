/** One request to one address, by Node's calls, which Deno has too. */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { KEPT_BYTES, READ_BYTES, REST_MS } from "../answer.ts";
import type { Deadline } from "../deadline.ts";

/** The longest headers of an answer. */
const MAX_HEADER_BYTES = 16 * 1_024;

/** Interim answers (103 and the like) before the answer itself. */
const MAX_INTERIM = 16;

/** What is posted, and how. */
export type Post = {
  readonly isSecure: boolean;
  readonly options: RequestOptions & Pick<https.RequestOptions, "servername" | "ca">;
  readonly body: string;
  /** How long a connection may take to come about. */
  readonly connectMs: Milliseconds;
  readonly deadline: Deadline;
};

/** What came of it. */
export type Posted =
  | {
    readonly kind: "answered";
    readonly status: number;
    readonly retryAfter: string | undefined;
    /** The first bytes of the answer, in parts. */
    readonly start: readonly Uint8Array[];
  }
  | {
    readonly kind: "failed";
    /** How far it had come: nothing is sent before `sent`. */
    readonly stage: "connecting" | "securing" | "sent";
    /** It was ended since it took too long. */
    readonly isLate: boolean;
    /** The connection had been kept, and was closed before any answer. */
    readonly isStale: boolean;
    /** What came is not an answer of HTTP. */
    readonly isMalformed: boolean;
  };

/** What a request is ended with here, beside the codes of Node's parser. */
const OVERFLOW = "HPE_HEADER_OVERFLOW";
const LATE = "LATE";

const ended = (code: string): Error => Object.assign(new Error(code), { code });

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

/** What is said of a connection that the other side closed. */
const BROKEN: readonly string[] = ["ECONNRESET", "EPIPE", "ECONNABORTED"];

/**
 * The first bytes of an answer. It is read to its end, so that the connection can be kept, but for
 * one that is long or slow: that is cut off, with its connection.
 */
const startOf = (answer: IncomingMessage, deadline: Deadline): Promise<readonly Uint8Array[]> =>
  new Promise((resolve) => {
    const kept: Uint8Array[] = [];
    let read = 0;
    const end = (isWhole: boolean): void => {
      clearTimeout(timer);
      forget();
      if (!isWhole) answer.destroy();
      resolve(kept);
    };
    const timer = setTimeout(() => end(false), REST_MS);
    const forget = deadline.whenOver(() => end(false));
    answer.on("data", (chunk: Uint8Array) => {
      if (read < KEPT_BYTES) kept.push(chunk);
      read += chunk.byteLength;
      if (read > READ_BYTES) end(false);
    });
    answer.on("end", () => end(true));
    for (const event of ["error", "aborted", "close"]) answer.on(event, () => end(false));
  });

type Stage = Extract<Posted, { readonly kind: "failed" }>["stage"];

/** Follows how far the request has come; calls `onReady` once it can be sent. */
const followStage = (
  request: ClientRequest,
  isSecure: boolean,
  onReady: () => void,
): () => Stage => {
  let stage: Stage = "connecting";
  const advance = (to: Stage): void => {
    stage = to;
    if (to === "sent") onReady();
  };
  request.on("socket", (socket: Socket) => {
    if (request.reusedSocket) return advance("sent");
    // A tunnel is connected already.
    if (!socket.connecting) advance(isSecure ? "securing" : "sent");
    socket.once("connect", () => advance(isSecure ? "securing" : "sent"));
    socket.once("secureConnect", () => advance("sent"));
  });
  return () => stage;
};

/** Posts to an address; never rejects. Whatever it leads to has ended when this gives something. */
export const post = (
  { isSecure, options, body, connectMs, deadline }: Post,
): Promise<Posted> =>
  new Promise((resolve) => {
    const request = (isSecure ? https : http).request({
      ...options,
      method: "POST",
      maxHeaderSize: MAX_HEADER_BYTES,
      setHost: false,
    });
    let interim = 0;
    let isAnswered = false;
    const end = (): void => void request.destroy(ended(LATE));
    const patience = setTimeout(end, connectMs);
    const forget = deadline.whenOver(end);
    const stageOf = followStage(request, isSecure, () => clearTimeout(patience));
    const finish = (posted: Posted): void => {
      clearTimeout(patience);
      forget();
      resolve(posted);
    };
    const fail = (error: unknown): void => {
      if (isAnswered) return;
      finish({
        kind: "failed",
        stage: stageOf(),
        isLate: codeOf(error) === LATE,
        isStale: request.reusedSocket && BROKEN.includes(codeOf(error)),
        isMalformed: codeOf(error).startsWith("HPE_"),
      });
    };
    request.on("information", () => {
      interim += 1;
      if (interim > MAX_INTERIM) request.destroy(ended(OVERFLOW));
    });
    request.on("error", fail);
    request.on("close", () => fail(ended("closed")));
    request.on("response", async (answer) => {
      isAnswered = true;
      const { statusCode: status = 0, headers } = answer;
      const start = await startOf(answer, deadline);
      finish({ kind: "answered", status, retryAfter: headers["retry-after"], start });
    });
    request.end(body);
  });
