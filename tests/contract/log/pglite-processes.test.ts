/** Processes that want one folder of PGlite, and what the operating system sees of one. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, describe, test } from "node:test";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { openFolders } from "../../support/folders.ts";
import { holderCommand, killAll, start, startHolder, startLocker } from "./processes.ts";
import { eventsIn } from "../../harness/contract/log/support.ts";

const { newFolder, remove } = openFolders("processes");

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

const syncing = (): void => {
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
    const dead = await startLocker(folder);
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
    const dead = await startLocker(folder);
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
    const dead = await startLocker(folder);
    await dead.kill();
    changeHolder(folder, { realm: "another container", host: "elsewhere", pid: 1 });
    await (await openPgliteLog({ folder })).close();
  });
};

describe("the pglite log between processes", () => {
  after(() => {
    killAll();
    remove();
  });

  syncing();
  locking();
  locksOfOthers();
});
