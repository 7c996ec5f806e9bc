import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, describe, test } from "node:test";
import { MAJOR_VERSION } from "../../../adapters/log/pglite/folder-database.ts";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { openFolders } from "../../support/folders.ts";
import { until } from "../../support/eventually.ts";
import {
  appended,
  appendTo,
  drafts,
  eventsIn,
  newNumber,
  rowOf,
} from "../../harness/contract/log/support.ts";

const { newFolder, remove } = openFolders("log");

const inUse = (pid: number | undefined): RegExp =>
  new RegExp(`in use by process ${pid} on host ${hostname()}`);

const keeping = (): void => {
  test("the log has everything when it is opened again", async () => {
    const folder = newFolder();
    const e164 = newNumber();
    const needs = { kinds: ["number"], claims: [e164], command: "c-1" };
    const first = await openPgliteLog({ folder });
    await appended(
      first,
      appendTo("org", {
        events: drafts(3),
        rows: [{ ...rowOf("a", { n: 1 }), work: { automation: "trials", due: 7 } }],
        claims: [{ key: e164, holder: "pn_1" }],
        command: { id: "c-1", fingerprint: "f" },
      }),
    );
    const [events, snapshot] = [await eventsIn(first, "org"), await first.load("org", needs)];
    await first.close();
    const second = await openPgliteLog({ folder });
    assert.deepEqual(await eventsIn(second, "org"), events);
    assert.deepEqual(await second.load("org", needs), snapshot);
    assert.equal(await second.nextDue(0), 7);
    await appended(second, appendTo("org", { expected: snapshot.head }));
    await second.health();
    await second.close();
    await assert.rejects(second.append(appendTo("org")), /closed/);
    await assert.rejects(second.load("org", {}), /closed/);
  });

  test("the log waits for the appends under way when it is closed", async () => {
    const folder = newFolder();
    const first = await openPgliteLog({ folder, durability: "relaxed" });
    const outcomes = Array.from(
      { length: 30 },
      (_, index) => first.append(appendTo(`org-${index % 3}`, { expected: "any" })),
    );
    await first.close();
    for (const { outcome } of await Promise.all(outcomes)) assert.equal(outcome, "appended");
    const second = await openPgliteLog({ folder, durability: "relaxed" });
    assert.equal((await eventsIn(second, "org-1")).length, 10);
    await second.close();
  });

  test("the log makes a checkpoint automatically when much was written", async () => {
    const log = await openPgliteLog({ folder: newFolder(), durability: "relaxed" });
    const checkpoint = async () =>
      (await log.database.query("select redo_lsn from pg_control_checkpoint()", []))[0]
        ?.["redo_lsn"];
    const before = await checkpoint();
    const data = { text: "x".repeat(1_000_000) };
    for (let megabytes = 0; megabytes < 10; megabytes += 1) {
      const events = [{ type: "Tested", version: 1, data }];
      await appended(log, appendTo("org", { expected: "any", events }));
    }
    await until(async () => await checkpoint() !== before);
    await log.close();
  });
};

const syncing = (): void => {
  test("the log syncs to disk exactly once when it appends once", async () => {
    let syncs = 0;
    const log = await openPgliteLog({ folder: newFolder(), onSync: () => syncs += 1 });
    await appended(log, appendTo("org"));
    const before = syncs;
    for (let count = 0; count < 20; count += 1) {
      await appended(log, appendTo("org", { expected: "any", rows: [rowOf("a", count)] }));
    }
    assert.equal(syncs - before, 20);
    await Promise.all(Array.from({ length: 64 }, (_, index) => log.append(appendTo(`o-${index}`))));
    assert.equal(syncs - before, 21);
    await log.load("org", { kinds: ["number"] });
    assert.equal(syncs - before, 21);
    await log.close();
  });
};

const locking = (): void => {
  test("the log is refused when this process has the folder open already", async () => {
    const folder = newFolder();
    const log = await openPgliteLog({ folder });
    await assert.rejects(openPgliteLog({ folder }), inUse(process.pid));
    await log.close();
    await (await openPgliteLog({ folder })).close();
  });
};

const opening = (): void => {
  test("the log is refused with a clear sentence when newer code has migrated it", async () => {
    const folder = newFolder();
    const log = await openPgliteLog({ folder });
    await log.database.query("insert into ledgerline.migration values (999)", []);
    await log.close();
    const refusal = /schema version 999, which is newer than this Ledgerline/;
    await assert.rejects(openPgliteLog({ folder }), refusal);
    await assert.rejects(openPgliteLog({ folder }), refusal);
  });

  test("the log is refused with a clear sentence when its folder cannot be made", async () => {
    const file = join(newFolder(), "file");
    writeFileSync(file, "");
    // Where there is a /proc, it is a folder in which none can be made.
    const folders = [file, join(file, "data"), ...existsSync("/proc/self") ? ["/proc/none/a"] : []];
    for (const folder of folders) {
      await assert.rejects(openPgliteLog({ folder }), (error) => {
        assert.ok(error instanceof Error);
        assert.ok(
          error.message.startsWith(`the data folder ${folder} cannot be made: E`),
          error.message,
        );
        return true;
      });
    }
  });

  test("the log begins again when a first start was killed while it unpacked", async () => {
    const folder = newFolder();
    const unfinished = join(folder, "pglite.unfinished");
    const log = await openPgliteLog({ folder: unfinished });
    await log.close();
    await (await openPgliteLog({ folder })).close();
    assert.ok(!readdirSync(folder).includes("pglite.unfinished"));
  });
};

const openingOthers = (): void => {
  test("the log is refused with a clear sentence when another PostgreSQL made it", async () => {
    const folder = newFolder();
    await (await openPgliteLog({ folder })).close();
    const path = join(folder, "pglite", "PG_VERSION");
    const version = readFileSync(path, "utf8");
    assert.equal(version.trim(), MAJOR_VERSION);
    for (
      const [other, said] of [["16\n", "PostgreSQL 16,"], [
        "",
        "PostgreSQL of an unknown version,",
      ]] as const
    ) {
      writeFileSync(path, other);
      await assert.rejects(openPgliteLog({ folder }), (error) => {
        assert.ok(error instanceof Error && !error.message.includes("\n"));
        assert.ok(error.message.includes(`was made by ${said}`), error.message);
        assert.match(error.message, /open it with the version of Ledgerline that made it/);
        return true;
      });
    }
    writeFileSync(path, version);
    await (await openPgliteLog({ folder })).close();
  });

  test("the log is refused with a clear sentence when its files are destroyed", async () => {
    const folder = newFolder();
    await (await openPgliteLog({ folder })).close();
    rmSync(join(folder, "pglite", "global", "pg_control"));
    await assert.rejects(
      openPgliteLog({ folder }),
      /^Error: the database in the data folder \S+ does not open: [^\n]+$/,
    );
    rmSync(join(folder, "pglite"), { recursive: true });
    await (await openPgliteLog({ folder })).close();
  });
};

describe("the pglite log on files", () => {
  after(remove);

  keeping();
  syncing();
  locking();
  opening();
  openingOthers();
});
