/** Numbers as people write and paste them. */

/**
 * Invisible characters: format characters such as direction marks, and white space of every width.
 */
const UNSEEN = /[\p{Cf}\p{Z}\s]/gu;
/**
 * Characters around and between digits: dashes, the minus sign, brackets, quotation marks, dots,
 * slashes, bullets, lines, and pictures of telephones.
 */
const PUNCTUATION =
  /[\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{So}\ufe0f"'\u2212.,/\\<>_|~\u00b7\u2022\u2027\u2219\u30fb]/gu;
const SCHEME = /^(?:tel|sms|callto):/i;

/** What people have before a number: a scheme, or a word for a telephone, with a colon or a dot. */
const LABEL = /^[\p{L}\p{M} .-]{1,30}[:.]/u;
/** What begins after one: parameters, a host, or pauses in dialling. */
const AFTER = /[;?@]|,,/u;
/** An extension, at the end. */
const EXTENSION = /(?:^|[^\p{L}])(?:ext|extn|extension|x|#|durchwahl|ramal)[ .:]*\d{1,7} *$/iu;

/** Zeros of the scripts whose digits people type; compatibility forms are folded before. */
const ZEROS = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66]
  .concat([0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810]);

const digitOf = (character: string): string => {
  const at = character.codePointAt(0) ?? 0;
  const zero = ZEROS.find((start) => at >= start && at < start + 10);
  return zero === undefined ? character : String(at - zero);
};

/**
 * The digits of a number, or of a part of one, however it is written, after a `+` where it begins
 * with one; null for a text that holds anything else, such as letters. Invisible characters,
 * spaces, dashes, brackets and `tel:` count for nothing, and digits of other scripts count for
 * ours.
 */
export const writtenNumber = (text: string): string | null => {
  const plain = text.normalize("NFKC").replaceAll(UNSEEN, "").replace(SCHEME, "");
  const digits = plain.replaceAll(PUNCTUATION, "").replaceAll(/\p{Nd}/gu, digitOf);
  return /^\+?\d*$/.test(digits) ? digits : null;
};

/** The same without the `+`. */
export const writtenDigits = (text: string): string | null =>
  writtenNumber(text)?.replace("+", "") ?? null;

/**
 * The part of a text that is the number itself: without a word such as `Tel.:` or a scheme before
 * it, and without the parameters of a URI or an extension after it, which lead on from the line.
 */
export const numberWithin = (text: string): string => {
  const [first = ""] = text.normalize("NFKC").replaceAll(/\p{Cf}/gu, "").replaceAll(/\s/gu, " ")
    .trim().split(AFTER, 1);
  return first.replace(EXTENSION, "").replace(LABEL, "");
};

/** What calls abroad begin with: in most of the world, and in North America. */
const PREFIXES = ["00", "011"];

/** What follows a prefix for calls abroad, for each that these digits begin with. */
export const afterPrefix = (digits: string): readonly string[] =>
  PREFIXES.filter((prefix) => digits.startsWith(prefix))
    .map((prefix) => digits.slice(prefix.length))
    .filter((rest) => rest !== "");
