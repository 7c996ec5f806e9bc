/** A server's settings, as a program that starts one may write them. */
import * as v from "valibot";
import { kindOf, oneOf, only } from "../../../core/values/choice.ts";
import {
  CallableSchema,
  exactly,
  FilledSchema,
  MomentSchema,
  WebUrlSchema,
  whole,
} from "../../validation/shapes.ts";
import { AdminTokenSchema } from "../../../http/auth.ts";
import { ApiKeySchema } from "../../carrier/telnyx/options.ts";
import { PublicKeySchema } from "../../carrier/telnyx/webhook.ts";
import { WebhookSecretSchema } from "../../notifier/signature.ts";
import { DatabaseUrlSchema } from "../../log/postgres/options.ts";
import type { Settings } from "../server/settings.ts";
import { OrphansSchema, PATIENCE, PlansSchema } from "./options.ts";

const CarrierSchema = kindOf("name", [
  exactly({ name: only("sandbox") }),
  exactly({ name: only("telnyx"), apiKey: ApiKeySchema, baseUrl: WebUrlSchema }),
]);

const ENTRIES = {
  port: whole(0, 65_535),
  host: FilledSchema,
  databaseUrl: v.nullable(DatabaseUrlSchema),
  dataDir: FilledSchema,
  durability: oneOf(["synced", "relaxed"]),
  adminToken: v.nullable(AdminTokenSchema),
  adminPort: v.nullable(whole(0, 65_535)),
  adminHost: FilledSchema,
  maxConnections: whole(1, 1_000_000),
  carrier: CarrierSchema,
  telnyxPublicKey: v.nullable(PublicKeySchema),
  ...PATIENCE,
  testClock: v.nullable(MomentSchema),
  reviewersUrl: v.nullable(WebUrlSchema),
  rateLimits: oneOf(["on", "off"]),
  reviewersSecret: v.nullable(WebhookSecretSchema),
  headsFile: v.nullable(FilledSchema),
  orphans: OrphansSchema,
  plans: v.nullable(PlansSchema),
} satisfies Readonly<Record<keyof Settings, v.GenericSchema>>;

/** Called, if given, when the database was lost. */
export const OnLostSchema = v.optional(CallableSchema);

export const SettingsSchema = v.pipe(
  exactly(ENTRIES),
  v.forward(
    v.check(
      ({ carrier, testClock }) => carrier.name === "sandbox" || testClock === null,
      "must be null where the carrier is telnyx",
    ),
    ["testClock"],
  ),
);
