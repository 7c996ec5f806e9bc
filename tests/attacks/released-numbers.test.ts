/**
 * A request that is repeated after its number was released is answered from the organization's log.
 * One key sent again and again reads it once, from the number's first event.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { openReleasedViews } from "../../adapters/ledger/engine/released-number-cache.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { callerOf } from "../properties/runs.ts";
import { openTestApp, SIP } from "../support/app.ts";
import { runs } from "../support/runs.ts";

const ACME = callerOf("acme");
const E164 = "+14155550101";
const KEY = { "idempotency-key": "once" };

/** A log that records where it is read from, and how many reads run concurrently. */
const openWatched = () => {
  const log = openMemoryLog();
  const read: number[] = [];
  let [underWay, most] = [0, 0];
  const eventsAbout: EventLog["eventsAbout"] = async (...asked) => {
    read.push(asked[2]);
    most = Math.max(most, underWay += 1);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return await log.eventsAbout(...asked);
  };
  return { log: { ...log, eventsAbout }, read, most: () => most };
};

/** This many changes of a number that no organization holds. */
const grow = (log: EventLog, count: number) =>
  log.append({
    organization: "acme",
    expected: "any",
    at: Date.parse("2026-01-31T10:00:00Z"),
    actor: ACME.actor,
    command: null,
    events: Array.from({ length: count }, () => ({
      type: "RoutingChanged",
      version: 1,
      data: { holding: "pn_nobody", direction: "both", label: null, template: null },
    })),
    rows: [],
    claims: [],
    free: [],
  });

const requests = {
  purchase: ["/v1/phone-numbers", { e164: E164 }],
  import: ["/v1/phone-numbers/import", { e164: E164, sipConnectionInstallationId: SIP.id }],
} as const;

for (const [what, [path, body]] of Object.entries(requests)) {
  test(`a repeated ${what} of a released number reads the log once, from its first event on`, async () => {
    const { log, read, most } = openWatched();
    const app = openTestApp({ log, runsAutomations: false, answers: null });
    const token = await app.organization("acme", "Growth");
    const ask = () => app.request("POST", path, { token, body, headers: KEY });
    await grow(log, 300);
    const first = await ask();
    assert.equal(first.status, 200);
    await grow(log, 300);
    assert.ok((await app.ledger.release(ACME, first.json.id)).ok);
    await grow(log, 300);
    read.length = 0;
    const answers = await Promise.all(Array.from({ length: 50 }, ask));
    for (const { status, json } of answers) {
      assert.deepEqual([status, json.id, json.setupStatus.status], [
        200,
        first.json.id,
        "suspended",
      ]);
    }
    assert.ok(Math.min(...read) >= 300, `read from ${Math.min(...read)}`);
    assert.ok(read.length <= 2, `${read.length} pages were read`);
    assert.equal(most(), 1);
    read.length = 0;
    assert.deepEqual((await ask()).json, answers[0]?.json);
    assert.deepEqual(read, []);
    await app.close();
  });
}

test("the histories of one organization are read one after the other", async () => {
  const { log, most } = openWatched();
  const app = openTestApp({ log, runsAutomations: false });
  const token = await app.organization("acme", "Growth");
  await grow(log, 200);
  const ask = () => app.request("GET", "/ledger/numbers/pn_unknown/history", { token });
  for (const { status } of await Promise.all(Array.from({ length: 20 }, ask))) {
    assert.equal(status, 404);
  }
  assert.equal(most(), 1);
  await app.close();
});

describe("what is remembered of released numbers", () => {
  test("is the cached view, whatever is done to the returned one", () => {
    const views = openReleasedViews();
    const view = { holding: { id: "pn_1", label: "a" } };
    views.keep("key", view as never);
    view.holding.label = "b";
    const got = views.get("key") as unknown as typeof view;
    got.holding.label = "c";
    assert.deepEqual(views.get("key"), { holding: { id: "pn_1", label: "a" } });
    assert.equal(views.get("other"), undefined);
  });

  test("is bounded in number and in bytes, and the newest stay", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const views = openReleasedViews();
        for (const [place, length] of lengths.entries()) {
          views.keep(`${place}`, { template: "x".repeat(length) } as never);
        }
        const kept = lengths.filter((_, place) => views.get(`${place}`) !== undefined);
        assert.ok(kept.reduce((sum, length) => sum + length, 0) <= 8 * 1_048_576);
        assert.deepEqual(kept, lengths.slice(lengths.length - kept.length));
        if (lengths.reduce((sum, length) => sum + length, 0) < 2_000_000) {
          assert.equal(kept.length, lengths.length);
        }
      }),
      { numRuns: runs(25) },
    );
    const views = openReleasedViews();
    for (let place = 0; place < 10_001; place++) views.keep(`${place}`, {} as never);
    assert.deepEqual([views.get("0"), views.get("1")], [undefined, {}]);
  });
});
