// Or "vitest", or "jsr:@std/testing/bdd": whichever runs your tests.
import * as runner from "node:test";
import { includedPayments, openTestClock } from "ledgerline";
import { openSandboxCarrier } from "ledgerline/carriers/sandbox";
import { openMemoryLog } from "ledgerline/memory";
import {
  carrierContract,
  eventLogContract,
  notifierContract,
  paymentsContract,
} from "ledgerline/testing";

// A log of your own: this one counts what it appends.
const openCountingLog = () => {
  const log = openMemoryLog();
  let appends = 0;
  /** @type {import("ledgerline").EventLog} */
  const counting = {
    ...log,
    append: (input) => {
      appends += 1;
      return log.append(input);
    },
  };
  return { ...counting, appends: () => appends };
};
eventLogContract(runner, "counting", () => Promise.resolve(openCountingLog()), {
  withoutFaults: "the log is in the memory of this process",
});

// A carrier of your own, and numbers that it has and has not. Pending orders end by `pass`. Where it
// asks a service, `faults` makes the transport to that fail; this one asks none, and says so.
carrierContract(runner, "sandbox", () => {
  const clock = openTestClock(0);
  return Promise.resolve({
    carrier: openSandboxCarrier({ clock }),
    filters: { country: "US", type: "local", areaCode: "415", limit: 20 },
    locality: "San Rafael",
    none: { country: "US", type: "local", areaCode: "999", limit: 20 },
    notOffered: "+14155550110",
    pass: () => Promise.resolve(clock.set(clock.now() + 1_000)),
    close: () => Promise.resolve(),
  });
}, { withoutFaults: "the sandbox is in this process" });

paymentsContract(runner, "included", () => ({ payments: includedPayments }), {
  withoutFaults: "nothing is ever collected, so nobody is asked",
});

// A notifier of your own: `receiver` says how its receiver behaves, `received` gives what that got.
notifierContract(runner, "mailbox", (receiver) => {
  /** @type {import("ledgerline/testing").Delivery[]} */
  const letters = [];
  /** @type {import("ledgerline").Notifier} */
  const notifier = {
    announce: ({ id, organization }) => {
      const text = `Please review ${id} of ${organization}.`;
      if (receiver !== "isUnreachable") letters.push({ key: id, text, isGenuine: true });
      return Promise.resolve(
        receiver === "accepts"
          ? { ok: true, value: { jobId: `mail-${id}` } }
          : { ok: false, error: { message: `the mailbox ${receiver}` } },
      );
    },
  };
  return Promise.resolve({ notifier, received: () => letters, close: () => Promise.resolve() });
});
