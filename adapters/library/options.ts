/** What a ledger may be opened with, as programs that embed it write it. */
import * as v from "valibot";
import type { PlanCatalogue } from "../../core/organization/plans.ts";
import type { Carrier, Clock, EventLog, Ids, Notifier, Payments } from "../../core/ports.ts";
import { CARRIER_NAMES } from "../../core/number/events.ts";
import { IdSchema } from "../../core/values/identity.ts";
import { exactly, whole } from "../ledger/arguments.ts";
import type { LedgerOptions as AllOptions } from "../ledger/options.ts";

/** What has a default: the machine's clock, ids that sort by it, numbers paid by subscription. */
type Defaulted = "clock" | "ids" | "payments";

/** What a ledger is made of; closing it closes the log. */
export type LedgerOptions =
  & Omit<AllOptions, Defaulted>
  & Partial<Pick<AllOptions, Defaulted>>;

/** The names of all that a port can be asked to do: all, or it does not compile. */
type Calls<Port> = Readonly<
  Record<
    keyof {
      [Name in keyof Port as Port[Name] extends (...values: never) => unknown ? Name : never]: 1;
    },
    true
  >
>;

const has = (value: unknown, call: string): boolean =>
  typeof value === "object" && value !== null &&
  typeof (value as Readonly<Record<string, unknown>>)[call] === "function";

/** A schema for an adapter, which is anything that has the calls of its port. */
const adapter = <Port>(calls: Calls<Port>): v.GenericSchema<Port> => {
  const names = Object.keys(calls);
  return v.custom<Port>(
    (value) => names.every((name) => has(value, name)),
    `must be an adapter with ${names.join(", ")}`,
  );
};

const CarrierSchema = v.pipe(
  adapter<Carrier>({
    search: true,
    quote: true,
    order: true,
    findOrder: true,
    findNumber: true,
    inventory: true,
    has: true,
    connect: true,
    release: true,
  }),
  v.check(
    ({ name }) => CARRIER_NAMES.includes(name),
    `must be named ${CARRIER_NAMES.join(" or ")}`,
  ),
  v.check(({ settlingMs }) => settlingMs >= 0, "must have settlingMs, which may be 0"),
);

const LogSchema = adapter<EventLog>({
  load: true,
  append: true,
  events: true,
  heads: true,
  find: true,
  due: true,
  nextDue: true,
  replaceRows: true,
  rebuild: true,
  scan: true,
  watch: true,
  close: true,
});

const Plans: v.GenericSchema<PlanCatalogue> = v.record(
  v.string(),
  exactly({
    name: v.string(),
    maxNumbers: whole(0, Number.MAX_SAFE_INTEGER),
    billing: v.picklist(["trial", "subscription", "credits"]),
    verification: v.picklist(["none", "submitted", "approved"]),
  }),
);

const call = v.optional(v.function("must be a function"));

const HOUR_MS = 3_600_000;

const ENTRIES: Readonly<Record<keyof LedgerOptions, v.GenericSchema>> = {
  log: LogSchema,
  carrier: CarrierSchema,
  sandbox: v.optional(CarrierSchema),
  payments: v.optional(adapter<Payments>({ charge: true, refund: true })),
  notifier: v.optional(adapter<Notifier>({ announce: true })),
  clock: v.optional(adapter<Clock>({ now: true })),
  setClock: call,
  ids: v.optional(adapter<Ids>({ next: true })),
  plans: v.optional(Plans),
  orphans: v.optional(v.variant("kind", [
    exactly({ kind: v.picklist(["report", "release"]) }),
    exactly({ kind: v.literal("adopt"), into: IdSchema }),
  ])),
  reconcilesDaily: v.optional(v.boolean()),
  waitMs: v.optional(whole(0, HOUR_MS)),
  recoveryMs: v.optional(whole(1, HOUR_MS)),
  leaseMs: v.optional(whole(1, HOUR_MS)),
  worksByItself: v.optional(v.boolean()),
  report: call,
};

export const OptionsSchema = exactly(ENTRIES);
