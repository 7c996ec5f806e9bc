import * as v from "valibot";
import {
  type DefinitionsOf,
  type EventOf,
  firstVersion,
  secondVersion,
  TextOrNull,
} from "./definition.ts";
import { CARRIER_ERRORS, type CarrierError, type CarrierName } from "../ports/carrier.ts";
import { CarrierNameSchema } from "./number.ts";
import type { Instant } from "../values/calendar.ts";
import { type E164, E164Schema } from "../values/e164.ts";
import { CountSchema, WholeSchema } from "../values/whole.ts";
import { type Drift, DRIFT_KINDS, REMEDIES } from "./drift.ts";

/** A drift, with what was done about it. */
export type ReportedDrift = Drift & {
  /**
   * `reported`: nothing was to be done. `open`: begun, and ends automatically. `failed`, with why.
   * The run broke off before those that are `skipped`.
   */
  readonly outcome: "reported" | "done" | "open" | "failed" | "skipped";
  readonly why: string | null;
};

/** The data of what can happen to the reconciliation of a carrier's inventory with ours. */
export type ReconciliationEventData = {
  /** Which installation this log is: in the keys of its orders from now on. */
  InstallationNamed: { readonly installation: string };
  ReconciliationScheduled: { readonly carrier: CarrierName; readonly due: Instant };
  /**
   * The intent to release a number that no organization holds; recorded before the carrier call.
   */
  OrphanReleaseStarted: {
    readonly carrier: CarrierName;
    readonly e164: E164;
    readonly carrierId: string;
  };
  InventoryReconciled: {
    readonly reconciliation: string;
    readonly carrier: CarrierName;
    readonly startedAt: Instant;
    /** Numbers on each side, and how many are in each class that is not drift. */
    readonly seen: {
      readonly ours: number;
      readonly theirs: number;
      readonly agreed: number;
      readonly inFlight: number;
      readonly foreign: number;
    };
    /** How many drifts there are of each kind, also where `drifts` does not list them all. */
    readonly drifted: Readonly<Record<Drift["kind"], number>>;
    readonly drifts: readonly ReportedDrift[];
    /** Why the run broke off; null when it was completed. */
    readonly broken: CarrierError | null;
  };
};

const ReportedDriftSchema = v.object({
  kind: v.picklist(DRIFT_KINDS),
  e164: E164Schema,
  organization: TextOrNull,
  holding: TextOrNull,
  carrierId: TextOrNull,
  message: v.string(),
  remedy: v.picklist(REMEDIES),
  outcome: v.picklist(["reported", "done", "open", "failed", "skipped"]),
  why: TextOrNull,
});

/** Every event of reconciliation, with its newest schema. */
export const reconciliationEvents: DefinitionsOf<ReconciliationEventData> = {
  InstallationNamed: firstVersion(v.object({ installation: v.string() })),
  ReconciliationScheduled: firstVersion(v.object({ carrier: CarrierNameSchema, due: WholeSchema })),
  OrphanReleaseStarted: firstVersion(v.object({
    carrier: CarrierNameSchema,
    e164: E164Schema,
    carrierId: v.string(),
  })),
  // Version 1 had no routes; it is valid as version 2.
  InventoryReconciled: secondVersion(v.object({
    reconciliation: v.string(),
    carrier: CarrierNameSchema,
    startedAt: WholeSchema,
    seen: v.object({
      ours: CountSchema,
      theirs: CountSchema,
      agreed: CountSchema,
      inFlight: CountSchema,
      foreign: CountSchema,
    }),
    drifted: v.object(v.entriesFromList(DRIFT_KINDS, CountSchema)),
    drifts: v.array(ReportedDriftSchema),
    broken: v.nullable(v.object({
      kind: v.picklist(CARRIER_ERRORS),
      message: v.string(),
    })),
  })),
};

/** Anything that can happen to a reconciliation. */
export type ReconciliationEvent = EventOf<ReconciliationEventData>;
