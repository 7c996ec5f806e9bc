/** What a reconciliation reads: pages of numbers, however many organizations have them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { ReconciliationReport } from "../../adapters/ledger/api/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { openWorld } from "../http/reconciliation-support.ts";

/** The log, with how often each of its calls was made. */
const counting = (log: EventLog) => {
  const calls = new Map<string, number>();
  const counted = new Proxy(log, {
    get: (target, name: keyof EventLog) => {
      const call: unknown = target[name];
      if (typeof call !== "function") return call;
      return (...asked: readonly unknown[]) => {
        calls.set(name, (calls.get(name) ?? 0) + 1);
        return call(...asked);
      };
    },
  });
  return { counted, calls };
};

/** Organizations that hold a number each, of which the ledger's log counts its calls. */
const openOrganizations = async (count: number) => {
  const { counted, calls } = counting(openMemoryLog());
  const world = await openWorld({ log: counted });
  const ids = Array.from({ length: count }, (_, place) => `org_${place}`);
  for (const [place, teamId] of ids.entries()) {
    const token = await world.app.organization(teamId);
    const phoneNumber: E164 = `+1415555${1_000 + place}`;
    const body = { phoneNumber, teamId };
    const bought = await world.app.request("POST", "/api/phone-numbers/purchase", { token, body });
    assert.equal(bought.status, 200, JSON.stringify(bought.json));
  }
  calls.clear();
  return { world, calls };
};

test("reconciliation reads by the page, and nothing of an organization without a drift", async () => {
  const callsFor = async (organizations: number) => {
    const { world, calls } = await openOrganizations(organizations);
    assert.deepEqual(await world.drifts(), []);
    const { reports: [report] } = await world.app.ledger.reconciliation.list({ limit: 1 });
    assert.equal(report?.seen.agreed, organizations);
    await world.app.close();
    return Object.fromEntries(calls);
  };
  const few = await callsFor(2);
  assert.deepEqual(await callsFor(40), few);
  // Ours before, ours of the carrier's page, and ours after.
  assert.equal(few["claims"], 3);
  assert.equal(few["append"], 1);
});

test("a test clock passes a year of daily reconciliations, each at the same cost", async () => {
  const claimsOf = async (organizations: number): Promise<number | undefined> => {
    const { world, calls } = await openOrganizations(organizations);
    await world.app.advance(1);
    calls.clear();
    await world.app.advance(365 * DAY_MS / 1_000);
    const reports: ReconciliationReport[] = [];
    for (let before: number | null = null;;) {
      const page = await world.app.ledger.reconciliation.list({
        limit: 100,
        ...(before !== null && { before }),
      });
      reports.push(...page.reports);
      if ((before = page.next) === null) break;
    }
    assert.equal(reports.length, 365);
    for (const { seen, broken } of reports) {
      assert.deepEqual([broken, seen.agreed, seen.ours], [null, organizations, organizations]);
    }
    await world.app.close();
    return calls.get("claims");
  };
  assert.equal(await claimsOf(1), 365 * 3);
  assert.equal(await claimsOf(12), 365 * 3);
});
