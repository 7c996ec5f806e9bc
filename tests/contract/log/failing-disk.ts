/** A log on a disk that refuses what a test says, and the lines that it leads to. */
import assert from "node:assert/strict";
import { openPgliteLog, type PgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { rowOf } from "../../harness/contract/log/support.ts";

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
