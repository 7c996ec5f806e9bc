import { type Milliseconds, SECOND_MS } from "../core/values/calendar.ts";
import { failed, ok, type Result } from "../core/values/result.ts";
import { MAX_DEPTH } from "../adapters/validation/bounds.ts";
import { isNested } from "../core/values/text.ts";
import { isHeldToLength } from "./cut-off.ts";
import type { Failure } from "./dialect.ts";
import { type FrameFailure, malformed, PAYLOAD_LATE } from "./errors.ts";
import { saying } from "./frame-sentences.ts";
import { withoutLostNumbers } from "./numbers.ts";
import { repeatedMember } from "./repeated.ts";

/** The longest body that is read (http/README.md). */
export const MAX_BODY_BYTES = 64 * 1024;

/**
 * How many values and members a body may hold: the longest list that a call takes has a thousand.
 */
export const MAX_VALUES = 5_000;

/** How long a body may take to arrive by default: bodies that are still arriving cost memory. */
export const BODY_MS: Milliseconds = 20 * SECOND_MS;

/** The longest `Content-Type` that is read. */
const MAX_TYPE = 200;

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** The body is longer than the limit. */
export const PAYLOAD_TOO_LARGE: FrameFailure = {
  status: 413,
  code: "PAYLOAD_TOO_LARGE",
  ...saying("BODY_TOO_LARGE", { bytes: MAX_BODY_BYTES }),
};

const tooLarge = failed(PAYLOAD_TOO_LARGE);

const wrongType = failed<FrameFailure>({
  status: 415,
  code: "UNSUPPORTED_MEDIA_TYPE",
  ...saying("UNSUPPORTED_MEDIA_TYPE"),
});

type Chunks = { readonly chunks: readonly Uint8Array[]; readonly length: number };

const joined = ({ chunks, length }: Chunks): Uint8Array => {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
};

const late = failed<Failure>(PAYLOAD_LATE);

type Reader = Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;

/** Reads a body that is as long as it declares; on Node a stream of it costs more than a read. */
const readerOfWhole = (request: Request): Reader => {
  let whole: Promise<ArrayBuffer> | null = null;
  return {
    read: async () =>
      whole === null
        ? { done: false, value: new Uint8Array(await (whole = request.arrayBuffer())) }
        : { done: true, value: undefined },
    cancel: async () => undefined,
  };
};

/**
 * Reads the bytes, but never more than the limit, whatever length the client declares, and never
 * for longer than the deadline: a client that is still sending, or has stopped, is not waited for.
 */
const readBytes = async (
  reader: Reader,
  limit_ms: Milliseconds,
): Promise<Result<Uint8Array, Failure>> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limit_ms);
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  const leave = (failure: typeof late): typeof late => {
    reader.cancel().catch(() => undefined);
    return failure;
  };
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), over]);
      if (read === null) return leave(late);
      if (read.done) return ok(joined({ chunks, length }));
      length += read.value.byteLength;
      if (length > MAX_BODY_BYTES) return leave(tooLarge);
      chunks.push(read.value);
    }
  } finally {
    clearTimeout(timer);
  }
};

/** What is wrong with the shape of a JSON value; null when nothing is. */
const misshapen = (json: unknown): FrameFailure | null => {
  let values = 1;
  let level: unknown[] = [json];
  for (let depth = 0;; depth++) {
    const nested = level.filter(isNested);
    if (nested.length === 0) return null;
    if (depth === MAX_DEPTH) return malformed("BODY_TOO_DEEP", { levels: MAX_DEPTH });
    level = [];
    for (const value of nested) for (const inner of Object.values(value)) level.push(inner);
    values += level.length;
    if (values > MAX_VALUES) return malformed("BODY_TOO_FULL", { values: MAX_VALUES });
  }
};

/** Decodes UTF-8; throws where the bytes are not UTF-8. */
const decoded = (bytes: Uint8Array): string =>
  // One byte order mark before the JSON is passed over (RFC 8259, 8.1); within its texts all stay.
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);

/**
 * JSON in UTF-8; 400 for anything else, and for JSON that is nested more than 64 levels deep or
 * holds more than 5,000 values. A number that cannot be kept as it was sent is `Infinity`.
 */
export const parseJson = (bytes: Uint8Array): Result<unknown, Failure> => {
  try {
    const text = decoded(bytes);
    let json: unknown = JSON.parse(text);
    const kept = withoutLostNumbers(text);
    if (kept !== text) json = JSON.parse(kept);
    const fault = misshapen(json);
    return fault === null ? ok(json) : failed(fault);
  } catch {
    return failed(malformed("BODY_NOT_JSON"));
  }
};

/**
 * Reads the body of a request as it was sent. Refuses with 415 what is compressed; with 413 more
 * than 64 KiB, whatever `Content-Length` says; with 408 a body that is not there to its end within
 * `limit_ms`; with 400 a body that ends early.
 */
export const readBody = async (
  request: Request,
  limit_ms: Milliseconds,
): Promise<Result<Uint8Array, Failure>> => {
  if ((request.headers.get("content-encoding") ?? "identity") !== "identity") return wrongType;
  const declared = request.headers.get("content-length");
  if (Number(declared) > MAX_BODY_BYTES) return tooLarge;
  const isWhole = declared !== null && isHeldToLength(request);
  try {
    const reader = isWhole ? readerOfWhole(request) : request.body?.getReader();
    if (reader === undefined) return ok(new Uint8Array());
    return await readBytes(reader, limit_ms);
  } catch {
    return failed(malformed("BODY_BROKEN"));
  }
};

const missing = failed<Failure>(malformed("BODY_MISSING"));

/** The body of one request, which is read once, when it is first asked for. */
export type Body = {
  /** See `readBody`. */
  readonly bytes: () => Promise<Result<Uint8Array, Failure>>;
  /**
   * The JSON; `empty` is the value of a request without a body. Refuses with 415 another content
   * type or encoding, or none at all; with 400 a body that is missing, is not JSON in UTF-8, or
   * does not have its shape (`parseJson`); and what `readBody` refuses.
   */
  readonly json: (empty?: Result<unknown, Failure>) => Promise<Result<unknown, Failure>>;
  /** The path of a member that the JSON has with two values; null where no member has. */
  readonly repeated: () => Promise<string | null>;
};

const isJsonType = (type: string): boolean => type.length <= MAX_TYPE && JSON_TYPE.test(type);

/** The body of this request, to be read within `limit_ms` of the first time it is asked for. */
export const bodyOf = (request: Request, limit_ms: Milliseconds): Body => {
  let read: Promise<Result<Uint8Array, Failure>> | null = null;
  const bytes = (): Promise<Result<Uint8Array, Failure>> => read ??= readBody(request, limit_ms);
  return {
    bytes,
    json: async (empty = missing) => {
      const type = request.headers.get("content-type");
      if (type !== null && !isJsonType(type)) return wrongType;
      const whole = await bytes();
      if (!whole.ok) return whole;
      if (whole.value.byteLength === 0) return empty;
      return type === null ? wrongType : parseJson(whole.value);
    },
    repeated: async () => {
      const whole = await bytes();
      return whole.ok && whole.value.byteLength > 0 ? repeatedMember(decoded(whole.value)) : null;
    },
  };
};
