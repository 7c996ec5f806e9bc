/**
 * A process that begins a rebuild and comes no further, for those that kill it: with half of it
 * put, or in the midst of swapping. It prints where it stopped, or `refused` and why. What it is
 * given is the URL of a PostgreSQL or the folder of a PGlite, and `put` or `swap`. After a minute
 * it ends, should nobody be left to kill it.
 */
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";

const LIFE_MS = 60_000;

const [place = "", where = ""] = process.argv.slice(2);

const stop = async (): Promise<void> => {
  process.stdout.write(`${where}\n`);
  await sleep(LIFE_MS);
};

try {
  const log = place.startsWith("postgres:")
    ? await openPostgresLog({ url: place })
    : await openPgliteLog({ folder: place });
  await log.rebuild(async (next) => {
    for (const { organization, put, head } of await next.lags("", 2)) {
      const rows = [{ kind: "number", key: "half", data: { is: "half" }, work: null }];
      await next.put([{ organization, from: put, head, rows, taken: [], freed: [] }]);
    }
    if (where === "put") await stop();
    await next.swap(stop);
  });
} catch (error) {
  process.stdout.write(`refused ${error instanceof Error ? error.message : error}\n`);
}
