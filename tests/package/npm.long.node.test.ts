/** Ways in by npm itself, from its registry: without what is for development, and by npx. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, describe, test } from "node:test";
import { serverProgram } from "../support/bundle.ts";
import { until } from "../support/eventually.ts";
import { packPackage, runIn } from "../support/package.ts";
import { follow, inherited, newFolder, removeServers } from "../support/server.ts";
import { ROOT } from "../tidy/command.ts";
import { packageJson } from "./entry-points.ts";

/** What npm reads of a clone. */
const READ = ["package.json", "package-lock.json", ".npmrc"];

/** Waits until it listens, and sees that it serves. */
const assertServes = async (child: ChildProcess): Promise<void> => {
  const server = follow(child);
  const listening = /^ledgerline listening on (\S+)$/m;
  let isOver = false;
  void server.ended.then(() => isOver = true);
  await until(() => isOver || listening.test(server.printed().out));
  const [, url] = listening.exec(server.printed().out) ?? [];
  assert.ok(url !== undefined, server.printed().err);
  for (const path of ["/readyz", "/docs", "/openapi/ledger.json"]) {
    assert.equal((await fetch(new URL(path, url))).status, 200, path);
  }
  // npm and what it runs, as a terminal does it.
  process.kill(-(child.pid ?? 0), "SIGTERM");
  await server.ended;
};

const start = (program: string, words: readonly string[], cwd: string): ChildProcess =>
  spawn(program, words, {
    cwd,
    detached: true,
    env: { ...inherited(), PORT: "0", DATA_DIR: "memory" },
    stdio: ["ignore", "pipe", "pipe"],
  });

describe("npm", { timeout: 600_000 }, () => {
  after(removeServers);

  test("installs without what is for development, and then starts what was built", async () => {
    const folder = newFolder();
    for (const name of READ) cpSync(join(ROOT, name), join(folder, name));
    cpSync(dirname(serverProgram()), join(folder, "dist"), { recursive: true });
    const built = readdirSync(join(folder, "dist"));
    await runIn(folder, "npm", ["ci", "--omit=dev"]);
    for (const name of ["esbuild", "tsx", "wrangler", "deno"]) {
      assert.equal(existsSync(join(folder, "node_modules", name)), false, name);
    }
    for (const name of Object.keys(packageJson().dependencies)) {
      assert.ok(existsSync(join(folder, "node_modules", name)), name);
    }
    await assertServes(start("npm", ["start"], folder));
    assert.deepEqual(readdirSync(join(folder, "dist")), built);
  });

  test("runs the tarball where nothing is installed", async () => {
    const folder = newFolder();
    cpSync(await packPackage(), join(folder, "ledgerline.tgz"));
    await assertServes(start("npx", ["--yes", "./ledgerline.tgz", "serve"], folder));
    assert.deepEqual(readdirSync(folder), ["ledgerline.tgz"]);
  });
});
