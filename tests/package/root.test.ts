/** What the root entry point gives an application; the domain itself is in `ledgerline/core`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as root from "../../adapters/package/mod.ts";
import * as core from "../../core/mod.ts";

/** What is run of the root: a name is added here when an application needs it. */
const FOR_APPLICATIONS = [
  "AUTOMATIONS",
  "Busy",
  "Closed",
  "DEFAULT_PLANS",
  "ForkedLog",
  "InvalidArgument",
  "NO_LIMITS",
  "OPERATOR",
  "Unavailable",
  "failed",
  "formatMoney",
  "includedPayments",
  "isE164",
  "isoTime",
  "money",
  "ok",
  "openLedger",
  "openTestClock",
  "openTrustedClock",
  "openWebhookNotifier",
  "parseMoney",
  "rebuildAll",
  "rebuildOrganization",
  "systemClock",
];

test("the root entry point exports what an application needs, and nothing else", () => {
  assert.deepEqual(Object.keys(root).toSorted(), FOR_APPLICATIONS);
});

test("the root's members of the domain are those of ledgerline/core", () => {
  const both = Object.entries(core).filter(([name]) => name in root);
  assert.ok(both.length > 0);
  for (const [name, member] of both) {
    assert.equal(Object.entries(root).find(([other]) => other === name)?.[1], member, name);
  }
});
