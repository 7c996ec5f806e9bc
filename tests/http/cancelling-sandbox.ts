import assert from "node:assert/strict";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { Carrier } from "../../core/ports/mod.ts";
import { ok } from "../../core/values/result.ts";
import { SHORT_WAIT_MS } from "../support/app.ts";

/** What the sandbox does when an order is to be cancelled. */
type Does =
  | "cancels"
  /** The order is confirmed just before. */
  | "isFaster"
  /** It does not support cancellation. */
  | "neverCancels"
  /** It says that the order is still open, until `wakes`. */
  | "sleeps";

/** A sandbox that cancels orders in this way, with its own clock, and what it sold. */
export const sandboxThat = (does: Does) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const orders = openMemoryOrderBook();
  const { cancel, ...sandbox } = openSandboxCarrier({ orders, clock });
  const open = ok("open" as const);
  let isAsleep = does === "sleeps";
  const cancelling: Carrier = {
    ...sandbox,
    cancel: async (key: string) => {
      if (does === "isFaster") clock.set(clock.now() + 3_000);
      return isAsleep ? open : await cancel?.(key) ?? assert.fail("the sandbox cancels orders");
    },
  };
  const carrier: Carrier = does === "neverCancels" ? sandbox : cancelling;
  const wakes = (): void => void (isAsleep = false);
  const waits = { waitMs: SHORT_WAIT_MS, recoveryMs: 60_000 };
  return { options: { clock, setClock: clock.set, carrier, ...waits }, orders, wakes };
};
