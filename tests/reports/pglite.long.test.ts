/** Public reports about PGlite: two processes, what is on the disk, older folders, memory. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { killAll, startHolder } from "../contract/log/processes.ts";
import { appended, appendTo, drafts, eventsIn } from "../harness/contract/log/support.ts";
import { openFolders } from "../support/folders.ts";

const { newFolder, remove } = openFolders("reports");

const ORGANIZATION = "acme";
const ROUND = 400;

/** The memory of the process outside the JavaScript heap, where PGlite's is, in bytes. */
const ownMemory = (): number => {
  const { external, arrayBuffers } = process.memoryUsage();
  return external + arrayBuffers;
};

after(() => {
  killAll();
  remove();
});

// https://github.com/electric-sql/pglite/issues/1106 and /1107
test("a log in PGlite is one process's: a second is refused with a plain sentence, and the first goes on", async () => {
  const folder = newFolder();
  const first = await startHolder(folder);
  assert.equal(first.first, "open");
  const second = await startHolder(folder);
  assert.match(second.first, /^refused .*data folder .* process \d+/);
  const before = Number(await first.line());
  assert.ok(Number(await first.line()) > before);
  await first.kill();
  await second.ended;
});

// https://github.com/electric-sql/pglite/issues/289
test("a log in PGlite has each acknowledged append after the process was killed", async () => {
  const folder = newFolder();
  const holder = await startHolder(folder);
  assert.equal(holder.first, "open");
  let last = 0;
  for (let count = 0; count < 30; count++) last = Number(await holder.line());
  await holder.kill();
  for (let line = await holder.line(); line !== ""; line = await holder.line()) {
    last = Number(line);
  }
  const log = await openPgliteLog({ folder });
  const kept = await eventsIn(log, "held");
  assert.ok(kept.length >= last, `${kept.length} of ${last}`);
  await log.close();
});

// https://github.com/electric-sql/pglite/issues/558
test("a log in PGlite of an older PostgreSQL is refused with its version and a way out", async () => {
  const folder = newFolder();
  const log = await openPgliteLog({ folder });
  await appended(log, appendTo(ORGANIZATION, { expected: "any", events: drafts(1) }));
  await log.close();
  const version = join(folder, "pglite", "PG_VERSION");
  writeFileSync(version, "16\n");
  await assert.rejects(openPgliteLog({ folder }), /made by PostgreSQL 16.*open it with/s);
  writeFileSync(version, "18\n");
  const again = await openPgliteLog({ folder });
  assert.equal((await eventsIn(again, ORGANIZATION)).length, 1);
  await again.close();
});

// https://github.com/electric-sql/pglite/issues/802
test(`a log in PGlite takes no more memory for its second and third ${ROUND} appends than for the first`, async () => {
  const log = await openPgliteLog({ folder: newFolder() });
  const soak = async (): Promise<number> => {
    for (let count = 0; count < ROUND; count++) {
      await appended(log, appendTo(ORGANIZATION, { expected: "any", events: drafts(3) }));
      await log.load(ORGANIZATION, { rows: [] });
    }
    return ownMemory();
  };
  const first = await soak();
  const second = await soak();
  const third = await soak();
  // Less than half a kilobyte for each append, where an event itself has a few hundred bytes.
  for (const later of [second, third]) {
    assert.ok(later - first < 32 * 1024 * 1024, `${first}, ${second}, ${third} bytes`);
  }
  await log.close();
});
