/**
 * The holder of a data folder keeps it while it is alive, and notices before it writes that it lost
 * it.
 */
import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { after, describe, test } from "node:test";
import { lockFolder } from "../../../adapters/log/pglite/lock.ts";
import { FolderLost } from "../../../adapters/log/pglite/folder-lost.ts";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { killAll, startLocker } from "./processes.ts";
import { openFolders } from "../../support/folders.ts";
import { appended, appendTo, eventsIn } from "../../harness/contract/log/support.ts";
import { until } from "../../support/eventually.ts";
import { pause } from "../../support/pause.ts";

const { newPath, remove } = openFolders("lock");

const isWindows = process.platform === "win32";

/** Ways to lose a lock, by what its holder says then. */
const LOSSES: Readonly<Record<string, (folder: string) => void>> = {
  "lock.2 was made by another": (folder) => writeFileSync(join(folder, "lock.2"), "{}"),
  "lock.77 was made by another": (folder) => mkdirSync(join(folder, "lock.77")),
  "a number that no lock file can have": (folder) =>
    writeFileSync(join(folder, "lock.9007199254740992"), ""),
  "lock.1 no longer exists": (folder) => rmSync(join(folder, "lock.1")),
  "lock.1 is another's": (folder) => {
    copyFileSync(join(folder, "lock.1"), join(folder, "copy"));
    renameSync(join(folder, "copy"), join(folder, "lock.1"));
  },
  // Of the same length, in the same file.
  "lock.1 is another's ": (folder) => {
    const path = join(folder, "lock.1");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace(/"pid":(\d)/, (_, digit) => `"pid":${9 - Number(digit)}`));
  },
  "lock.1 is another's  ": (folder) => writeFileSync(join(folder, "lock.1"), "released"),
  "lock.1 is a link": (folder) => {
    renameSync(join(folder, "lock.1"), join(folder, "moved"));
    symlinkSync("moved", join(folder, "lock.1"));
  },
  "it was removed or replaced": (folder) => rmSync(folder, { recursive: true }),
  "it was removed or replaced ": (folder) => {
    renameSync(folder, `${folder}-moved`);
    mkdirSync(folder);
  },
  "its socket no longer exists": (folder) => {
    for (const name of readdirSync(folder)) {
      if (name.startsWith("alive.")) rmSync(join(folder, name));
    }
  },
};

const losing = (): void => {
  for (const [what, lose] of Object.entries(LOSSES)) {
    test(`its holder stops before it writes again: ${what}`, async (context) => {
      if (isWindows) return context.diagnostic("open files cannot be moved here");
      const folder = newPath();
      let notify: (lost: FolderLost) => void = () => {};
      const notified = new Promise<FolderLost>((resolve) => notify = resolve);
      const lock = await lockFolder(folder, { onLost: (lost) => notify(lost) });
      for (let count = 0; count < 3; count += 1) lock.assertHeld();
      lose(folder);
      assert.throws(() => lock.assertHeld(), (error) => {
        assert.ok(error instanceof FolderLost);
        if (!what.includes("a link")) assert.ok(error.message.includes(what.trim()), error.message);
        assert.ok(!error.message.includes("\n"));
        return true;
      });
      assert.equal((await notified).message, lock.lost()?.message);
      const left = existsSync(folder)
        ? readdirSync(folder).filter((name) => !name.startsWith("alive."))
        : [];
      lock.release();
      const leftThen = existsSync(folder) ? readdirSync(folder) : [];
      assert.deepEqual(leftThen, left);
    });
  }

  test("its holder notices while it writes nothing", async () => {
    const folder = newPath();
    const lost: FolderLost[] = [];
    await lockFolder(folder, { onLost: (how) => void lost.push(how) });
    writeFileSync(join(folder, "lock.2"), "{}");
    await until(() => lost.length > 0);
    assert.match(lost[0]?.message ?? "", /lock\.2 was made by another/);
  });

  test("a log that lost its folder acknowledges nothing, writes nothing, and gives nothing", async () => {
    const folder = newPath();
    const lost: FolderLost[] = [];
    const log = await openPgliteLog({ folder, onLost: (loss) => lost.push(loss) });
    await appended(log, appendTo("org"));
    await log.load("org", { kinds: ["number"] });
    writeFileSync(join(folder, "lock.2"), "{}");
    const files = filesIn(join(folder, "pglite"));
    await assert.rejects(log.append(appendTo("org", { expected: "any" })), FolderLost);
    await assert.rejects(log.load("org", { kinds: ["number"] }), FolderLost);
    await assert.rejects(log.events("org", 0, 1), FolderLost);
    await assert.rejects(log.health(), FolderLost);
    await log.close();
    await setImmediate();
    assert.deepEqual(filesIn(join(folder, "pglite")), files);
    assert.equal(lost.length, 1);
    writeFileSync(join(folder, "lock.2"), "released");
    const again = await openPgliteLog({ folder });
    assert.equal((await eventsIn(again, "org")).length, 1);
    await again.close();
  });
};

