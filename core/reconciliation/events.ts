import * as v from "valibot";
import { type EventOf, firstVersion } from "../log/definition.ts";
import { CarrierNameSchema } from "../number/events.ts";
import { E164Schema } from "../values/e164.ts";
import { DRIFT_KINDS, REMEDIES } from "./drift.ts";

const Whole = v.pipe(v.number(), v.safeInteger());
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Nullable = v.nullable(v.string());

const ReportedDriftSchema = v.object({
  kind: v.picklist(DRIFT_KINDS),
  e164: E164Schema,
  organization: Nullable,
  holding: Nullable,
  carrierId: Nullable,
  message: v.string(),
  remedy: v.picklist(REMEDIES),
  /**
   * `reported`: nothing was to be done. `open`: begun, and ends by itself. `failed`, with why. The
   * run broke off before those that are `skipped`.
   */
  outcome: v.picklist(["reported", "done", "open", "failed", "skipped"]),
  why: Nullable,
});

/** What can happen to the reconciliation of a carrier's inventory with ours. */
export const reconciliationEvents = {
  ReconciliationScheduled: firstVersion(v.object({ carrier: CarrierNameSchema, due: Whole })),
  /** The intent to give back a number that nobody holds; written before the carrier is asked. */
  OrphanReleaseStarted: firstVersion(v.object({
    carrier: CarrierNameSchema,
    e164: E164Schema,
    carrierId: v.string(),
  })),
  InventoryReconciled: firstVersion(v.object({
    reconciliation: v.string(),
    carrier: CarrierNameSchema,
    startedAt: Whole,
    /** Numbers on each side, and how many are in each class that is no drift. */
    seen: v.object({
      ours: Count,
      theirs: Count,
      agreed: Count,
      inFlight: Count,
      foreign: Count,
    }),
    /** How many drifts there are of each kind, also where `drifts` does not list them all. */
    drifted: v.object(v.entriesFromList(DRIFT_KINDS, Count)),
    drifts: v.array(ReportedDriftSchema),
    /** Why the run broke off; null when it came to its end. */
    broken: v.nullable(v.object({
      kind: v.picklist(["unreachable", "unknown", "refused"]),
      message: v.string(),
    })),
  })),
};

export type ReconciliationEvent = EventOf<typeof reconciliationEvents>;
/** A drift, with what was done about it. */
export type ReportedDrift = v.InferOutput<typeof ReportedDriftSchema>;
