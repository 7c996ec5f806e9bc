import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as runner from "node:test";
import fc from "fast-check";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { SANDBOX_OPTIONS, sandboxSubject } from "../contract/carrier/sandbox.ts";
import { openTestApp } from "../support/app.ts";
import { carrierContract } from "./contract/carrier.ts";
import { CARRIER_FAULTS, type CarrierFault, openFaultyCarrier } from "./faulty-carrier.ts";
import { runs } from "../support/runs.ts";
import { eventually } from "../support/eventually.ts";

const E164_1 = "+14155550101";
const NEVER = { unreachable: 0, silentBefore: 0, silentAfter: 0, slow: 0 };

const openSandbox = () =>
  openSandboxCarrier({ orders: openMemoryOrderBook(), clock: openTestClock(0) });

carrierContract(runner, "faulty, without faults", () => {
  const clock = openTestClock(0);
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const { carrier } = openFaultyCarrier(sandbox, { seed: 1, rates: NEVER });
  return Promise.resolve(sandboxSubject(carrier, clock));
}, SANDBOX_OPTIONS);

/** What becomes of an order of the first number, and of a look-up, when only this fault strikes. */
const suffer = async (fault: CarrierFault) => {
  const sandbox = openSandbox();
  const { carrier } = openFaultyCarrier(sandbox, { seed: 3, rates: { ...NEVER, [fault]: 1 } });
  const asked = { key: "od_1", e164: E164_1, connectionId: null } as const;
  const answer = await carrier.order(asked).then(
    (given) => given.ok ? "ok" : given.error.kind,
    (error: unknown) => String(error),
  );
  const found = await sandbox.findOrder("od_1");
  return { answer, isTaken: found.ok && found.value !== null };
};

describe("a faulty carrier", () => {
  test("takes nothing where it is unreachable or the call is lost", async () => {
    assert.deepEqual(await suffer("unreachable"), { answer: "unreachable", isTaken: false });
    const { answer, isTaken } = await suffer("silentBefore");
    assert.match(answer, /^(unknown|Broken: the line broke)$/);
    assert.equal(isTaken, false);
  });

  test("carries the call out where the answer is lost or slow", async () => {
    const { answer, isTaken } = await suffer("silentAfter");
    assert.match(answer, /^(unknown|Broken: the line broke)$/);
    assert.equal(isTaken, true);
    assert.deepEqual(await suffer("slow"), { answer: "ok", isTaken: true });
  });

  test("fails in the same way when its seed is the same, and no more when it is healed", async () => {
    const live = async (seed: number): Promise<readonly string[]> => {
      const struck: string[] = [];
      const { carrier, heal } = openFaultyCarrier(openSandbox(), {
        seed,
        sleep: () => Promise.resolve(),
        struck: (fault, call) => struck.push(`${call}: ${fault}`),
      });
      for (let calls = 0; calls < 100; calls++) await carrier.quote(E164_1).catch(() => null);
      const before = struck.length;
      heal();
      for (let calls = 0; calls < 100; calls++) assert.ok((await carrier.quote(E164_1)).ok);
      assert.equal(struck.length, before);
      return struck;
    };
    const first = await live(7);
    const faults = new Set(first.map((one) => one.split(": ")[1]));
    assert.deepEqual([...faults].toSorted(), Object.keys(CARRIER_FAULTS).toSorted());
    assert.deepEqual(await live(7), first);
    assert.notDeepEqual(await live(8), first);
  });
});

const NUMBERS: readonly E164[] = ["+14155550101", "+14155550102", "+14155550103"];

test("a ledger over a faulty carrier comes to the same as the carrier once it is healed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
      const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
      const { carrier, heal } = openFaultyCarrier(sandbox, { seed, slowMs: 1 });
      const app = openTestApp({ carrier, clock, setClock: clock.set, waitMs: 5 });
      const actor = { kind: "operator" } as const;
      await app.organization("acme");
      for (const e164 of NUMBERS) {
        await app.ledger.purchase({ organization: "acme", actor }, { e164 });
      }
      heal();
      // An answer may be on its way yet, by a real timer, which no test clock waits for.
      const held = await eventually(async () => {
        await app.advance(20 * MINUTE_MS / 1_000);
        const all = await app.ledger.numbers.list({ organization: "acme", actor });
        return all.filter(({ status }) => status !== "failed");
      }, (numbers) => numbers.every(({ status }) => status === "active"));
      const kept = await sandbox.inventory(null);
      assert.ok(kept.ok);
      assert.deepEqual(
        kept.value.numbers.map(({ e164 }) => e164).toSorted(),
        held.map(({ holding }) => holding.e164).toSorted(),
      );
      await app.close();
    }),
    { numRuns: runs(25) },
  );
});
