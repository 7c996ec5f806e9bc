/**
 * A process that begins a rebuild and stops, to be killed: with half of the rows put, or in the
 * middle of the swap. It prints where it stopped, or `refused` and why. Its arguments are the URL
 * of a PostgreSQL or the folder of a PGlite, and `put` or `swap`. After a minute it ends, in case
 * nothing kills it.
 */
import process from "node:process";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { pause } from "../../support/pause.ts";

const LIFE_MS = 60_000;

const [place = "", where = ""] = process.argv.slice(2);

const stop = async (): Promise<void> => {
  process.stdout.write(`${where}\n`);
  await pause(LIFE_MS, "the test kills this process in it");
};

try {
  const log = place.startsWith("postgres:")
    ? await openPostgresLog({ url: place })
    : await openPgliteLog({ folder: place });
  await log.rebuild(async (next) => {
    for (const { organization, put, head } of await next.lags("", 2)) {
      const half = { kind: "number", key: "half", data: { is: "half" }, work: null };
      const rows = [{ change: "put", ...half } as const];
      await next.put([{ organization, from: put, head, rows, taken: [], freed: [] }]);
    }
    if (where === "put") await stop();
    await next.swap(stop);
  });
} catch (error) {
  process.stdout.write(`refused ${error instanceof Error ? error.message : error}\n`);
}
