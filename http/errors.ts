import type { BaseIssue } from "valibot";
import { getDotPath } from "valibot";
import type { Dialect, Failure } from "./dialect.ts";
import { type FrameSentence, type Saying, saying, type SentenceValues } from "./frame-sentences.ts";

/** The codes of failures that belong to no dialect; every dialect must have a shape for them. */
export type FrameCode =
  | "VALIDATION_ERROR"
  | "UNAUTHORIZED"
  | "TOKEN_READ_ONLY"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "REQUEST_TIMEOUT"
  | "PAYLOAD_TOO_LARGE"
  | "EXPECTATION_FAILED"
  | "HEADERS_TOO_LARGE"
  | "URI_TOO_LONG"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "IDEMPOTENCY_KEY_IN_USE"
  | "RATE_LIMITED"
  | "INTERNAL_ERROR"
  | "SERVICE_UNAVAILABLE";

/** A failure that arises before or around a dialect's route. */
export type FrameFailure = Failure & { readonly code: FrameCode; readonly says: Saying };

/** A refusal's message in terms of the wire, where a command's id is the `Idempotency-Key`. */
export const messageOf = (
  { code, message }: { readonly code: string; readonly message: string },
): string =>
  code === "COMMAND_ID_REUSED"
    ? "The Idempotency-Key was used before, for another request; use a new key."
    : message;

/** No bearer token, or one that is not valid. */
export const UNAUTHORIZED: FrameFailure = {
  status: 401,
  code: "UNAUTHORIZED",
  ...saying("UNAUTHORIZED"),
  headers: { "www-authenticate": 'Bearer realm="ledgerline"' },
};

/** The token only reads, and the route changes something. */
export const TOKEN_READ_ONLY: FrameFailure = {
  status: 403,
  code: "TOKEN_READ_ONLY",
  ...saying("TOKEN_READ_ONLY"),
};

/** The route does not exist; also for a path that cannot name a record. */
export const NOT_FOUND: FrameFailure = {
  status: 404,
  code: "NOT_FOUND",
  ...saying("NOT_FOUND"),
};

/** The body did not arrive in time; the rest of it is not waited for. */
export const PAYLOAD_LATE: FrameFailure = {
  status: 408,
  code: "REQUEST_TIMEOUT",
  ...saying("BODY_LATE"),
  headers: { connection: "close" },
};

/** The longest URL (path and query together) that is accepted. */
export const MAX_URL = 8 * 1024;

/** Path and query are longer than those of any route. */
export const URI_TOO_LONG: FrameFailure = {
  status: 414,
  code: "URI_TOO_LONG",
  ...saying("URI_TOO_LONG", { characters: MAX_URL }),
};

/** A bug; its details go to the log and never into an answer. */
export const INTERNAL_ERROR: FrameFailure = {
  status: 500,
  code: "INTERNAL_ERROR",
  ...saying("INTERNAL_ERROR"),
};

/** Too many concurrent writes to one organization: nothing was done. */
export const SERVICE_UNAVAILABLE: FrameFailure = {
  status: 503,
  code: "SERVICE_UNAVAILABLE",
  ...saying("SERVICE_BUSY"),
  headers: { "retry-after": "1" },
};

/**
 * The database cannot be reached, or its disk is full; whether the request took effect is not
 * known.
 */
export const LOG_UNAVAILABLE: FrameFailure = {
  ...SERVICE_UNAVAILABLE,
  ...saying("STORAGE_UNAVAILABLE"),
};

/** A setting is missing or does not parse; which one goes to the log and never into an answer. */
export const NOT_SET_UP: FrameFailure = {
  ...SERVICE_UNAVAILABLE,
  ...saying("NOT_SET_UP"),
};

/** No key is set to verify the carrier's webhooks with (adapters/runtimes/README.md). */
export const WEBHOOK_UNAVAILABLE: Failure = {
  status: 503,
  code: "WEBHOOK_UNAVAILABLE",
  message:
    "The key that the carrier's webhooks are signed with is not configured (TELNYX_PUBLIC_KEY).",
};

