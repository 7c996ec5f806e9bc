/** The queue of appends, on a database that answers immediately. */
import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { openPatience } from "../../../adapters/log/sql/retry.ts";
import { openAppendQueue } from "../../../adapters/log/sql/queue.ts";
import { appendTo, newOrganization } from "../../harness/contract/log/support.ts";

const WAIT_MS = 10_000;

/** A database in which every append is committed. */
const openDatabase = (organizations: readonly string[]): Database => ({
  query: (_, parameters) => {
    const texts = new Set(parameters.flat());
    const standing = organizations.filter((organization) => texts.has(organization));
    return Promise.resolve(standing.map((organization) => ({ organization })));
  },
});

/** Lets all callers go on that can, so often. */
const pass = async (turns: number, microtasks: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((go) => process.nextTick(go));
  for (let microtask = 0; microtask < microtasks; microtask++) await Promise.resolve();
};

test("an append is taken at whatever moment it comes after the last one", async () => {
  for (const lanes of [1, 2]) {
    for (let turns = 0; turns < 4; turns++) {
      for (let microtasks = 0; microtasks < 12; microtasks++) {
        const [first = "", second = ""] = [newOrganization(), newOrganization()];
        const queue = openAppendQueue(openDatabase([first, second]), openPatience(), lanes);
        await queue.append(appendTo(first));
        await pass(turns, microtasks);
        const ending = new AbortController();
        const outcome = await Promise.race([
          queue.append(appendTo(second)),
          setTimeout(WAIT_MS, null, ending),
        ]);
        ending.abort();
        const when = `${lanes} lanes, ${turns} turns and ${microtasks} microtasks later`;
        assert.equal(outcome?.outcome, "appended", when);
        await queue.drained();
      }
    }
  }
});
