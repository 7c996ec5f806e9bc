/** What is not there: an organization that was never opened, and numbers that nobody has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "../../core/registry/commands.ts";
import { money } from "../../core/values/money.ts";
import { self } from "../../core/organization/refusals.ts";
import { at, given, stateAfter } from "../harness/specification.ts";
import { bringIn, buy, E164_1, purchased, requested, searched } from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const held = at(NOON, requested(), purchased(NOON));

test("nothing is bought, imported, credited or searched for", () => {
  const past = at(NOON, searched(E164_1));
  given(past).when(buy()).then("ORGANIZATION_UNKNOWN");
  given(past).when(bringIn()).then("ORGANIZATION_UNKNOWN");
  given(past).when({ type: "AddCredits", amount: money(1) }).then("ORGANIZATION_UNKNOWN");
  const filters = { country: "US", type: "local", limit: 1 } as const;
  given(past)
    .when({ type: "RecordSearch", carrier: "sandbox", filters, offers: [] })
    .then("ORGANIZATION_UNKNOWN");
});

const ELSEWHERE: readonly Command[] = [
  { type: "RenewNumber", holding: "pn_9", period: 2 },
  { type: "RequestRelease", request: "rr_1", holding: "pn_9", reason: "It is not needed." },
  { type: "StartRelease", holding: "pn_9", why: "byUser" },
];

test("what happens before an organization is opened gives it neither a name nor a plan", () => {
  const { name, plan, openedAt } = self(stateAfter(held)) ?? assert.fail("there is a row");
  assert.deepEqual([name, plan, openedAt], ["", "", 0]);
});

test("a number that is not there is unknown, whatever is asked of it", () => {
  for (const command of ELSEWHERE) given(held).when(command).then("NUMBER_UNKNOWN");
});
