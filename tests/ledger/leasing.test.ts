import assert from "node:assert/strict";
import { test } from "node:test";
import * as Effect from "effect/Effect";
import * as TestClock from "effect/testing/TestClock";
import { besideLease, whileLeased } from "../../adapters/ledger/engine/leases.ts";
import { Ports } from "../../adapters/ledger/engine/services.ts";
import type { LeaseKey, Leases } from "../../core/ports/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openTestApp } from "../support/app.ts";
import { gate } from "../support/gate.ts";
import { pause } from "../support/pause.ts";

const KEY: LeaseKey = { organization: "acme", kind: "number", key: "pn_1" };

for (const [name, leased] of Object.entries({ whileLeased, besideLease })) {
  test(`${name} ends its lease after the last renewal, however long that takes`, async () => {
    const held = new Set<string>();
    let takes = 0;
    const renewed = gate();
    const leases: Leases = {
      take: async (keys) => {
        takes += 1;
        if (takes > 1) {
          renewed.open();
          await pause(100, "the work ends in it, before the lease is taken");
        }
        for (const { key } of keys) held.add(key);
        return keys;
      },
      end: (keys) => {
        for (const { key } of keys) held.delete(key);
        return Promise.resolve();
      },
    };
    const ports = { log: { leases }, leaseMs: 30 } as unknown as Ports["Service"];
    const work = Effect.promise(() => renewed.opened);
    await Effect.runPromise(leased(KEY, work, undefined).pipe(Effect.provideService(Ports, ports)));
    await pause(200, "a lease would be renewed in it");
    assert.deepEqual([...held], []);
  });
}

test("a lease is renewed each time that a third of it has passed, while the work goes on", async () => {
  let takes = 0;
  const leases: Leases = {
    take: (keys) => {
      takes += 1;
      return Promise.resolve(keys);
    },
    end: () => Promise.resolve(),
  };
  const ports = { log: { leases }, leaseMs: 30_000 } as unknown as Ports["Service"];
  const story = Effect.gen(function* () {
    yield* Effect.forkChild(whileLeased(KEY, Effect.never, undefined));
    const taken: number[] = [];
    for (const passed of [0, 9_999, 1, 10_000]) {
      yield* TestClock.adjust(passed);
      // The promise of the lease before settles first.
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)));
      taken.push(takes);
    }
    return taken;
  });
  const taken = await Effect.runPromise(
    story.pipe(Effect.provideService(Ports, ports), Effect.provide(TestClock.layer())),
  );
  assert.deepEqual(taken, [1, 1, 2, 3]);
});

test("the charges of an organization are leased together, by a name that all servers know", async () => {
  const held: string[] = [];
  const leases: Leases = {
    take: (keys) => {
      held.push(...keys.map((key) => JSON.stringify(key)));
      return Promise.resolve(keys);
    },
    end: () => Promise.resolve(),
  };
  const app = openTestApp({ log: { ...openMemoryLog(), leases }, runsAutomations: false });
  const token = await app.organization("acme");
  for (const e164 of ["+14155550101", "+14155550102"]) {
    const { status } = await app.request("POST", "/v1/phone-numbers", { token, body: { e164 } });
    assert.equal(status, 200);
  }
  held.length = 0;
  await app.advance(31 * 86_400);
  const charges = held.filter((key) => key.includes('"acme"'));
  assert.deepEqual([...new Set(charges)], ['{"organization":"acme","kind":"in order","key":""}']);
  await app.close();
});
