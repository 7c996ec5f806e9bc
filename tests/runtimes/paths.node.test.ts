/**
 * Settings that name a place: one that cannot be used ends the start with a line that names them.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readSettingsFile } from "../../adapters/runtimes/server/settings-files.ts";
import { readHeads } from "../../adapters/runtimes/server/heads-file.ts";
import { openLog } from "../../adapters/runtimes/server/log.ts";
import { readSettings } from "../../adapters/runtimes/server/settings.ts";
import { SettingUnfit } from "../../adapters/runtimes/server/setting-error.ts";
import { bundleOf } from "../support/bundle.ts";
import { inherited, newFolder, removeServers, startProcess } from "../support/server.ts";
import { shortFlags } from "../support/v8.ts";

const folder = newFolder();
after(removeServers);

const at = (name: string): string => join(folder, name);

const pipe = at("pipe");
execFileSync("mkfifo", [pipe]);
const huge = at("huge");
const file = openSync(huge, "w");
ftruncateSync(file, 2 ** 40);
closeSync(file);
writeFileSync(at("file"), "x");
writeFileSync(at("none"), "");
symlinkSync(at("nowhere"), at("dangling"));
mkdirSync(at("empty"));
writeFileSync(at("latin"), Buffer.from([0x7b, 0xe9, 0x7d]));

/** What is not a file that can be read to its end, and what a line says of it. */
const NO_FILES: readonly (readonly [string, RegExp])[] = [
  [pipe, /is not a regular file/],
  ["/dev/zero", /is not a regular file/],
  ["/dev/null", /is not a regular file/],
  [folder, /is not a regular file/],
];

test("a settings file is read when it is regular and bounded, and never waited for", () => {
  for (const [path, why] of NO_FILES) assert.throws(() => readSettingsFile(path), why);
  assert.throws(() => readSettingsFile(huge), /is longer than 1048576 bytes/);
  assert.throws(() => readSettingsFile(at("latin")), /is not in UTF-8/);
  for (const name of ["nowhere", "dangling"]) {
    assert.throws(() => readSettingsFile(at(name)), /ENOENT/);
  }
  assert.equal(readSettingsFile(at("file")), "x");
  const read = readSettings({ PLANS: pipe }, readSettingsFile);
  assert.match(read.ok ? "" : read.error, /^PLANS: the file cannot be read: .*pipe is not a reg/);
});

test("a file of heads is refused where it is not one, and what is there is left alone", async () => {
  for (const [path, why] of NO_FILES) {
    await assert.rejects(
      readHeads(path),
      (error) => error instanceof SettingUnfit && why.test(error.message),
    );
  }
  await assert.rejects(readHeads(huge), /huge is not a whole file of heads/);
  assert.ok(statSync("/dev/null").isCharacterDevice());
});

const settingsOf = (environment: Readonly<Record<string, string>>) => {
  const read = readSettings({ DURABILITY: "relaxed", ...environment });
  assert.ok(read.ok);
  return read.value;
};

test("a log that must exist is never made", async () => {
  const open = (DATA_DIR: string) => openLog(settingsOf({ DATA_DIR }), { mustExist: true });
  for (const name of ["nowhere", "empty", "file", "pipe", "dangling", "file/below"]) {
    await assert.rejects(open(at(name)), (error) => {
      assert.ok(error instanceof SettingUnfit);
      assert.match(error.message, /^DATA_DIR: [^\n]+$/);
      return true;
    }, name);
  }
  await assert.rejects(open("memory"), /^SettingUnfit: DATA_DIR: memory keeps nothing/);
  assert.deepEqual(readdirSync(at("empty")), []);
  assert.equal(existsSync(at("nowhere")), false);
});

test("the command line makes no database where there is none, whatever it is asked", () => {
  for (
    const words of [
      ["heads"],
      ["heads", "--accept"],
      ["check"],
      ["export", "acme"],
      ["installation"],
      ["rebuild"],
      ["follow"],
    ]
  ) {
    const { status, stdout, stderr } = spawnSync(
      "node",
      [...shortFlags(), bundleOf("adapters/cli/main.ts"), ...words],
      { encoding: "utf8", env: { ...inherited(), DATA_DIR: at("nowhere"), HEADS_FILE: at("h") } },
    );
    assert.deepEqual([status, stdout], [2, ""], words.join(" "));
    assert.match(stderr, /^ledgerline: DATA_DIR: there is no ledger in [^\n]+\n$/);
  }
  assert.equal(existsSync(at("nowhere")), false);
  assert.equal(existsSync(at("h")), false);
});

for (const runtime of ["node", "deno"] as const) {
  describe(`a start on ${runtime}`, { timeout: 600_000 }, () => {
    const unfit: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      ["PLANS", { PLANS: pipe }],
      ["PLANS", { PLANS: "/dev/zero" }],
      ["HEADS_FILE", { HEADS_FILE: pipe }],
      ["HEADS_FILE", { HEADS_FILE: join(folder, "nowhere", "heads") }],
      ["HEADS_FILE", { HEADS_FILE: at("dangling") }],
      ["HEADS_FILE", { HEADS_FILE: folder }],
      ["HEADS_FILE", { HEADS_FILE: huge }],
      ["HEADS_FILE", { HEADS_FILE: at("none") }],
      ["DATA_DIR", { DATA_DIR: at("file") }],
      ["DATA_DIR", { DATA_DIR: pipe }],
      ["HOST", { HOST: "999.1.1.1" }],
      ["HOST", { HOST: "192.0.2.1" }],
      ["ADMIN_HOST", { ADMIN_HOST: "nobody.invalid", ADMIN_PORT: "0" }],
    ];
    // What is read before anything of a runtime's own is begun is the same on both.
    const own = runtime === "node" ? unfit : unfit.filter(([name]) => /FILE|HOST/.test(name));
    for (const [name, environment] of own) {
      test(`ends with 2 and a line: ${JSON.stringify(environment)}`, async () => {
        const started = startProcess("memory", { runtime, environment });
        assert.deepEqual(await started.ended, { code: 2, signal: null });
        const { out, err } = started.printed();
        assert.equal(out, "");
        assert.match(err, new RegExp(`^ledgerline: ${name}: [^\\n]+\\n$`));
      });
    }
  });
}
