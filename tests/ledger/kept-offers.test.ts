/** Offers are kept as long as they count, and not for long after it, however much is searched. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { Caller } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { rebuildAll } from "../../adapters/ledger/rebuild/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import type { Append, EventLog } from "../../core/ports/mod.ts";
import { offers } from "../../core/number/offers.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";
import { openTestApp } from "../support/app.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const FOUND = 20;

const open = async (log: EventLog) => {
  const clock = openTestClock(START);
  const calls = { load: 0, append: 0, quote: 0 };
  const appends: Append[] = [];
  const counted: EventLog = {
    ...log,
    load: (...asked) => {
      calls.load++;
      return log.load(...asked);
    },
    append: (append) => {
      calls.append++;
      appends.push(append);
      return log.append(append);
    },
  };
  const sandbox = openSandboxCarrier({ clock });
  const carrier: typeof sandbox = {
    ...sandbox,
    quote: (...asked) => {
      calls.quote++;
      return sandbox.quote(...asked);
    },
  };
  const app = openTestApp({
    log: counted,
    carrier,
    clock,
    setClock: clock.set,
    runsAutomations: false,
    searchCacheMs: 0,
  });
  const caller: Caller = await app.ledger.authenticate(await app.organization("acme")) ??
    assert.fail();
  const areaCodes = ["212", "310", "312", "415", "617", "702"];
  let searches = 0;
  const search = async (): Promise<readonly string[]> => {
    const areaCode = areaCodes[searches++ % areaCodes.length];
    const wish = { country: "US", type: "local", limit: FOUND, ...(areaCode && { areaCode }) };
    const found = await app.ledger.search(caller, wish as Parameters<typeof app.ledger.search>[1]);
    return found.ok ? found.value.offers.map(({ e164 }) => e164) : assert.fail();
  };
  const kept = async () => (await log.load("acme", { kinds: [offers.kind] })).rows;
  return { app, clock, caller, calls, appends, search, kept };
};

const LOGS: Readonly<Record<string, () => Promise<EventLog>>> = {
  memory: () => Promise.resolve(openMemoryLog()),
  pglite: () => openPgliteLog({ folder: "memory" }),
};

for (const [name, openLog] of Object.entries(LOGS)) {
  describe(`in the ${name} log`, () => {
    test("as many rows of offers are kept as two hours' searches found", async () => {
      const log = await openLog();
      const { app, clock, calls, appends, search, kept } = await open(log);
      let most = 0;
      for (let searched = 0; searched < 60; searched++) {
        clock.set(clock.now() + 7 * MINUTE_MS);
        calls.append = 0;
        await search();
        assert.equal(calls.append, 1);
        most = Math.max(most, (await kept()).length);
      }
      // Eighteen searches at most are made in two hours, eight at least in one.
      assert.ok(most <= 18 * FOUND && most > 8 * FOUND, `${most}`);
      assert.equal(appends.at(-1)?.expected, "any");
      const rows = await kept();
      await rebuildAll(log);
      assert.deepEqual(await kept(), rows);
      await app.close();
    });

    test("a number is bought at its offer for half an hour, whatever is searched meanwhile", async () => {
      for (const minutes of [0, 1, 29, 30]) {
        const { app, clock, caller, calls, search } = await open(await openLog());
        clock.set(START + 17 * MINUTE_MS);
        const [e164 = assert.fail()] = await search();
        for (let searched = 0; searched < 5; searched++) {
          clock.set(clock.now() + minutes * MINUTE_MS / 5);
          await search();
        }
        const bought = await app.ledger.purchase(caller, { e164: e164 as `+${string}` });
        assert.ok(bought.ok);
        assert.equal(calls.quote, 0, `${minutes} minutes later`);
        await app.close();
      }
    });
  });
}

test("a number whose offer is too old is bought at the price that the carrier says", async () => {
  const { app, clock, caller, calls, search, kept } = await open(openMemoryLog());
  const [e164 = assert.fail()] = await search();
  clock.set(START + 30 * MINUTE_MS + 1);
  const bought = await app.ledger.purchase(caller, { e164: e164 as `+${string}` });
  assert.ok(bought.ok);
  assert.equal(calls.quote, 1);
  assert.equal((await kept()).length, FOUND - 1);
  await app.close();
});
