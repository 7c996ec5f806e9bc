/** What Talkover's clients may send (http/README.md, Talkover). Messages are names of faults. */
import * as v from "valibot";
import { DIRECTIONS } from "../../core/events/number.ts";
import { CHARACTERS, hasAtMost, MAX_IDS } from "../../adapters/validation/bounds.ts";
import { isNumberCountry } from "../../core/values/country.ts";
import { isId } from "../../core/values/identity.ts";
import { seenOf } from "../../core/values/text.ts";
import { readNumber } from "../imported-number.ts";
import { objectOf } from "../object.ts";
import type { Fault } from "./faults.ts";

const REASON_MIN = 10;
const PER_PAGE_MAX = 100;

const fault = (name: Fault): Fault => name;

const BooleanSchema = v.pipe(
  v.picklist(["true", "false"], fault("boolean")),
  v.transform((text) => text === "true"),
);

const IntegerSchema = v.pipe(
  v.string(fault("integer")),
  v.regex(/^(?:0|-?[1-9]\d*)$/, fault("integer")),
  v.transform(Number),
  v.safeInteger(fault("integer")),
);

const DirectionSchema = v.picklist(DIRECTIONS, fault("selected"));

const page = {
  page: v.optional(v.pipe(IntegerSchema, v.minValue(1, fault("positive")))),
  per_page: v.optional(
    v.pipe(
      IntegerSchema,
      v.minValue(1, fault("perPage")),
      v.maxValue(PER_PAGE_MAX, fault("perPage")),
    ),
  ),
};

/** The query of a list without filters: the page, if one is asked for. */
export const PageQuerySchema = v.object(page, fault("required"));

/** The query of the list: filters, and the page if one is asked for. */
export const ListQuerySchema = v.object({
  type: v.optional(v.picklist(["voice", "sms", "whatsapp", "mms", "fax"], fault("selected"))),
  direction: v.optional(DirectionSchema),
  has_voice: v.optional(BooleanSchema),
  has_whatsapp: v.optional(BooleanSchema),
  search: v.optional(
    v.pipe(
      v.string(fault("string")),
      v.check((text) => hasAtMost(text, CHARACTERS.search), fault("search")),
    ),
  ),
  ...page,
}, fault("required"));

export type ListQuery = v.InferOutput<typeof ListQuerySchema>;

/**
 * Whether a text has 10 to 500 characters, an emoji counting as one. Space at its ends and
 * invisible characters do not count.
 */
const isReason = (text: string): boolean => {
  if (!hasAtMost(text, CHARACTERS.reason)) return false;
  return Array.from(seenOf(text)).length >= REASON_MIN;
};

/** The body of a release request. */
export const ReleaseRequestSchema = objectOf({
  reason: v.pipe(
    v.string(fault("string")),
    v.check(isReason, fault("reason")),
  ),
}, fault("required"));

/**
 * The body that sets an agent's calling: without ids its numbers stay, an empty list removes all.
 */
export const CallingSchema = objectOf({
  direction: DirectionSchema,
  phone_number_ids: v.exactOptional(v.pipe(
    v.array(v.pipe(v.string(fault("string")), v.check(isId, fault("invalid"))), fault("list")),
    v.maxLength(MAX_IDS, fault("ids")),
  )),
}, fault("required"));

/**
 * The body of a new DID: a country, and a number as it is written there or with its calling code.
 */
export const DidSchema = v.pipe(
  objectOf({
    country_code: v.pipe(
      v.string(fault("string")),
      v.regex(/^[a-z]{2}$/i, fault("selected")),
      v.toUpperCase(),
      v.check(isNumberCountry, fault("selected")),
    ),
    number: v.string(fault("string")),
  }, fault("required")),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const { country_code: country, number } = value;
    const e164 = readNumber(country, number);
    if (e164 !== null) return { e164 };
    addIssue({
      message: fault("phoneNumber"),
      path: [{ type: "object", origin: "value", input: value, key: "number", value: number }],
    });
    return NEVER;
  }),
);
