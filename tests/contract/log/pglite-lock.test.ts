/**
 * The lock on a data folder: what is not one is refused, and its holder notices when it lost it.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { after, describe, test } from "node:test";
import { thisProcess } from "../../../adapters/log/pglite/holder.ts";
import { lockFolder } from "../../../adapters/log/pglite/lock.ts";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { openFolders } from "../../support/folders.ts";

const { newPath, newFolder, remove } = openFolders("lock");

const isWindows = process.platform === "win32";

/** Refused in one line that names the file and says what to do; nothing in the folder changed. */
const assertRefused = async (folder: string, name: string, what: RegExp): Promise<void> => {
  const before = readdirSync(folder).toSorted();
  await assert.rejects(lockFolder(folder), (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /^the data folder \S+ cannot be locked: lock\.[^\n\0]*$/);
    assert.ok(error.message.includes(`: ${name} `), error.message);
    assert.match(error.message, what);
    assert.match(error.message, /remove it once no process uses the folder$/);
    return true;
  });
  assert.deepEqual(readdirSync(folder).toSorted(), before);
};

const hostileNames = (): void => {
  for (
    const number of [
      "9007199254740992",
      "9007199254740991",
      "9007199254740990",
      "99999999999999999999999",
      "9".repeat(200),
      "007",
      "0",
      "00",
    ]
  ) {
    const isZero = number === "0";
    test(`lock.${number.slice(0, 30)} is ${isZero ? "no lock" : "refused"}`, async () => {
      const folder = newFolder();
      writeFileSync(join(folder, `lock.${number}`), "released");
      if (isZero) return (await lockFolder(folder)).release();
      await assertRefused(folder, `lock.${number}`.slice(0, 60), /a number that no lock file/);
    });
  }

  test("other names that begin as lock files do are left alone", async () => {
    const folder = newFolder();
    for (const name of ["lock.", "lock.1e3", "lock.-1", "lock.1.bak", "lock.٣", "lock.0x10"]) {
      writeFileSync(join(folder, name), "x");
    }
    (await lockFolder(folder)).release();
    assert.equal(readFileSync(join(folder, "lock.1"), "utf8"), "released");
  });
};

const socketAt = (path: string): Promise<void> =>
  new Promise((resolve) => createServer().listen(path, resolve).unref());

const hostileTexts = (): void => {
  const holder = { ...thisProcess(), pid: 1 };
  const texts: Readonly<Record<string, string | Uint8Array>> = {
    "an empty file": "",
    "NULs": new Uint8Array(300),
    "a holder with a NUL": JSON.stringify({ ...holder, host: "a\0b" }),
    "a holder of two lines": JSON.stringify({ ...holder, host: "a\nledgerline: all is well" }),
    "a token that leads elsewhere": JSON.stringify({ ...holder, token: "../../x" }),
    "a process that there cannot be": JSON.stringify({ ...holder, pid: -1 }),
    "a process id that is not a number": JSON.stringify({ ...holder, pid: "1" }),
    "half of a holder": JSON.stringify(holder).slice(0, 60),
    "null": "null",
    "an array": "[]",
    "what is not UTF-8": new Uint8Array([0xff, 0xfe, 0x00]),
    "released, and more": "released\n",
  };
  for (const [name, text] of Object.entries(texts)) {
    test(`${name} in a lock file is refused`, async () => {
      const folder = newFolder();
      writeFileSync(join(folder, "lock.1"), "released");
      writeFileSync(join(folder, "lock.3"), text);
      await assertRefused(folder, "lock.3", /does not name a holder/);
    });
  }
};

const hostileFiles = (): void => {
  test("a lock file of 64 MiB is refused without being read", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "lock.2"), new Uint8Array(64 * 1_048_576));
    await assertRefused(folder, "lock.2", /too large/);
  });

  test("a folder and a socket in place of a lock file are refused", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "lock.5"));
    await assertRefused(folder, "lock.5", /is not a file/);
    if (isWindows) return;
    await socketAt(join(folder, "lock.6"));
    await assertRefused(folder, "lock.6", /is not a file/);
  });

  test("a pipe in place of a lock file is refused, and not waited for", async (context) => {
    if (isWindows) return context.diagnostic("there are no pipes in folders here");
    const folder = newFolder();
    execFileSync("mkfifo", [join(folder, "lock.1")]);
    await assertRefused(folder, "lock.1", /is not a file/);
  });

  test("a link in place of a lock file is refused, wherever it leads", async (context) => {
    if (isWindows) return context.diagnostic("links need special rights here");
    for (const target of ["nowhere", "released", "lock.2", "/dev/zero"]) {
      const folder = newFolder();
      writeFileSync(join(folder, "released"), "released");
      symlinkSync(target, join(folder, "lock.2"));
      await assertRefused(folder, "lock.2", /is a link/);
    }
  });

  test("a lock file that this user may not read is refused", async (context) => {
    if (isWindows || process.getuid?.() === 0) {
      return context.diagnostic("this user may read everything");
    }
    const folder = newFolder();
    writeFileSync(join(folder, "lock.1"), "released", { mode: 0 });
    await assertRefused(folder, "lock.1", /cannot be read \(EACCES\)/);
  });

  test("what lies among old lock files does not keep the folder from being taken", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "lock.1"));
    writeFileSync(join(folder, "lock.2"), "junk");
    writeFileSync(join(folder, "lock.99"), "released");
    const lock = await lockFolder(folder);
    lock.assertHeld();
    assert.ok(!existsSync(join(folder, "lock.2")));
    lock.release();
  });
};

