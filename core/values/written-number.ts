/** Numbers as people write and paste them. */

/** What shows nothing: format characters such as direction marks, and white space of every width. */
const UNSEEN = /[\p{Cf}\p{Z}\s]/gu;
/** What stands between digits: dashes, the minus sign, brackets, dots, slashes and bullets. */
const PUNCTUATION = /[\p{Pd}\p{Ps}\p{Pe}\u2212.,/\\\u00b7\u2022\u2027\u2219\u30fb]/gu;
const SCHEME = /^(?:tel|sms|callto):/i;

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
 * with one; null for a text that holds anything else, such as letters. Invisible characters, spaces,
 * dashes, brackets and `tel:` count for nothing, and digits of other scripts count for ours.
 */
export const writtenNumber = (text: string): string | null => {
  const plain = text.normalize("NFKC").replaceAll(UNSEEN, "").replace(SCHEME, "");
  const digits = plain.replaceAll(PUNCTUATION, "").replaceAll(/\p{Nd}/gu, digitOf);
  return /^\+?\d*$/.test(digits) ? digits : null;
};

/** The same without the `+`. */
export const writtenDigits = (text: string): string | null =>
  writtenNumber(text)?.replace("+", "") ?? null;

/** What calls abroad begin with: in most of the world, and in North America. */
const PREFIXES = ["00", "011"];

/** What follows a prefix for calls abroad, for each that these digits begin with. */
export const afterPrefix = (digits: string): readonly string[] =>
  PREFIXES.filter((prefix) => digits.startsWith(prefix))
    .map((prefix) => digits.slice(prefix.length))
    .filter((rest) => rest !== "");