const whateverTheTimes = (): void => {
  for (const wait_ms of [0, 60, 150, 400, 900]) {
    test(`its holder notices a lock that is made ${wait_ms} ms after it, however coarse times are`, async () => {
      const folder = newPath();
      const lock = await lockFolder(folder, { onLost: () => {} });
      const begun = performance.now();
      do {
        lock.assertHeld();
        await pause(5, "between two looks at the lock, which must hold all the time");
      } while (performance.now() - begun < wait_ms);
      writeFileSync(join(folder, "lock.2"), "{}");
      assert.throws(() => lock.assertHeld(), FolderLost);
      lock.release();
    });
  }
};

/** Every file below a folder, with its size and when it was written last. */
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const { size, mtimeMs } = statSync(path);
    return `${path} ${size} ${mtimeMs}`;
  }).toSorted();

const living = (): void => {
  test("a stopped holder keeps its folder, and a killed one has lost it", async () => {
    const folder = newPath();
    const holder = await startLocker(folder);
    holder.signal("SIGSTOP");
    // As from another container: its process cannot be looked up.
    const text = readFileSync(join(folder, "lock.1"), "utf8");
    const { realm } = JSON.parse(text);
    const elsewhere = `${realm.split(" ")[0]} pid:[1]`;
    writeFileSync(join(folder, "lock.1"), text.replace(realm, elsewhere));
    const { pid } = holder.child;
    await assert.rejects(
      lockFolder(folder),
      new RegExp(
        `in use by process ${pid} on host ${hostname()} .in another container .*kill -9.*wait until`,
      ),
    );
    holder.signal("SIGCONT");
    holder.say("?");
    assert.match(await holder.line(), /lock\.1 is another's/);
    await holder.kill();
    (await lockFolder(folder)).release();
  });

  test("a folder whose path is longer than a socket's may be has a socket too", async () => {
    const folder = join(newPath(), "deep".repeat(30), "deeper".repeat(30));
    const holder = await startLocker(folder);
    assert.equal(JSON.parse(readFileSync(join(folder, "lock.1"), "utf8")).socket, true);
    holder.signal("SIGSTOP");
    await assert.rejects(lockFolder(folder), /in use by process/);
    await holder.kill();
    (await lockFolder(folder)).release();
    assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith("alive.")), []);
  });
};

const timed = (): void => {
  test("where no socket is available, a beat outlives a busy event loop", async () => {
    const folder = newPath();
    const lock = await lockFolder(folder, { socket: false });
    assert.equal(lock.isTimed, true);
    const stamp = () => statSync(join(folder, "lock.1")).mtimeMs;
    const seen = new Set<number>();
    const begun = performance.now();
    while (seen.size < 2 && performance.now() - begun < 60_000) seen.add(stamp());
    assert.equal(seen.size, 2);
    lock.assertHeld();
    lock.release();
  });

  test("where a lock can have no beat, it is refused, and is free for the next attempt", async () => {
    const folder = newPath();
    const start = () => Promise.reject(new Error("no threads"));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await assert.rejects(
        lockFolder(folder, { socket: false, start }),
        /cannot be locked: its lock has no beat \(no threads\)$/,
      );
    }
    const lock = await lockFolder(folder, { socket: false });
    lock.assertHeld();
    lock.release();
  });

  test("where no socket is available, a holder that was suspended has lost its folder", async () => {
    const folder = newPath();
    const holder = await startLocker(folder, "without");
    holder.say("?");
    assert.equal(await holder.line(), "held");
    holder.signal("SIGSTOP");
    const text = readFileSync(join(folder, "lock.1"), "utf8");
    const { mtime } = statSync(join(folder, "lock.1"));
    const { realm } = JSON.parse(text);
    writeFileSync(join(folder, "lock.1"), text.replace(realm, "another machine"));
    utimesSync(join(folder, "lock.1"), mtime, mtime);
    // It watches the beat for longer than the holder may be suspended.
    const lock = await lockFolder(folder);
    writeFileSync(join(folder, "lock.1"), text);
    utimesSync(join(folder, "lock.1"), mtime, mtime);
    holder.signal("SIGCONT");
    holder.say("?");
    assert.match(await holder.line(), /stood still for more than|made by another/);
    lock.assertHeld();
    lock.release();
    await holder.kill();
  });
};

describe("the holder of a data folder", () => {
  after(() => {
    killAll();
    remove();
  });

  losing();
  whateverTheTimes();
  living();
  timed();
});