/** A request that failed before a dialect's schema saw it: its body is not JSON, for example. */
export const malformed = (name: FrameSentence, values?: SentenceValues): FrameFailure => ({
  status: 400,
  code: "VALIDATION_ERROR",
  ...saying(name, values),
});

/** The path exists, but not with this method; `allowed` are its methods (RFC 9110, 15.5.6). */
export const methodNotAllowed = (allowed: readonly string[]): FrameFailure => ({
  status: 405,
  code: "METHOD_NOT_ALLOWED",
  ...saying("METHOD_NOT_ALLOWED", { methods: allowed.join(", ") }),
  headers: { allow: allowed.join(", ") },
});

/** The first request under the key is not answered yet. */
export const KEY_UNDERWAY: FrameFailure = {
  status: 409,
  code: "IDEMPOTENCY_KEY_IN_USE",
  ...saying("KEY_UNDERWAY"),
  headers: { "retry-after": "1" },
};

const KEY_REUSED: Failure = {
  status: 422,
  code: "IDEMPOTENCY_KEY_REUSED",
  ...saying("KEY_REUSED"),
};

/** The key is another request's; our own dialects have the ledger's code for that. */
export const keyReused = (dialect: Dialect["name"]): Failure =>
  dialect === "admin" || dialect === "ledger"
    ? { ...KEY_REUSED, code: "COMMAND_ID_REUSED" }
    : KEY_REUSED;

/** What is wrong with a parameter given with several values: it is ambiguous. */
export const REPEATED = "must not be given several times with different values";

/** This server is not a proxy: it tunnels to no other one. */
export const CONNECT_REFUSED: FrameFailure = methodNotAllowed(
  ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
);

/** A fragment is for the client alone, and is not sent (RFC 9112, 3.2). */
export const FRAGMENT_SENT: FrameFailure = malformed("FRAGMENT_SENT");

/**
 * The messages of a schema's issues by dot path; those about the input as a whole are under
 * `whole`.
 */
export const fieldsOf = (
  issues: readonly BaseIssue<unknown>[],
  whole: string,
): Readonly<Record<string, readonly string[]>> => {
  const fields = new Map<string, string[]>();
  for (const issue of issues) {
    const path = getDotPath(issue) ?? whole;
    const messages = fields.get(path) ?? [];
    if (!messages.includes(issue.message)) messages.push(issue.message);
    fields.set(path, messages);
  }
  return Object.fromEntries(fields);
};

/**
 * The type of a code's problems, a reference to where it is described (`problems.ts`), and their
 * title, which is the code as words: `/docs/problems#number-unknown` and `Number unknown`.
 */
export const problemOf = (code: string): { readonly type: string; readonly title: string } => {
  const words = code.toLowerCase();
  return {
    type: `/docs/problems#${words.replaceAll("_", "-")}`,
    title: `${code.slice(0, 1)}${words.slice(1).replaceAll("_", " ")}`,
  };
};

/**
 * A failure as RFC 9457 has it, with the type of its `code` and, after a validation, `errors` per
 * field: the shape of our own dialects and of paths that belong to none.
 */
export const encodeProblem = (
  { status, code, message, fields, extra }: Failure,
): { readonly body: unknown; readonly contentType: string } => ({
  body: {
    ...problemOf(code),
    status,
    detail: message,
    code,
    ...(fields === undefined ? {} : { errors: fields }),
    ...extra,
  },
  contentType: "application/problem+json",
});

/**
 * Input that does not fit a schema, in our own dialects: the sentence names each field with its
 * fault.
 */
export const invalidProblem = (
  fields: Readonly<Record<string, readonly string[]>>,
): Failure => ({
  status: 400,
  code: "VALIDATION_ERROR",
  message: `The request is invalid: ${
    Object.entries(fields).map(([path, [fault]]) => `${path} ${fault}`).join("; ")
  }.`,
  fields,
});
