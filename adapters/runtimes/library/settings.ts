/** A server's settings, as a program that starts one may write them. */
import * as v from "valibot";
import { CallableSchema, exactly } from "../../validation/shapes.ts";
import type { Settings } from "../server/settings.ts";
import { CarrierSettingsSchema, OrphansSchema, RULES, SETTINGS } from "../server/settings-table.ts";
import { PlansSchema } from "../server/plan-schema.ts";

const SIMPLE = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, { value }]) => [name, value]),
) as Readonly<Record<keyof typeof SETTINGS, v.GenericSchema>>;

const ENTRIES = {
  ...SIMPLE,
  carrier: CarrierSettingsSchema,
  orphans: OrphansSchema,
  plans: v.nullable(PlansSchema),
} satisfies Readonly<Record<keyof Settings, v.GenericSchema>>;

/** Called, if given, when the database was lost. */
export const OnLostSchema = v.optional(CallableSchema);

export const SettingsSchema = v.pipe(
  exactly(ENTRIES) as v.GenericSchema<unknown, Settings>,
  ...RULES.map(({ setting, isBroken, says }) =>
    v.forward(
      v.check<Settings, string>((settings) => !isBroken(settings), says((name) => name)),
      [setting],
    )
  ),
);
