import assert from "node:assert/strict";
import { test } from "node:test";
import * as Effect from "effect/Effect";
import { besideLease, whileLeased } from "../../adapters/ledger/engine/leases.ts";
import { Ports } from "../../adapters/ledger/engine/services.ts";
import type { LeaseKey, Leases } from "../../core/ports/mod.ts";
import { pause } from "../support/pause.ts";

const KEY: LeaseKey = { organization: "acme", kind: "number", key: "pn_1" };

for (const [name, leased] of Object.entries({ whileLeased, besideLease })) {
  test(`${name} ends its lease after the last renewal, however long that takes`, async () => {
    const held = new Set<string>();
    let takes = 0;
    let finish = (): void => {};
    const renewing = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const leases: Leases = {
      take: async (keys) => {
        takes += 1;
        if (takes > 1) {
          finish();
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
    const work = Effect.promise(() => renewing);
    await Effect.runPromise(leased(KEY, work, undefined).pipe(Effect.provideService(Ports, ports)));
    await pause(200, "a lease would be renewed in it");
    assert.deepEqual([...held], []);
  });
}
