/** Logs whose heads are kept in files. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { keepHeads } from "../../adapters/runtimes/server/heads-keeper.ts";
import type { EventLog, Head } from "../../core/ports/mod.ts";
import { appendTo } from "../harness/contract/log/support.ts";

/** Where the files are. */
export const folder = mkdtempSync(join(tmpdir(), "ledgerline-heads-"));
// Not after a file's tests: other files of the same process use it too.
process.once("exit", () => rmSync(folder, { recursive: true }));
let files = 0;
/** The path of a file that is not there yet. */
export const newFile = (): string => join(folder, `heads-${files++}.jsonl`);

/** Texts of events, by organization. */
export type Logs = Readonly<Record<string, readonly string[]>>;

/** A log with these events, which differ by their texts. */
export const logOf = async (logs: Logs): Promise<EventLog> => {
  const log = openMemoryLog();
  for (const [organization, texts] of Object.entries(logs)) {
    for (const text of texts) {
      const events = [{ type: "Tested", version: 1, data: { text } }];
      await log.append(appendTo(organization, { expected: "any", events }));
    }
  }
  return log;
};

/** The heads of a log. */
export const headsIn = async (log: EventLog): Promise<Map<string, Head>> =>
  new Map((await log.heads("", 1_000)).map(({ organization, head }) => [organization, head]));

/** The log, whose heads are written often. */
export const opened = async (log: EventLog, path: string) =>
  await keepHeads(log, path, { everyMs: 5 });
