/**
 * A process that reads a log in which one tenant has imported numbers with templates that are
 * stored at 284 KB each, in every way in which a log is read. It prints each way, with how many
 * events or numbers it read, and is meant to be run with little memory. Its arguments select ways.
 */
import process from "node:process";
import { exportLog } from "../../adapters/cli/commands.ts";
import { rebuildAll } from "../../adapters/ledger/rebuild/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { State } from "../../core/log/state.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { openIdleLedger } from "../support/ledger.ts";
import { writeMoment } from "../support/written-log.ts";
import { imported } from "./large-rows-events.ts";

const NUMBERS = 220;
const caller = { organization: "acme", actor: OPERATOR } as const;
const at = 1_769_853_600_000;

const log = await openPgliteLog({ folder: "memory" });
const ledger = openIdleLedger(log);
for (let from = 0; from < NUMBERS; from += 10) {
  const events = Array.from({ length: 10 }, (_, index) => imported(from + index));
  // Their claims are left to the rebuild, and their rows to the log.
  await writeMoment(log, "acme", State.empty(), { at, events }, "any");
}

/** The ways to read a log; each returns how much it read. */
const WAYS: Readonly<Record<string, () => Promise<number>>> = {
  history: async () => (await ledger.numbers.history(caller, "pn_7")).length,
  asOf: async () => (await ledger.numbers.list(caller, { asOf: at })).length,
  export: async () => {
    let lines = 0;
    await exportLog(log, "acme", () => lines += 1);
    return lines;
  },
  follow: async () => {
    let events = 0;
    for await (const _ of ledger.follow("acme")) if ((events += 1) === NUMBERS) break;
    return events;
  },
  followAll: async () => {
    let events = 0;
    for await (const followed of ledger.followAll()) {
      if ((events += followed.events.length) === NUMBERS) break;
    }
    return events;
  },
  rebuild: async () => (await rebuildAll(log)).events,
};

const asked = process.argv.slice(2);
for (const [way, read] of Object.entries(WAYS)) {
  if (asked.length > 0 && !asked.includes(way)) continue;
  process.stdout.write(`${way} ${await read()}\n`);
}
await ledger.close();
