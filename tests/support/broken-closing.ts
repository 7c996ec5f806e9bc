/** A closing that was broken off after its first step. */
import type { EventLog } from "../../core/ports/mod.ts";
import type { Instant } from "../../core/values/calendar.ts";
import { CLOSED_PLAN } from "../../core/values/plan.ts";
import { writeMoments } from "./written-log.ts";

/** Moves an organization to the plan of closed ones, and does nothing more. */
export const beginClosing = (log: EventLog, organization: string, at: Instant): Promise<void> =>
  writeMoments(log, organization, [
    { at, events: [{ type: "PlanChanged", data: { plan: CLOSED_PLAN } }] },
  ]);
