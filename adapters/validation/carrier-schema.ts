/** What an adapter of a carrier must have. */
import * as v from "valibot";
import { CarrierNameSchema } from "../../core/events/number.ts";
import { type Carrier, FEATURES, PATTERNS } from "../../core/ports/carrier.ts";
import { oneOf } from "../../core/values/choice.ts";
import { adapter, CallableSchema, whole } from "./shapes.ts";

const CarrierCallsSchema: v.GenericSchema = adapter<Carrier>({
  search: true,
  quote: true,
  order: true,
  findOrder: true,
  findNumber: true,
  inventory: true,
  has: true,
  connect: true,
  release: true,
});

/** A schema for a carrier, built-in or custom. */
export const CarrierSchema = v.pipe(
  CarrierCallsSchema,
  v.looseObject({
    name: CarrierNameSchema,
    requirements: v.optional(CallableSchema),
    callsAtOnce: v.optional(whole(2, 10_000)),
    searchesBy: v.optional(v.looseObject({
      features: v.array(oneOf(FEATURES)),
      patterns: v.array(oneOf(PATTERNS)),
    })),
    cancel: v.optional(CallableSchema),
    suspend: v.optional(CallableSchema),
    resume: v.optional(CallableSchema),
    settlingMs: v.pipe(v.number(), v.finite("must be finite"), v.minValue(0, "must be at least 0")),
  }),
  // A number that was suspended and cannot be resumed would be lost.
  v.check(
    ({ suspend, resume }) => (suspend === undefined) === (resume === undefined),
    "must have both suspend and resume, or neither",
  ),
);
