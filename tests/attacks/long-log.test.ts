/**
 * Questions about the past read all that happened to a number, which grows with everything it does.
 * They are answered in slices, so that no other request waits for them. The bound of a hold is not
 * a time but a share of the whole read.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { numbers } from "../../core/number/state.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { callerOf } from "../properties/runs.ts";
import { openTestApp } from "../support/app.ts";
import { pause } from "../support/pause.ts";

const ACME = callerOf("acme");

/** An organization with one number and a log of 8 KB for each change of its routing. */
const openLong = async (log: EventLog, changes: number) => {
  const app = openTestApp({ log, runsAutomations: false });
  const token = await app.organization("acme", "Growth");
  const bought = await app.ledger.purchase(ACME, { e164: "+14155550101" });
  assert.ok(bought.ok);
  const { id } = bought.value.number.holding;
  const data = {
    holding: id,
    direction: "both",
    label: null,
    template: { a: "x".repeat(8_000) },
  };
  const event = { type: "RoutingChanged", version: 1, data };
  for (let begun = 0; begun < changes; begun += 500) {
    await log.append({
      organization: "acme",
      expected: "any",
      at: Date.parse("2026-01-31T10:00:00Z"),
      actor: ACME.actor,
      command: null,
      events: Array.from({ length: 500 }, () => event),
      rows: [],
      claims: [],
      free: [],
    });
  }
  return { app, token, id };
};

/** What this process has computed so far, in milliseconds: others on the machine do not count. */
const computed = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** How much something computes, and the most in it without a turn of the loop. */
const timed = async (work: () => Promise<unknown>) => {
  let [longest, isDone] = [0, false];
  const begun = computed();
  let last = begun;
  const look = (): void => {
    const now = computed();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const turning = (async () => {
    while (!isDone) {
      await new Promise((next) => setTimeout(next, 0));
      look();
    }
  })();
  await work();
  look();
  isDone = true;
  await turning;
  return { longest, total: computed() - begun };
};

const logs: readonly (readonly [string, number, () => Promise<EventLog>])[] = [
  ["in memory", 4_000, () => Promise.resolve(openMemoryLog())],
  ["on PGlite", 500, () => openPgliteLog({ folder: "memory" })],
];

for (const [where, changes, open] of logs) {
  describe(`a question about the past of a long log ${where}`, { timeout: 600_000 }, () => {
    test("blocks the loop for a small part of its time", async () => {
      const { app, token, id } = await openLong(await open(), changes);
      const asked: readonly (readonly [string, number])[] = [
        ["/ledger/numbers?asOf=2026-01-31T10:00:00Z", 200],
        ["/ledger/numbers/pn_unknown/history", 404],
        [`/ledger/numbers/${id}/history?after=${changes - 10}`, 200],
      ];
      for (const [path, expected] of asked) {
        let share = 1;
        // A single hold may be caused by the machine; one caused by the request occurs each time.
        for (let round = 0; round < 4 && share > 1 / 4; round++) {
          const { longest, total } = await timed(async () => {
            assert.equal((await app.request("GET", path, { token })).status, expected);
          });
          if (total < 50) share = 0;
          else share = Math.min(share, longest / total);
        }
        assert.ok(share <= 1 / 4, `${path} holds the loop for ${share} of its time`);
      }
      await app.close();
    });
  });
}

test("questions about the past of one organization are answered one after the other", async () => {
  const log = openMemoryLog();
  let [underWay, most] = [0, 0];
  // What is read first of each page.
  const list: EventLog["list"] = async (organization, kind, ...asked) => {
    if (kind !== numbers.kind) return await log.list(organization, kind, ...asked);
    most = Math.max(most, underWay += 1);
    await pause(1, "the read takes some time, so that another could begin meanwhile");
    underWay -= 1;
    return await log.list(organization, kind, ...asked);
  };
  const app = openTestApp({ log: { ...log, list }, runsAutomations: false });
  const token = await app.organization("acme", "Growth");
  const path = "/ledger/numbers?asOf=2026-01-31T10:00:00Z";
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => app.request("GET", path, { token })),
  );
  assert.ok(answers.every(({ status }) => status === 200));
  assert.equal(most, 1);
  await app.close();
});
