/** JSON numbers that would not be kept as they were sent. */

/** A number's digits without zeros at their ends, and the power of ten of the last of them. */
const decimalOf = (literal: string): readonly [digits: string, exponent: number] => {
  const [mantissa = "", power = "0"] = literal.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const all = `${whole}${fraction}`;
  let [first, end] = [0, all.length];
  while (first < end && all[first] === "0") first += 1;
  while (end > first && all[end - 1] === "0") end -= 1;
  if (first === end) return ["", 0];
  return [all.slice(first, end), Number(power) - fraction.length + all.length - end];
};

/** Below it a double loses digits (IEEE 754, subnormal numbers). */
const SMALLEST_NORMAL = 2.2250738585072014e-308;

const isSame = (literal: string, value: number): boolean => {
  const [[digits, exponent], [kept, keptExponent]] = [
    decimalOf(literal),
    decimalOf(String(Math.abs(value))),
  ];
  return digits === kept && exponent === keptExponent;
};

/**
 * Whether a JSON number without its sign becomes another one when it is read: an integer beyond
 * 2^53 that is not a double, or one so small that it becomes 0 or loses digits. A fraction is taken
 * for the double that is nearest; what is too large for any becomes `Infinity`, which no schema
 * accepts.
 */
const isLost = (literal: string): boolean => {
  const value = Number(literal);
  if (!Number.isFinite(value)) return false;
  const isFine = value <= Number.MAX_SAFE_INTEGER && value >= SMALLEST_NORMAL;
  if (isFine || isSame(literal, value)) return false;
  // Numbers with a fraction are rounded anyway.
  return value < SMALLEST_NORMAL || decimalOf(literal)[1] >= 0;
};

const QUOTE = '"';
const ESCAPE = "\\";

const isDigit = (character: string | undefined): boolean =>
  character !== undefined && character >= "0" && character <= "9";

const isOfNumber = (character: string | undefined): boolean =>
  isDigit(character) || character === "." || character === "e" || character === "E" ||
  character === "+" || character === "-";

const endOfString = (json: string, start: number): number => {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === ESCAPE ? 2 : 1;
  return at + 1;
};

/** No long numbers and no exponents: true of nearly every body. */
const isPlain = (json: string): boolean => !/\d{16}|\d[eE]/.test(json);

/**
 * The same valid JSON with each number that would not be kept as it is replaced by one that no call
 * takes (`1e999`), so that its field is refused, and a member that no call reads is not.
 */
export const withoutLostNumbers = (json: string): string => {
  if (isPlain(json)) return json;
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < json.length;) {
    if (json[at] === QUOTE) {
      at = endOfString(json, at);
      continue;
    }
    if (!isDigit(json[at])) {
      at += 1;
      continue;
    }
    let end = at + 1;
    while (isOfNumber(json[end])) end += 1;
    if (isLost(json.slice(at, end))) {
      parts.push(json.slice(copied, at), "1e999");
      copied = end;
    }
    at = end;
  }
  return parts.length === 0 ? json : parts.join("") + json.slice(copied);
};
