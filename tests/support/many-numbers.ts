import assert from "node:assert/strict";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { NO_LIMITS } from "../../core/values/plan.ts";
import type { E164 } from "../../core/values/e164.ts";
import { openTestApp, SIP } from "./app.ts";

/** The number at a place among those that are imported. */
export const e164At = (place: number): E164 => `+1415555${String(1_000 + place)}`;

/**
 * An application whose organization `acme` has imported so many numbers, of which every other one
 * has an assistant; `change` wraps its log. Automations do not run.
 */
export const openWithNumbers = async (
  count: number,
  change: (log: EventLog) => Partial<EventLog> = () => ({}),
) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const growth = DEFAULT_PLANS["Growth"] ?? assert.fail();
  const memory = openMemoryLog();
  const app = openTestApp({
    log: { ...memory, ...change(memory) },
    clock,
    plans: { Growth: { ...growth, limits: NO_LIMITS } },
    runsAutomations: false,
    reconcilesDaily: false,
  });
  const token = await app.organization("acme");
  const caller = await app.ledger.authenticate(token) ?? assert.fail();
  for (let place = 0; place < count; place += 1) {
    // Several came in the same millisecond.
    if (place % 3 === 0) clock.set(clock.now() + 1);
    const assistant = place % 2 === 0 ? "agent" : null;
    const via = { sipConnection: SIP.id };
    const done = await app.ledger.import(caller, { e164: e164At(place), via, assistant });
    assert.ok(done.ok, JSON.stringify(done));
  }
  return { ...app, token, caller, clock };
};