const earlier = (): void => {
  const old = (change: Readonly<Record<string, unknown>>): string => {
    const folder = newFolder();
    const { socket: _, ...holder } = thisProcess();
    writeFileSync(join(folder, "lock.4"), JSON.stringify({ ...holder, ...change }));
    return folder;
  };

  test("a lock of an earlier version counts while its process is alive", async () => {
    await assert.rejects(lockFolder(old({})), /in use by process \d+ on host/);
    (await lockFolder(old({ started: "1" }))).release();
  });

  test("a lock of an earlier version in another container is left to the operator", async (context) => {
    const boot = thisProcess().realm.split(" ")[0];
    if (boot === "") return context.diagnostic("this system does not name its boots");
    const folder = old({ realm: `${boot} pid:[1]`, pid: 1 });
    await assert.rejects(
      lockFolder(folder),
      /process 1 on host .*earlier version.*once it has ended, remove lock\.4 and start again$/,
    );
    rmSync(join(folder, "lock.4"));
    (await lockFolder(folder)).release();
  });
};

const rights = (): void => {
  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  test("the folder is the owner's alone, made or found", async (context) => {
    if (isWindows) return context.diagnostic("there are no such rights here");
    const notes: string[] = [];
    const onNote = (sentence: string) => void notes.push(sentence);
    const fresh = newPath();
    (await lockFolder(fresh, { onNote })).release();
    assert.equal(modeOf(fresh), 0o700);
    const wide = newFolder();
    chmodSync(wide, 0o777);
    (await lockFolder(wide, { onNote })).release();
    assert.equal(modeOf(wide), 0o700);
    assert.equal(notes.length, 0);
    const shared = newFolder();
    writeFileSync(join(shared, "letter"), "");
    chmodSync(shared, 0o755);
    (await lockFolder(shared, { onNote })).release();
    assert.equal(modeOf(shared), 0o755);
    assert.deepEqual(notes.map((note) => note.replace(shared, "F")), [
      "the data folder F can be entered by other users of the machine; chmod 700 closes it",
    ]);
  });

  test("all that is below is the owner's alone, also where the folder is open", async (context) => {
    if (isWindows) return context.diagnostic("there are no such rights here");
    const folder = newPath();
    await (await openPgliteLog({ folder, durability: "relaxed" })).close();
    chmodSync(join(folder, "pglite"), 0o755);
    writeFileSync(join(folder, "letter"), "");
    const log = await openPgliteLog({ folder, durability: "relaxed" });
    const all = readdirSync(folder, { withFileTypes: true }).filter(({ name }) =>
      name !== "letter"
    );
    for (const { name } of all) assert.equal(modeOf(join(folder, name)) & 0o077, 0, name);
    await log.close();
  });

  test("a database that is a link is refused, since its lock would be elsewhere", async (context) => {
    if (isWindows) return context.diagnostic("links need special rights here");
    const [one, other] = [newPath(), newFolder()];
    await (await openPgliteLog({ folder: one, durability: "relaxed" })).close();
    symlinkSync(join(one, "pglite"), join(other, "pglite"));
    await assert.rejects(openPgliteLog({ folder: other }), /not a folder of its own; let DATA_DIR/);
    const linked = newPath();
    symlinkSync(one, linked);
    const log = await openPgliteLog({ folder: linked, durability: "relaxed" });
    await assert.rejects(openPgliteLog({ folder: one }), /in use by process/);
    await log.close();
  });

  test("a lock file that is a hard link to something else is refused", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "letter"), "dear");
    linkSync(join(folder, "letter"), join(folder, "lock.8"));
    await assertRefused(folder, "lock.8", /does not name a holder/);
  });
};

describe("the lock on a data folder", () => {
  after(remove);

  hostileNames();
  hostileTexts();
  hostileFiles();
  earlier();
  rights();
});
