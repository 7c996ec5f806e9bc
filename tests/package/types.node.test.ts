/** The types of the package: its callers, and authors of adapters, can name what they receive. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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
  "Handlers",
  "DIRECTIONS",
  "DISABLED_WHYS",
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
  "SIGNATURE_SCHEMES",
  "SentWebhook",
  "VerificationEventData",
  "VerificationType",
  "WebhookEventData",
  "WebhookFault",
]);

/** Types of others, which they export. */
const OTHERS = new Set(["AsyncCommand", "Effect", "Service", "Stream", "fc"]);

/** A line of the table from which `Command` is made: a command's type has the name of its key. */
const HANDLER = /^ {2}([A-Z]\w+): [a-z]\w+,$/gm;

const REFERENCE = /public type '([^']+)' references private type '([^']+)'/g;

test("an entry point exports every type that its own types name", async () => {
  const entryPoints = Object.values(denoJson().exports);
  const { output } = await run("deno", ["doc", "--lint", "--no-lock", ...entryPoints], {
    echo: false,
    limit_ms: 300_000,
  });
  const found = [...output.matchAll(REFERENCE)].map(([, from = "", to = ""]) => ({ from, to }));
  const table = readFileSync("core/registry/commands.ts", "utf8");
  const commands = new Set([...table.matchAll(HANDLER)].map(([, name = ""]) => name));
  assert.ok(commands.has("RequestPurchase"), table);
  assert.ok(found.some(({ from }) => from === "Command"), output);
  const missing = found.filter(({ to }) => !commands.has(to) && !INSIDE.has(to) && !OTHERS.has(to));
  assert.deepEqual(missing, []);
});
