import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, describe, test } from "node:test";
import { MAJOR_VERSION } from "../../../adapters/log/pglite/folder-database.ts";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { openFolders } from "../../support/folders.ts";
import { holderCommand, start, startHolder } from "./processes.ts";
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

const lockOf = (folder: string): string => {
  const numbers = readdirSync(folder).flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []);
  return join(folder, `lock.${Math.max(...numbers.map(Number))}`);
};

/** What the folder's lock says of its holder. */
const holderOf = (folder: string) => JSON.parse(readFileSync(lockOf(folder), "utf8"));

/** Makes the folder's lock say something else of its holder. */
const changeHolder = (folder: string, change: Readonly<Record<string, unknown>>): void => {
  writeFileSync(lockOf(folder), JSON.stringify({ ...holderOf(folder), ...change }));
};

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
    assert.notEqual(await checkpoint(), before);
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

  test("the operating system sees one sync when the log appends once", async (context) => {
    const trace = join(newFolder(), "trace");
    const tracer = ["strace", "-f", "-e", "trace=fsync,fdatasync", "-o", trace];
    if (spawnSync("strace", ["-V"]).error !== undefined) {
      context.diagnostic("strace is not installed: only the syncs asked for were counted");
      return;
    }
    const folder = newFolder();
    const counted = start([...tracer, ...holderCommand(folder)]);
    assert.equal(await counted.line(), "open");
    let printed = "";
    const syncsAt = (): number => readFileSync(trace, "utf8").split("sync(").length - 1;
    while (Number(printed) < 10) printed = await counted.line();
    const [first, before] = [Number(printed), syncsAt()];
    while (Number(printed) < 60) printed = await counted.line();
    const made = syncsAt() - before;
    // Not the tracer: what it traces would go on running.
    process.kill(holderOf(folder).pid, "SIGKILL");
    await counted.ended;
    assert.ok(Math.abs(made - (Number(printed) - first)) <= 5, `${made} syncs for 50 appends`);
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

  test("the log is refused to another process until its holder is killed", async () => {
    const folder = newFolder();
    const holder = await startHolder(folder);
    assert.equal(holder.first, "open");
    const other = await startHolder(folder);
    assert.match(other.first, /^refused /);
    assert.match(other.first, inUse(holder.child.pid));
    await assert.rejects(openPgliteLog({ folder }), inUse(holder.child.pid));

    let printed = "";
    while (Number(printed) < 20) printed = await holder.line();
    await holder.kill();
    for (let line = await holder.line(); line !== ""; line = await holder.line()) printed = line;
    const log = await openPgliteLog({ folder });
    const events = await eventsIn(log, "held");
    assert.ok(
      events.length >= Number(printed),
      `${events.length} events, ${printed} were acknowledged`,
    );
    assert.deepEqual(events.map(({ position }) => position), events.map((_, index) => index + 1));
    await log.close();
  });

  test("the log is given to exactly one when five processes want it at the same time", async () => {
    const folder = newFolder();
    const dead = await startHolder(folder);
    await dead.kill();
    const holders = await Promise.all([1, 2, 3, 4, 5].map(() => startHolder(folder)));
    const winners = holders.filter(({ first }) => first === "open");
    assert.equal(winners.length, 1);
    for (const { first } of holders) {
      if (first !== "open") assert.match(first, inUse(winners[0]?.child.pid));
    }
    await Promise.all(holders.map((holder) => holder.kill()));
  });
};

const locksOfOthers = (): void => {
  test("the log is given when the process id of a dead holder belongs to another one", async () => {
    const folder = newFolder();
    const dead = await startHolder(folder);
    await dead.kill();
    changeHolder(folder, { pid: process.pid });
    await (await openPgliteLog({ folder })).close();
  });

  test("the log is refused when the holder is in another container and its heartbeat goes on", async () => {
    const folder = newFolder();
    const log = await openPgliteLog({ folder });
    changeHolder(folder, { realm: "another container", host: "elsewhere", pid: 1 });
    await assert.rejects(openPgliteLog({ folder }), /in use by process 1 on host elsewhere/);
    await log.close();
  });

  test("the log is given when the holder was in another container and its heartbeat has stopped", async () => {
    const folder = newFolder();
    const dead = await startHolder(folder);
    await dead.kill();
    changeHolder(folder, { realm: "another container", host: "elsewhere", pid: 1 });
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
  locksOfOthers();
  opening();
  openingOthers();
});
