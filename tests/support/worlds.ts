/** An application of one world, or of two. */
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import type { Clock, EventLog } from "../../core/ports/mod.ts";
import { openTestApp, type TestApp } from "./app.ts";

/**
 * An application in which nothing happens that is not asked for, on the sandbox alone, or where it
 * `isLive` with what stands for a live carrier and the sandbox beside it.
 */
export const openWorlds = (log: EventLog, clock: Clock, isLive: boolean): TestApp => {
  const open = () => openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const sandbox = open();
  const live = { ...open(), name: "telnyx" } as unknown as typeof sandbox;
  return openTestApp({
    log,
    clock,
    runsAutomations: false,
    reconcilesDaily: false,
    ...(isLive ? { carrier: live, sandbox } : { carrier: sandbox }),
  });
};
