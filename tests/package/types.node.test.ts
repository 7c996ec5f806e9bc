/** The types of the package: its callers, and authors of adapters, can name what they receive. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../tidy/command.ts";
import { denoJson } from "./entry-points.ts";

/** What public types are made of and need not be named beside them; commands are `Command`s. */
const INSIDE = new Set([
  "ApplicationOptions",
  "CAMPAIGN_STATUSES",
  "Common",
  "Defaulted",
  "DefinitionsOf",
  "ENDPOINTS",
  "Effectful",
  "EventOf",
  "Following",
  "HANDLERS",
  "Handler",
  "DIRECTIONS",
  "LedgerOptions",
  "NumberEventData",
  "NumberEventType",
  "Optional",
  "OrganizationEventData",
  "OrganizationType",
  "FailureReason",
  "RELEASE_REASONS",
  "Receiver",
  "ReconciliationEventData",
  "RoutingWish",
  "SentWebhook",
  "VerificationEventData",
  "VerificationType",
  "WebhookFault",
]);

/** Types of others, which they export. */
const OTHERS = new Set(["AsyncCommand", "Effect", "Service", "Stream", "fc"]);

const REFERENCE = /public type '([^']+)' references private type '([^']+)'/g;

test("an entry point exports every type that its own types name", async () => {
  const entryPoints = Object.values(denoJson().exports);
  const { output } = await run("deno", ["doc", "--lint", "--no-lock", ...entryPoints], {
    echo: false,
    limit_ms: 300_000,
  });
  const found = [...output.matchAll(REFERENCE)].map(([, from = "", to = ""]) => ({ from, to }));
  const commands = new Set(found.filter(({ from }) => from === "Command").map(({ to }) => to));
  assert.ok(commands.has("RequestPurchase"), output);
  const missing = found.filter(({ to }) => !commands.has(to) && !INSIDE.has(to) && !OTHERS.has(to));
  assert.deepEqual(missing, []);
});
