import { failed, ok, type Result } from "../core/values/result.ts";
import type { Failure } from "./dialect.ts";
import { malformed } from "./errors.ts";

/** The longest body that is read (the contract). */
export const MAX_BODY_BYTES = 64 * 1024;

/** The deepest nesting that is read: beyond it, writers of JSON that recurse run out of stack. */
export const MAX_DEPTH = 64;

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

const tooLarge = failed<Failure>({
  status: 413,
  code: "PAYLOAD_TOO_LARGE",
  message: `The body is larger than ${MAX_BODY_BYTES} bytes.`,
});

const wrongType = failed<Failure>({
  status: 415,
  code: "UNSUPPORTED_MEDIA_TYPE",
  message: "The body must be sent as application/json, uncompressed.",
});

/** Reads the bytes, but never more than the limit: what a client says of their length may be wrong. */
const readBytes = async (request: Request): Promise<Result<Uint8Array, Failure>> => {
  const reader = request.body?.getReader();
  if (reader === undefined) return ok(new Uint8Array());
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > MAX_BODY_BYTES) {
      // Whoever still sends is not waited for.
      reader.cancel().catch(() => undefined);
      return tooLarge;
    }
    chunks.push(value);
  }
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return ok(first);
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return ok(bytes);
};

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;

const isShallow = (json: unknown): boolean => {
  let level = [json].filter(isNested);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === MAX_DEPTH) return false;
    level = level.flatMap((value) => Object.values(value)).filter(isNested);
  }
  return true;
};

/** JSON in UTF-8; 400 for anything else, and for JSON that is nested more than 64 levels deep. */
export const parseJson = (bytes: Uint8Array): Result<unknown, Failure> => {
  try {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isShallow(json)) return ok(json);
    return failed(malformed(`The body is nested more than ${MAX_DEPTH} levels deep.`));
  } catch {
    return failed(malformed("The body is not JSON."));
  }
};

/**
 * Reads the body of a request as it was sent. Refuses with 415 what is compressed; with 413 more
 * than 64 KiB, whatever `Content-Length` says; with 400 a body that broke off.
 */
export const readBody = async (request: Request): Promise<Result<Uint8Array, Failure>> => {
  if ((request.headers.get("content-encoding") ?? "identity") !== "identity") return wrongType;
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return tooLarge;
  try {
    return await readBytes(request);
  } catch {
    return failed(malformed("The body could not be read to its end."));
  }
};

const missing = failed<Failure>(malformed("The body is missing."));

/**
 * Reads the JSON body of a request; `empty` is what one without a body comes to. Refuses with 415
 * another content type or encoding, or none at all; with 413 more than 64 KiB, whatever
 * `Content-Length` says; with 400 a body that is missing, broke off, is not JSON in UTF-8, or is
 * nested more than 64 levels deep.
 */
export const readJson = async (
  request: Request,
  empty: Result<unknown, Failure> = missing,
): Promise<Result<unknown, Failure>> => {
  const type = request.headers.get("content-type");
  if (type !== null && !JSON_TYPE.test(type)) return wrongType;
  const bytes = await readBody(request);
  if (!bytes.ok) return bytes;
  if (bytes.value.byteLength === 0) return empty;
  return type === null ? wrongType : parseJson(bytes.value);
};
