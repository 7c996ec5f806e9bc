/** What a ledger may be opened with, as programs that embed it write it. */
import * as v from "valibot";
import type { EventLog, Ids, Notifier, Payments } from "../../../core/ports/mod.ts";
import { HOUR_MS } from "../../../core/values/calendar.ts";
import { CarrierSchema } from "../../validation/carrier-schema.ts";
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

const LogSchema = adapter<EventLog>({
  load: true,
  append: true,
  events: true,
  eventsAbout: true,
  eventsBeginning: true,
  heads: true,
  find: true,
  rowsOf: true,
  claims: true,
  list: true,
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

/** What a server may be given that its settings cannot say. */
export const SERVER_PARTS = { payments, notifier, plans, carrier: v.optional(CarrierSchema) };

/** What a worker may be given, whose settings say the rest. */
export const WorkerOptionsSchema = exactly({ payments, notifier, plans });
