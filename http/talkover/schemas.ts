/** What Talkover's clients may send (contract, Talkover). Messages are names of faults. */
import * as v from "valibot";
import { CHARACTERS, hasAtMost } from "../../core/values/bounds.ts";
import { seenOf } from "../../core/values/text.ts";
import type { Fault } from "./messages.ts";

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
  direction: v.optional(v.picklist(["inbound", "outbound", "both"], fault("selected"))),
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
 * Whether a text has 10 to 500 characters, an emoji counting as one. Space at its ends and what
 * nobody sees do not make it longer.
 */
const isReason = (text: string): boolean => {
  if (!hasAtMost(text, CHARACTERS.reason)) return false;
  return Array.from(seenOf(text)).length >= REASON_MIN;
};

/** The body of a release request. */
export const ReleaseRequestSchema = v.object({
  reason: v.pipe(
    v.string(fault("string")),
    v.check(isReason, fault("reason")),
  ),
}, fault("required"));
