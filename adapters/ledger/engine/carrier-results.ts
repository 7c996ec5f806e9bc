/** What a carrier, built-in or custom, may answer: anything else is a bug of its adapter. */
import * as v from "valibot";
import {
  CANCELLATIONS,
  CARRIER_ERRORS,
  NUMBER_TYPES,
  ORDER_FAILURES,
  ORDER_WAITS,
} from "../../../core/ports/carrier.ts";
import { CarrierOfferSchema } from "../../../core/events/number.ts";
import type { Carrier, CarrierError } from "../../../core/ports/mod.ts";
import { E164Schema } from "../../../core/values/e164.ts";
import { MAX_PRICE } from "../../../core/values/money.ts";
import { kindOf, oneOf, only } from "../../../core/values/choice.ts";
import { check } from "../../validation/issue.ts";
import { IdSchema, TextSchema } from "../../validation/values.ts";

/** The name of a call to a carrier. */
export type CarrierCall = keyof Omit<
  Carrier,
  "name" | "settlingMs" | "callsAtOnce" | "searchesBy"
>;

/** What a call to a carrier answers. */
export type CarrierAnswer<Call extends CarrierCall> = NonNullable<Carrier[Call]> extends
  (...given: never) => Promise<infer Answer> ? Answer : never;

/** What a call to a carrier gives where it succeeds. */
export type CarrierValue<Call extends CarrierCall> = ValueOf<CarrierAnswer<Call>>;

type ValueOf<Answer> = Answer extends { readonly ok: true; readonly value: infer Value } ? Value
  : never;

const Text = v.nullable(TextSchema);

const OrderSchema = kindOf("status", [
  v.object({
    status: only("pending"),
    waitsFor: v.optional(oneOf(ORDER_WAITS)),
  }),
  v.object({ status: only("confirmed"), carrierId: IdSchema }),
  v.object({
    status: only("failed"),
    reason: oneOf(ORDER_FAILURES),
    message: TextSchema,
  }),
]);

/** A price below nothing would give the buyer credits. */
const OfferSchema = v.pipe(
  CarrierOfferSchema,
  v.check(
    (offer) =>
      [offer.setup, offer.monthly].every(({ micros }) => micros >= 0 && micros <= MAX_PRICE),
    "must ask 0 to 100,000,000 dollars",
  ),
);

/** The most requirements that a carrier's answer may have. */
const MAX_REQUIREMENTS = 1_000;

const RequirementsSchema = v.pipe(
  v.array(v.object({ id: IdSchema, name: TextSchema, description: Text })),
  v.maxLength(MAX_REQUIREMENTS, `must be at most ${MAX_REQUIREMENTS} requirements`),
);

const NumberSchema = v.object({
  e164: E164Schema,
  carrierId: IdSchema,
  status: oneOf(["pending", "active", "other"]),
  orderKey: Text,
  connectionId: Text,
  messagingProfileId: v.optional(Text),
  attached: v.optional(v.boolean()),
  country: v.optional(v.string()),
  type: v.optional(oneOf(NUMBER_TYPES)),
});

const ErrorSchema: v.GenericSchema<CarrierError> = v.object({
  kind: oneOf(CARRIER_ERRORS),
  message: TextSchema,
});

const resultOf = <Value>(value: v.GenericSchema<Value>) =>
  v.variant(
    "ok",
    [
      v.object({ ok: only(true), value }),
      v.object({ ok: only(false), error: ErrorSchema }),
    ],
    "must be { ok: true, value } or { ok: false, error }",
  );

const ANSWERS: { readonly [Call in CarrierCall]: v.GenericSchema<CarrierAnswer<Call>> } = {
  search: resultOf(v.array(OfferSchema)),
  quote: resultOf(v.nullable(OfferSchema)),
  requirements: resultOf(RequirementsSchema),
  order: resultOf(OrderSchema),
  findOrder: resultOf(v.nullable(OrderSchema)),
  cancel: resultOf(oneOf(CANCELLATIONS)),
  findNumber: resultOf(v.nullable(NumberSchema)),
  inventory: resultOf(v.object({ numbers: v.array(NumberSchema), next: Text })),
  has: resultOf(v.boolean()),
  connect: resultOf(oneOf(["connected", "gone"])),
  suspend: resultOf(oneOf(["suspended", "gone"])),
  resume: resultOf(oneOf(["resumed", "gone"])),
  release: resultOf(oneOf(["released", "gone"])),
};

/** Whether this is the name of a call to a carrier. */
export const isCarrierCall = (name: PropertyKey): name is CarrierCall =>
  Object.hasOwn(ANSWERS, name);

/** How many characters of a value that does not fit are reported. */
const SHOWN = 100;

/**
 * The answer to a call as its port defines it, without extra fields. Throws a TypeError that says
 * which call answered what instead.
 */
export const readAnswer = <Call extends CarrierCall>(
  call: Call,
  answer: unknown,
): CarrierAnswer<Call> => {
  const read = check(ANSWERS[call], answer, { first: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  const below = v.getDotPath(issue);
  const what = below === null ? `${call}()` : `${call}().${below}`;
  throw new TypeError(`${what} ${issue.message}, not ${issue.received.slice(0, SHOWN)}`);
};
