/** A server's settings, as a program that starts one may write them. */
import * as v from "valibot";
import { kindOf, only } from "../../../core/values/choice.ts";
import { ApiKeySchema } from "../../carrier/telnyx/options.ts";
import { InvalidArgument } from "../../validation/argument.ts";
import { CallableSchema, exactly, WebUrlSchema } from "../../validation/shapes.ts";
import type { ServerParts } from "../server/server-options.ts";
import type { CarrierSettings, Settings } from "../server/settings.ts";
import { OrphansSchema, SERVER_PARTS } from "./options.ts";
import { allRules, SETTINGS } from "../server/settings-table.ts";
import { PlansSchema } from "../server/plan-schema.ts";

/** A schema for the carrier, as a program writes it. */
const CarrierSettingsSchema: v.GenericSchema<CarrierSettings> = kindOf("name", [
  exactly({ name: only("sandbox") }),
  exactly({ name: only("telnyx"), apiKey: ApiKeySchema, baseUrl: WebUrlSchema }),
]);

const SIMPLE = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, { value }]) => [name, value]),
) as Readonly<Record<keyof typeof SETTINGS, v.GenericSchema>>;

const ENTRIES = {
  ...SIMPLE,
  carrier: CarrierSettingsSchema,
  orphans: OrphansSchema,
  plans: v.nullable(PlansSchema),
} satisfies Readonly<Record<keyof Settings, v.GenericSchema>>;

export const SettingsSchema = v.pipe(
  exactly(ENTRIES) as v.GenericSchema<unknown, Settings>,
  ...allRules().map(({ setting, isBroken, says }) =>
    v.forward(
      v.check<Settings, string>((settings) => !isBroken(settings), says((name) => name)),
      [setting],
    )
  ),
);

/** A schema for what a program may be given that its settings cannot say. */
export const ServerPartsSchema = exactly(SERVER_PARTS);

const OptionsSchema = exactly({ ...SERVER_PARTS, onLost: v.optional(CallableSchema) });

/** A schema for what a server may be given; what is called for a loss may stand alone. */
export const ServerOptionsSchema = v.optional(
  v.lazy((given) => typeof given === "function" ? CallableSchema : OptionsSchema),
);

/**
 * Refuses a carrier that is not the sandbox beside a test clock, as where the settings name it:
 * with an `InvalidArgument`.
 */
export const assertCarrier = ({ testClock }: Settings, { carrier }: ServerParts): void => {
  if (testClock === null || carrier === undefined || carrier.name === "sandbox") return;
  const path = "options.carrier";
  const message = `${path} must not be set together with settings.testClock`;
  throw new InvalidArgument({ code: "INVALID_ARGUMENT", path, message });
};
