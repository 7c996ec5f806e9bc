/** What a ledger may be opened with, as programs that embed it write it. */
import * as v from "valibot";
import type { EventLog, Ids, WebhookSender } from "../../../core/ports/mod.ts";
import type { OrphanPolicy } from "../../../core/events/drift.ts";
import { kindOf, oneOf, only } from "../../../core/values/choice.ts";
import { HOUR_MS } from "../../../core/values/calendar.ts";
import { KEY_BYTES } from "../../signatures/ed25519.ts";
import { secretBytes } from "../../signatures/secret.ts";
import { CarrierSchema } from "../../validation/carrier-schema.ts";
import type { Optional } from "../../validation/optional.ts";
import { adapter, CallableSchema, ClockSchema, exactly, whole } from "../../validation/shapes.ts";
import { AdopterSchema, SETTINGS } from "../server/settings-table.ts";
import { WORKER_PARTS } from "./worker-parts.ts";
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

/** A schema for the key that secrets follow from: 32 bytes or more in base64. */
const RootKeySchema = v.pipe(
  v.string(),
  v.check(
    (text) => secretBytes(`_${text}`).byteLength >= KEY_BYTES,
    `must be ${KEY_BYTES} bytes or more in base64`,
  ),
);

/** A schema for what becomes of numbers that nobody holds, as a program writes it. */
export const OrphansSchema: v.GenericSchema<OrphanPolicy> = kindOf("kind", [
  exactly({ kind: oneOf(["report", "release"]) }),
  exactly({ kind: only("adopt"), into: AdopterSchema }),
]);

const ENTRIES: Readonly<Record<keyof LedgerOptions, v.GenericSchema>> = {
  log: LogSchema,
  carrier: CarrierSchema,
  sandbox: v.optional(CarrierSchema),
  ...WORKER_PARTS,
  clock: v.optional(ClockSchema),
  setClock: v.optional(CallableSchema),
  ids: v.optional(adapter<Ids>({ next: true })),
  webhooks: v.optional(exactly({
    sender: v.optional(adapter<WebhookSender>({ send: true })),
    key: v.optional(RootKeySchema),
    urlFault: v.optional(CallableSchema),
  })),
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

/** What a server may be given that its settings cannot say. */
export const SERVER_PARTS = { ...WORKER_PARTS, carrier: v.optional(CarrierSchema) };
