import * as v from "valibot";

/** A telephone number in E.164 form: `+`, then 7 to 15 digits of which the first is not 0. */
export type E164 = `+${string}`;

const E164_FORM = /^\+[1-9]\d{6,14}$/;

/**
 * Whether `text` has the form of an E.164 number (ITU-T E.164: at most 15 digits; 7 is the shortest
 * that a national plan gives out). Whether a plan really has such a number is the carrier's to say.
 *
 * @example
 * ```ts
 * import { isE164 } from "ledgerline/core";
 *
 * console.log(isE164("+14155550101"), isE164("415 555 0101")); // true false
 * ```
 */
export const isE164 = (text: string): text is E164 => E164_FORM.test(text);

/** A valibot schema that accepts an E.164 number and nothing else. */
export const E164Schema: v.GenericSchema<E164> = v.custom<E164>(
  (input) => typeof input === "string" && isE164(input),
  "must be a phone number in E.164 form, such as +14155550101",
);

/** Ten digits, of which an area code's first is neither 0 nor 1: the plan has no other numbers. */
const NORTH_AMERICA = /^\+1[2-9]\d{9}$/;

/**
 * Whether a number has a length that its plan can have. North America's numbers all have one; for
 * other plans there is no table here.
 */
export const hasPossibleLength = (e164: E164): boolean =>
  !e164.startsWith("+1") || NORTH_AMERICA.test(e164);
