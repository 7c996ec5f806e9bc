/** A disk that is full, or refuses to write or to sync: 503 for a while, and nothing is lost. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, describe, test } from "node:test";
import { digest } from "../../../adapters/log/digest.ts";
import { wordsOfDisk } from "../../../adapters/log/pglite/guard.ts";
import { openPgliteLog, type PgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { EMPTY_HEAD, verifyChain } from "../../../core/log/chain.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { big, isHealthy, openOn } from "./failing-disk.ts";
import { mountSmall, unmountAll } from "../../support/mount.ts";
import { openFolders } from "../../support/folders.ts";
import { appended, appendTo, eventsIn, rowOf } from "../../harness/contract/log/support.ts";
import { until } from "../../support/eventually.ts";

const { newPath, remove } = openFolders("disk");

// A PGlite whose start the disk refused cannot be closed, and its PostgreSQL has a timer that sets
// itself again forever. On Node only the end of the process ends it.
after(() => {
  if ("Deno" in globalThis) return;
  setTimeout(() => process.exit(), 2_000).unref();
});

/** Appends until it is refused; gives how many were acknowledged. */
const fill = async (log: PgliteLog, organization: string, most: number): Promise<number> => {
  for (let index = 0; index < most; index += 1) {
    try {
      await appended(log, appendTo(organization, big(index)));
    } catch (error) {
      assert.ok(error instanceof Unavailable, String(error));
      return index;
    }
  }
  return most;
};

const refusing = (): void => {
  for (
    const [code, words] of [
      ["ENOSPC", /^the disk is full$/],
      ["EDQUOT", /^the disk quota is used up$/],
    ] as const
  ) {
    test(`writes are unavailable while the disk says ${code}, with one line, and go on then`, async () => {
      let isFull = false;
      const { log, lines } = await openOn(newPath(), () => isFull ? code : null);
      await appended(log, appendTo("org", { rows: [rowOf("a", 1)] }));
      isFull = true;
      for (let count = 0; count < 3; count += 1) {
        await assert.rejects(log.append(appendTo(`other ${count}`, big(count))), Unavailable);
        assert.equal(await isHealthy(log), false);
      }
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(lines[0] ?? "", words);
      isFull = false;
      await until(() => isHealthy(log));
      assert.deepEqual(lines.slice(1), ["available"]);
      await appended(log, appendTo("org", { expected: "any" }));
      assert.equal((await eventsIn(log, "org")).length, 2);
      await log.close();
    });
  }

  test("a sync that failed is not trusted later: the database is opened again from the disk", async () => {
    let isFaulty = false;
    const folder = newPath();
    const { log, lines } = await openOn(
      folder,
      (what) => isFaulty && what === "sync" ? "EIO" : null,
    );
    await appended(log, appendTo("org"));
    isFaulty = true;
    await assert.rejects(log.append(appendTo("org", { expected: "any" })), Unavailable);
    await assert.rejects(log.append(appendTo("org", { expected: "any" })), Unavailable);
    isFaulty = false;
    await until(() => isHealthy(log));
    assert.deepEqual(lines, ["the disk refused to keep what was written", "available"]);
    // What was not acknowledged may have been committed or not.
    const before = (await eventsIn(log, "org")).length;
    await appended(log, appendTo("org", { expected: "any" }));
    const events = await eventsIn(log, "org");
    assert.equal(events.length, before + 1);
    assert.ok(verifyChain(events, EMPTY_HEAD, digest).ok);
    await log.close();
    const again = await openPgliteLog({ folder });
    assert.deepEqual(await eventsIn(again, "org"), events);
    await again.close();
  });

  test("a log that is closed while the disk is full lets go of its folder, and lost nothing", async () => {
    let isFull = false;
    const folder = newPath();
    const { log } = await openOn(folder, () => isFull ? "ENOSPC" : null);
    await appended(log, appendTo("org"));
    isFull = true;
    await assert.rejects(log.append(appendTo("org", { expected: "any" })), Unavailable);
    await log.close().catch(() => {});
    const again = await openPgliteLog({ folder });
    assert.ok((await eventsIn(again, "org")).length >= 1);
    await again.close();
  });
};

/** Files that PostgreSQL makes before it writes into them. */
const begun = (): void => {
  test("a start that ended with PostgreSQL's lock file empty keeps no later one from starting", async () => {
    const folder = newPath();
    const log = await openPgliteLog({ folder });
    await appended(log, appendTo("org"));
    await log.close();
    for (const text of ["", "1\n", "no number"]) {
      writeFileSync(join(folder, "pglite", "postmaster.pid"), text);
      const again = await openPgliteLog({ folder });
      assert.equal((await eventsIn(again, "org")).length, 1);
      await again.close();
    }
  });
};

const small = (): void => {
  test("on a disk that is really full, nothing acknowledged is lost, and it goes on once there is space", async (context) => {
    const place = mountSmall(newPath(), 60);
    if (place === null) {
      return context.diagnostic(
        "no file system can be mounted here: only injected faults were tried",
      );
    }
    const folder = join(place, "data");
    const { log, lines } = await openOn(folder, () => null);
    const { bavail, bsize } = statfsSync(place);
    writeFileSync(join(place, "ballast"), new Uint8Array(bavail * bsize - 1_000_000));
    const count = await fill(log, "org", 10_000);
    assert.ok(count < 10_000);
    assert.equal(await isHealthy(log), false);
    assert.deepEqual(lines, ["the disk is full"]);
    assert.equal((await eventsIn(log, "org")).length, count);
    rmSync(join(place, "ballast"));
    await until(() => isHealthy(log));
    assert.deepEqual(lines, ["the disk is full", "available"]);
    await appended(log, appendTo("org", big(1)));
    await log.close();
    assert.ok(!readdirSync(folder).includes("probe"));
    const again = await openPgliteLog({ folder });
    assert.equal((await eventsIn(again, "org")).length, count + 1);
    await again.close();
  });

  test("a start on a full disk is refused in one sentence, and works once there is space", async (context) => {
    const place = mountSmall(newPath(), 8);
    if (place === null) return context.diagnostic("no file system can be mounted here");
    await assert.rejects(openPgliteLog({ folder: join(place, "data") }), (error) => {
      assert.ok(error instanceof Error && !error.message.includes("\n"));
      assert.match(error.message, /ENOSPC|full/);
      return true;
    });
    execFileSync("mount", ["-o", "remount,size=60m", place]);
    const log = await openPgliteLog({ folder: join(place, "data") });
    await appended(log, appendTo("org"));
    await log.close();
  });
};

test("what the disk refuses is said in a sentence", () => {
  const said = (code: string) => wordsOfDisk(Object.assign(new Error(code), { code }));
  assert.equal(said("EROFS"), "the disk is read-only");
  assert.equal(said("ENFILE"), "too many files are open");
  assert.equal(said("EIO"), "the disk refused to keep what was written");
  // As PGlite's file system layer numbers them.
  assert.equal(wordsOfDisk({ errno: 51 }), "the disk is full");
  assert.equal(wordsOfDisk({ errno: 29 }), "the disk refused to keep what was written");
});

// Most of the time goes into waiting for the disk, which they can do together.
describe("the pglite log on a disk that fails", { concurrency: 3 }, () => {
  after(() => {
    unmountAll();
    remove();
  });

  refusing();
  small();
  begun();
});
