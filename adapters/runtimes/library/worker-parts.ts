/** What a worker may be given that its settings cannot say. */
import * as v from "valibot";
import type { Notifier, Payments } from "../../../core/ports/mod.ts";
import { adapter, exactly } from "../../validation/shapes.ts";
import { PlansSchema } from "../server/plan-schema.ts";

/** Schemas of the parts that a server and a program that embeds a ledger may be given too. */
export const WORKER_PARTS = {
  payments: v.optional(adapter<Payments>({ charge: true, refund: true })),
  notifier: v.optional(adapter<Notifier>({ announce: true })),
  plans: v.optional(PlansSchema),
};

export const WorkerOptionsSchema = exactly(WORKER_PARTS);
