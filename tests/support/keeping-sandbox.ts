import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { CarrierError } from "../../core/ports/mod.ts";
import { failed } from "../../core/values/result.ts";
import { SHORT_WAIT_MS } from "./app.ts";

/** The number that is not released. */
export const KEPT = "+14155550116";

/**
 * Options of an application whose carrier does not release `KEPT` until `letGo`, however often and
 * however late it is asked, so that a call which waits for that answers 202.
 */
export const openKeepingSandbox = () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  let keeps = true;
  const away = failed<CarrierError>({ kind: "unreachable", message: "away" });
  const carrier: typeof sandbox = {
    ...sandbox,
    release: (number) =>
      keeps && number.e164 === KEPT ? Promise.resolve(away) : sandbox.release(number),
  };
  const letGo = (): void => void (keeps = false);
  return { options: { clock, setClock: clock.set, carrier, waitMs: SHORT_WAIT_MS }, letGo };
};
