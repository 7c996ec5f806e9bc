/**
 * Whether a text may enter the log: it has neither NUL nor half a surrogate pair, which readers
 * interpret differently (RFC 8259, 8.2).
 */
export const isFit = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

/**
 * Whether the text has at most this many characters (code points). Reads no more than necessary.
 */
export const hasAtMost = (text: string, characters: number): boolean => {
  if (text.length <= characters) return true;
  return text.length <= 2 * characters && Array.from(text).length <= characters;
};

/**
 * Invisible characters: characters without a glyph (zero width, byte order marks, directions, other
 * formats, fillers), and characters that Unicode has not assigned or leaves to private use (UTS
 * #39, section 3.1).
 */
const UNSEEN = /[\p{C}\p{DI}\u2800]/gu;

/** The characters of a text that a reader sees, those of space between them included. */
export const seenOf = (text: string): string => text.replace(UNSEEN, "").trim();

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/** The bytes of a text as UTF-8; halves of a pair take two each. Core has no TextEncoder. */
const utf8Bytes = (text: string): number => {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) bytes += 1;
    if (unit > 0x7ff && !isSurrogate(unit)) bytes += 1;
  }
  return bytes;
};

/** Whether a JSON value takes at most this many bytes where it is stored, as UTF-8. */
export const fitsInto = (json: unknown, bytes: number): boolean =>
  utf8Bytes(JSON.stringify(json)) <= bytes;

/** The JSON text of a value; that of null for `undefined`. */
export const jsonText = (value: unknown): string => JSON.stringify(value) ?? "null";

/** Whether a JSON value has others within it. */
export const isNested = (value: unknown): value is object =>
  typeof value === "object" && value !== null;

/** Whether a JSON value is an object, and not a list. */
export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isNested(value) && !Array.isArray(value);

/** What is wrong with a text that not every reader reads the same. */
export const UNFIT = "must not hold NUL or half a surrogate pair";

/**
 * The dot path of the first text, value or key, that is unfit; null when all are fit. `value` is a
 * JSON value that is nested no deeper than a caller's stack.
 */
export const unfitText = (value: unknown, path: readonly string[] = []): string | null => {
  if (typeof value === "string") return isFit(value) ? null : path.join(".");
  if (!isNested(value)) return null;
  for (const [key, inner] of Object.entries(value)) {
    if (!isFit(key)) return path.join(".");
    const found = unfitText(inner, [...path, key]);
    if (found !== null) return found;
  }
  return null;
};
