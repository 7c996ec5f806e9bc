/** A ledger that is closed while something beneath it never answers. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openLedger } from "../../adapters/ledger/mod.ts";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { systemClock } from "../../adapters/clock/system.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";

const never = <Value>(): Promise<Value> => new Promise<Value>(() => {});

/** Closes a ledger after `begin`, lets a minute pass, and gives what it reported. */
const closeAfter = async (
  hangs: "the carrier" | "the log",
  begin: (ledger: ReturnType<typeof openLedger>) => Promise<void>,
): Promise<readonly string[]> => {
  const reports: string[] = [];
  const log = openMemoryLog();
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock: systemClock });
  const ledger = openLedger({
    log: hangs === "the log" ? { ...log, close: never } : log,
    carrier: hangs === "the carrier" ? { ...carrier, search: never } : carrier,
    payments: includedPayments,
    clock: systemClock,
    ids: openIds(systemClock),
    runsAutomations: false,
    report: (what) => reports.push(what),
  });
  await begin(ledger);
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let isClosed = false;
    const closed = ledger.close().then(() => {
      isClosed = true;
    });
    for (let turn = 0; turn < 100 && !isClosed; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(MINUTE_MS);
    }
    assert.ok(isClosed, "it is still closing");
    await closed;
  } finally {
    mock.timers.reset();
  }
  return reports;
};

test("a close ends when the carrier never answers a call that is under way", async () => {
  const reports = await closeAfter("the carrier", async (ledger) => {
    assert.ok((await ledger.operator.open("acme", { name: "Acme", plan: "Scale" })).ok);
    const caller = { organization: "acme", actor: { kind: "operator" } } as const;
    void ledger.search(caller, { country: "US", type: "local", limit: 5 }).catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
  });
  assert.deepEqual(reports, ["closing the ledger"]);
});

test("a close ends when the log never closes", async () => {
  assert.deepEqual(await closeAfter("the log", () => Promise.resolve()), ["closing the log"]);
});

test("a close of what hangs nowhere reports nothing", async () => {
  const ledger = openLedger({
    log: openMemoryLog(),
    carrier: openSandboxCarrier({ orders: openMemoryOrderBook(), clock: systemClock }),
    payments: includedPayments,
    clock: systemClock,
    ids: openIds(systemClock),
    report: (what) => assert.fail(what),
  });
  await ledger.close();
});
