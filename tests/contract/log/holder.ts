/**
 * A process that opens the log in a folder and holds it, for the tests of the lock. It prints
 * `open`, or `refused` and why; then it appends without end, so many events and rows at a time, and
 * prints each acknowledged position, until it is killed; after a minute it ends, in case nothing
 * kills it.
 */
import process from "node:process";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { appendTo, drafts, rowOf } from "../../harness/contract/log/support.ts";
import { pause } from "../../support/pause.ts";

const LIFE_MS = 60_000;

const [folder = "", organization = "held", count = "1"] = process.argv.slice(2);
const items = Number(count);
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

try {
  const log = await openPgliteLog({ folder });
  say("open");
  for (let round = 0; performance.now() < LIFE_MS; round++) {
    const rows = Array.from({ length: items - 1 }, (_, index) => rowOf(`${index}`, { round }));
    const more = { expected: "any", events: drafts(items), rows } as const;
    const outcome = await log.append(appendTo(organization, more));
    if (outcome.outcome === "appended") say(String(outcome.head.position));
    await pause(5, "others of the machine get a turn between two appends");
  }
  await log.close();
} catch (error) {
  say(`refused ${error instanceof Error ? error.message : error}`);
}
