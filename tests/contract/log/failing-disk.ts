/** A log on a disk that refuses what a test says, and the lines that it leads to. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { openPgliteLog, type PgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { rowOf } from "../../harness/contract/log/support.ts";

/** Many times what a recovery takes: the machine may be busy with other tests. */
const LIMIT_MS = 120_000;

/** Waits until it is so. */
export const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  const begun = performance.now();
  while (!await isSo()) {
    assert.ok(performance.now() - begun < LIMIT_MS, "it did not go on");
    await sleep(50);
  }
};

/** What is asked of the disk. */
export type What = "write" | "sync";

/** A log on a disk that refuses what `refuses` gives a code for, and the lines that it led to. */
export const openOn = async (
  folder: string,
  refuses: (what: What) => string | null,
  durability: "synced" | "relaxed" = "synced",
) => {
  const lines: string[] = [];
  const log = await openPgliteLog({
    folder,
    durability,
    onUnavailable: (why) => lines.push(why),
    onAvailable: () => lines.push("available"),
  }, {
    before: (what) => {
      const code = refuses(what);
      if (code !== null) throw Object.assign(new Error(`${code}: refused`), { code });
    },
  });
  return { log, lines };
};

/** Whether the log says that it can do all that is asked. */
export const isHealthy = (log: PgliteLog): Promise<boolean> =>
  log.health().then(() => true, (error) => {
    assert.ok(error instanceof Unavailable, String(error));
    return false;
  });

/** What an append of some kilobytes has. */
export const big = (index: number) => ({
  expected: "any" as const,
  events: [{ type: "Tested", version: 1, data: { index, text: "x".repeat(5_000) } }],
  rows: [rowOf(`row ${index}`, { index, text: "y".repeat(2_000) })],
});
