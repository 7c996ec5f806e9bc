import * as runner from "node:test";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { openSandboxCarrier } from "../../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../../adapters/carrier/sandbox/memory.ts";
import { SANDBOX_OPTIONS, sandboxSubject } from "./sandbox.ts";
import { carrierContract } from "../../harness/contract/carrier.ts";

carrierContract(runner, "sandbox, orders in memory", () => {
  const clock = openTestClock(0);
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  return Promise.resolve(sandboxSubject(carrier, clock));
}, SANDBOX_OPTIONS);
