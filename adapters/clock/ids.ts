import type { Clock, Ids } from "../../core/ports/mod.ts";

// Crockford's base 32 in lower case: no i, l, o, u, and digits sort before letters as in ASCII.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;

const encodeTime = (at: number): string => {
  let text = "";
  for (let rest = at, place = 0; place < TIME_LENGTH; place++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
};

/** Adds one to a number written in base-32 digits; false when it overflows. */
const increment = (digits: Uint8Array): boolean => {
  for (let place = digits.length - 1; place >= 0; place--) {
    const digit = digits[place] ?? 0;
    if (digit < 31) {
      digits[place] = digit + 1;
      return true;
    }
    digits[place] = 0;
  }
  return false;
};

const draw = (digits: Uint8Array<ArrayBuffer>): void => {
  crypto.getRandomValues(digits);
  for (const [place, byte] of digits.entries()) digits[place] = byte % 32;
};

/**
 * Ids such as `pn_01jd…`: the prefix, then 26 characters as a ULID has them (github.com/ulid/spec):
 * 48 bits of `clock` in milliseconds and 80 random bits. Within one maker every id sorts after the
 * ones before it (prefix aside), also while the clock stops or runs back: the random part is then
 * incremented.
 */
export const openIds = (clock: Clock): Ids => {
  const digits = new Uint8Array(RANDOM_LENGTH);
  let last = -1;
  return {
    next: (prefix) => {
      const now = clock.now();
      if (now > last) {
        last = now;
        draw(digits);
      } else if (!increment(digits)) {
        last += 1;
        draw(digits);
      }
      const random = Array.from(digits, (digit) => ALPHABET.charAt(digit)).join("");
      return `${prefix}_${encodeTime(last)}${random}`;
    },
  };
};
