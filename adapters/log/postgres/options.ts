import * as v from "valibot";
import { CallableSchema, exactly, WaitSchema, whole } from "../../validation/shapes.ts";
import { DatabaseUrlSchema } from "./database-url.ts";
import type { PostgresOptions } from "./drivers.ts";

/** As many as PostgreSQL itself can be set to take. */
const MAX_CONNECTIONS = 262_143;

const ENTRIES: Readonly<Record<keyof PostgresOptions, v.GenericSchema>> = {
  url: DatabaseUrlSchema,
  connections: v.optional(whole(1, MAX_CONNECTIONS)),
  isMigrated: v.optional(v.boolean()),
  mustExist: v.optional(v.boolean()),
  answerMs: v.optional(WaitSchema),
  onUnavailable: v.optional(CallableSchema),
  onAvailable: v.optional(CallableSchema),
  onOtherRows: v.optional(CallableSchema),
  onBatch: v.optional(CallableSchema),
};

export const OptionsSchema = exactly(ENTRIES);
