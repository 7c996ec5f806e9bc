/** How many numbers the suite of carriers needs: it says so of a carrier that has fewer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { matches } from "../../../core/number/search.ts";
import type { Carrier, NumberKind } from "../../../core/ports/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { ok } from "../../../core/values/result.ts";
import { carrierContract } from "../../harness/contract/carrier.ts";
import { runSuite } from "../../harness/runner.ts";
import { SANDBOX_OPTIONS, sandboxSubject } from "./sandbox.ts";

const MOST = 100;

/** A sandbox that has only so many numbers, the first of the subject's filters. */
const openSmall = async (count: number) => {
  const clock = openTestClock(0);
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const { towns: _, documents: _other, slow: _slow, ...subject } = sandboxSubject(sandbox, clock);
  const { filters, locality } = subject;
  const list = async (asked: typeof filters) => {
    const found = await sandbox.search({ ...asked, limit: MOST });
    return found.ok ? found.value : assert.fail("the sandbox found nothing");
  };
  const [there = assert.fail()] = await list({ ...filters, locality });
  const others = (await list(filters)).filter(({ e164 }) => e164 !== there.e164);
  const has = new Set([there, ...others.slice(0, count - 1)].map(({ e164 }) => e164));
  const offered = async (e164: E164, kind?: NumberKind) => {
    const quote = await sandbox.quote(e164, kind);
    return quote.ok && has.has(e164) ? quote.value : null;
  };
  const carrier: Carrier = {
    ...sandbox,
    search: async (asked) => {
      const offers = (await Promise.all([...has].map((e164) => offered(e164))))
        .filter((offer) => offer !== null)
        .filter((offer) => matches(offer, asked));
      return ok(offers.slice(0, asked.limit));
    },
    quote: async (...asked) => ok(await offered(...asked)),
  };
  return { ...subject, carrier };
};

const failuresOf = async (count: number): Promise<readonly string[]> => {
  const results = await runSuite((runner) =>
    carrierContract(runner, "small", () => openSmall(count), SANDBOX_OPTIONS)
  );
  assert.ok(results.length > 40);
  return results.filter(({ error }) => error !== null)
    .map(({ name, error }) => `${name}: ${error instanceof Error ? error.message : error}`);
};

test("five numbers are enough for the suite of carriers, however often its tests buy", async () => {
  assert.deepEqual(await failuresOf(5), []);
});

test("the suite of carriers says so when there are only four", async () => {
  const [first] = await failuresOf(4);
  assert.equal(
    first,
    "carrier: small > the subject's filters find 5 numbers, which these tests need: " +
      "`filters` find 4 numbers, and this suite needs 5",
  );
});
