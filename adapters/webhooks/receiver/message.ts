/** What a receiver was sent, read whatever it is. */
import { failed, ok, type Result } from "../../../core/values/result.ts";

/** Headers as Fetch has them, or an object of them as Node and frameworks have it. */
export type GivenHeaders =
  | { readonly get: (name: string) => string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** A message to a receiver: a request of Fetch, or its headers and its body as it was sent. */
export type GivenMessage = Request | {
  readonly headers: GivenHeaders;
  /** The bytes, or their text. JSON that was parsed is not what was signed. */
  readonly body: string | Uint8Array | ArrayBuffer;
};

/** Why a body cannot be read. */
export type BodyRefusal = {
  readonly code: "BODY_UNREADABLE" | "BODY_TOO_LARGE";
  readonly message: string;
};

/** The value of a header, by its name in lower case; null where it is not there once. */
export const headerOf = (headers: GivenHeaders, name: string): string | null => {
  if (typeof headers.get === "function") return headers.get(name);
  const found = Object.entries(headers).filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
  const [value] = found;
  return found.length === 1 && typeof value === "string" ? value : null;
};

const tooLarge = failed<BodyRefusal>({
  code: "BODY_TOO_LARGE",
  message: "the message's body is longer than any event",
});

const unreadable = (message: string) => failed<BodyRefusal>({ code: "BODY_UNREADABLE", message });

const joined = (chunks: readonly Uint8Array[], length: number): Uint8Array => {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
};

/** The bytes of a stream, of which no more is read than `maxBytes`. */
const bytesOfStream = async (
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Result<Uint8Array, BodyRefusal>> => {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return ok(joined(chunks, length));
    length += value.byteLength;
    if (length > maxBytes) {
      reader.cancel().catch(() => {});
      return tooLarge;
    }
    chunks.push(value);
  }
};

const bytesOf = (body: unknown): Uint8Array | null => {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  return body instanceof Uint8Array ? body : null;
};

const isStream = (body: unknown): body is ReadableStream<Uint8Array> =>
  typeof body === "object" && body !== null && "getReader" in body;

/** The bytes of a message's body, as they were sent; at most `maxBytes`. */
export const bodyOf = async (
  message: GivenMessage,
  maxBytes: number,
): Promise<Result<Uint8Array, BodyRefusal>> => {
  if ("bodyUsed" in message && message.bodyUsed) {
    return unreadable("the request's body was read before: verify it first, or give its raw body");
  }
  const body: unknown = message.body ?? "";
  if (typeof body === "string" && body.length > maxBytes) return tooLarge;
  if (isStream(body)) {
    try {
      return await bytesOfStream(body, maxBytes);
    } catch {
      return unreadable("the connection ended before the body was there");
    }
  }
  const bytes = bytesOf(body);
  if (bytes === null) return unreadable("the body must be as it was sent: text or bytes");
  return bytes.byteLength > maxBytes ? tooLarge : ok(bytes);
};
