/** The sentences of the frame around the routes, in English; a dialect may translate them. */

/** The sentences by name; `:name` is a placeholder. */
export const FRAME_SENTENCES = {
  UNAUTHORIZED: "Unauthorized",
  NOT_FOUND: "Not found",
  METHOD_NOT_ALLOWED: "The method is not allowed here; use :methods.",
  BODY_LATE: "The body did not arrive in time.",
  REQUEST_LATE: "The request did not arrive in time.",
  HEADERS_TOO_LARGE:
    "The request has more than :bytes bytes or :lines header lines before its body.",
  EXPECTATION_FAILED: "Expect may be 100-continue, and nothing else.",
  URI_TOO_LONG: "The URL is longer than :characters characters.",
  FRAGMENT_SENT: "The request's target has a fragment (#), which must not be sent.",
  TARGET_AMBIGUOUS:
    "The path must be written out, without . or .. segments, and begin with a slash.",
  HOST_INVALID: "The request has no valid Host.",
  HOST_REPEATED: "The request has more than one Host.",
  METHOD_UNREADABLE: "The request does not begin with a method that is known.",
  TARGET_UNREADABLE: "The request's target is not a path.",
  VERSION_INVALID: "The first line of the request does not end in HTTP/1.1 and CR LF.",
  HEADER_INVALID: "A header line is not valid.",
  LINE_INVALID: "A line does not end in CR LF.",
  LENGTH_INVALID: "Content-Length is not the length of a body.",
  LENGTH_AMBIGUOUS: "Content-Length is given twice, or beside Transfer-Encoding.",
  ENCODING_INVALID: "Transfer-Encoding does not end in chunked, or is given beside Content-Length.",
  CHUNK_SIZE_INVALID: "A chunk of the body has no size that can be read.",
  CHUNK_INVALID: "A chunk of the body is not of its size.",
  REQUEST_BROKEN: "The request broke off.",
  REQUEST_UNREADABLE: "The request cannot be read as HTTP/1.1.",
  KEY_REPEATED: "The request has more than one Idempotency-Key.",
  KEY_INVALID: "Idempotency-Key must be 1 to 200 printable ASCII characters.",
  KEY_REUSED: "The Idempotency-Key was used before, for another request; use a new key.",
  KEY_UNDERWAY:
    "The first request with this Idempotency-Key is under way; try again, with the same key.",
  UNSUPPORTED_MEDIA_TYPE: "The body must be sent as application/json, uncompressed.",
  BODY_MISSING: "The body is missing.",
  BODY_BROKEN: "The body could not be read to its end.",
  BODY_NOT_JSON: "The body is not JSON.",
  BODY_TOO_LARGE: "The body is larger than :bytes bytes.",
  BODY_TOO_DEEP: "The body is nested more than :levels levels deep.",
  BODY_TOO_FULL: "The body holds more than :values values.",
  RATE_LIMITED: "Too many requests: try again in :seconds seconds.",
  RATE_LIMITED_BRIEFLY: "Too many requests: try again in 1 second.",
  INTERNAL_ERROR: "Internal server error.",
  SERVICE_BUSY: "The service is busy; try again.",
  STORAGE_UNAVAILABLE:
    "The storage cannot be reached or written now; try again, with the same Idempotency-Key " +
    "if any.",
  NOT_SET_UP: "The service is not set up; nothing was done.",
} as const;

/** The name of a sentence of the frame. */
export type FrameSentence = keyof typeof FRAME_SENTENCES;

/** The values of a sentence's placeholders. */
export type SentenceValues = Readonly<Record<string, string | number>>;

/** A sentence of the frame and its values, for a dialect that translates it. */
export type Saying = { readonly name: FrameSentence; readonly values: SentenceValues };

/** A sentence with its values in place of the placeholders. */
export const filledIn = (sentence: string, values: SentenceValues): string =>
  sentence.replace(
    /:([a-z]+)/g,
    (name, key: string) => Object.hasOwn(values, key) ? String(values[key]) : name,
  );

/** The members of a failure with this sentence. */
export const saying = (
  name: FrameSentence,
  values: SentenceValues = {},
): { readonly message: string; readonly says: Saying } => ({
  message: filledIn(FRAME_SENTENCES[name], values),
  says: { name, values },
});
