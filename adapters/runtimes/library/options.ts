/** What a ledger may be opened with, as programs that embed it write it. */
import * as v from "valibot";
import { FEATURES, PATTERNS } from "../../../core/ports/carrier.ts";
import type { Carrier, EventLog, Ids, Notifier, Payments } from "../../../core/ports/mod.ts";
import { CarrierNameSchema } from "../../../core/events/number-schemas.ts";
import { HOUR_MS } from "../../../core/values/calendar.ts";
import { oneOf } from "../../../core/values/choice.ts";
import type { Optional } from "../../validation/optional.ts";
import { adapter, CallableSchema, ClockSchema, exactly, whole } from "../../validation/shapes.ts";
import { PlansSchema } from "../server/plan-schema.ts";
import { OrphansSchema, SETTINGS } from "../server/settings-table.ts";
import type { LedgerOptions as AllOptions } from "../../ledger/api/options.ts";

/**
 * The options with a default: the machine's clock, ids that sort by it, numbers paid by
 * subscription.
 */
type Defaulted = "clock" | "ids" | "payments";

/** The parts of a ledger; closing it closes the log. */
export type LedgerOptions =
  & Omit<AllOptions, Defaulted>
  & Optional<Pick<AllOptions, Defaulted>>;

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

const LogSchema = adapter<EventLog>({
  load: true,
  append: true,
  events: true,
  heads: true,
  find: true,
  rowsOf: true,
  due: true,
  nextDue: true,
  replaceRows: true,
  rebuild: true,
  scan: true,
  watch: true,
  close: true,
});

const ENTRIES: Readonly<Record<keyof LedgerOptions, v.GenericSchema>> = {
  log: LogSchema,
  carrier: CarrierSchema,
  sandbox: v.optional(CarrierSchema),
  payments: v.optional(adapter<Payments>({ charge: true, refund: true })),
  notifier: v.optional(adapter<Notifier>({ announce: true })),
  clock: v.optional(ClockSchema),
  setClock: v.optional(CallableSchema),
  ids: v.optional(adapter<Ids>({ next: true })),
  plans: v.optional(PlansSchema),
  orphans: v.optional(OrphansSchema),
  reconcilesDaily: v.optional(v.boolean()),
  searchCacheMs: v.optional(whole(0, HOUR_MS)),
  waitMs: v.optional(SETTINGS.waitMs.value),
  recoveryMs: v.optional(SETTINGS.recoveryMs.value),
  leaseMs: v.optional(SETTINGS.leaseMs.value),
  runsAutomations: v.optional(v.boolean()),
  report: v.optional(CallableSchema),
};

export const OptionsSchema = exactly(ENTRIES);

const { payments, notifier, plans } = ENTRIES;

/** What a worker may be given, whose settings say the rest. */
export const WorkerOptionsSchema = exactly({ payments, notifier, plans });
