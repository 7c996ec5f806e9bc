/** `npm start` as a supervisor sees it: one process to signal, and nothing left behind. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../tidy/command.ts";
import { build, follow, inherited, newFolder, removeServers } from "../support/server.ts";

/** A server without anything to finish has ended well within this time, also on a busy machine. */
const SOON_MS = 30_000;

const { scripts, ...others } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** The project as npm sees it, with the script that starts it, and what was built in `dist`. */
const projectFolder = (): string => {
  const folder = newFolder();
  const start: string = scripts.start;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...others, scripts: { start } }));
  symlinkSync(dirname(build()), join(folder, "dist"));
  mkdirSync(join(folder, "data"));
  return folder;
};

const startNpm = async () => {
  const cwd = projectFolder();
  const child = spawn("npm", ["start"], {
    cwd,
    env: { ...inherited(), PORT: "0", DATA_DIR: join(cwd, "data") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const npm = follow(child);
  const line = /^ledgerline listening on (\S+)$/m;
  const end = Date.now() + 60_000;
  while (!line.test(npm.printed().out)) {
    assert.ok(Date.now() < end, JSON.stringify(npm.printed()));
    await sleep(50);
  }
  return { npm, url: line.exec(npm.printed().out)?.[1] ?? "" };
};

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
};

const assertGone = async (url: string): Promise<void> => {
  const end = Date.now() + SOON_MS;
  while (await answers(url)) {
    assert.ok(Date.now() < end, "the server goes on running");
    await sleep(100);
  }
};

describe("the server that npm start began", { timeout: 180_000 }, () => {
  after(removeServers);

  test("has ended when npm has, which was sent SIGTERM", async () => {
    const { npm, url } = await startNpm();
    assert.equal(await answers(url), true);
    assert.deepEqual(await npm.kill("SIGTERM"), { code: 0, signal: null });
    assert.equal(await answers(url), false);
    assert.equal(npm.printed().err, "");
  });

  test("ends when npm is killed without signalling it", async () => {
    const { npm, url } = await startNpm();
    // Its output stays open for as long as the server has it.
    void npm.kill("SIGKILL");
    await assertGone(url);
  });
});

test("a server ends whose npm was killed while it opened", { timeout: 120_000 }, async () => {
  const program = `
    import { runProgram } from "${ROOT}adapters/runtimes/server/program.ts";
    const parent = process.ppid;
    console.log("opening as " + process.pid + ".");
    const stop = async () => console.log("stopped");
    await runProgram(async () => {
      while (process.ppid === parent) await new Promise((next) => setTimeout(next, 20));
      return { url: "http://localhost:1", adminUrl: null, ledger: {}, stop };
    });
    setInterval(() => {}, 1_000);
  `;
  const args = ["node", "--import", "tsx", "--input-type=module", "--eval", program];
  const env = { ...inherited(), ADMIN_TOKEN: "0123456789abcdef", npm_lifecycle_event: "start" };
  const npm = spawn("sh", ["-c", '"$@" & wait', "sh", ...args], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { printed } = follow(npm);
  const line = /^opening as (\d+)\.$/m;
  for (const end = Date.now() + 60_000; !line.test(printed().out); await sleep(20)) {
    assert.ok(Date.now() < end, JSON.stringify(printed()));
  }
  npm.kill("SIGKILL");
  try {
    for (const end = Date.now() + SOON_MS; !/^stopped$/m.test(printed().out); await sleep(20)) {
      assert.ok(Date.now() < end, `the server goes on running: ${printed().out}`);
    }
  } catch (error) {
    process.kill(Number(line.exec(printed().out)?.[1]), "SIGKILL");
    throw error;
  }
});

describe("a server that cannot end", { timeout: 60_000 }, () => {
  after(removeServers);

  test("is cut off after its time, with a line and status 1", async () => {
    const program = `
      import { runProgram } from "${ROOT}adapters/runtimes/server/program.ts";
      const never = new Promise(() => {});
      await runProgram(async () => ({
        url: "http://localhost:1", adminUrl: null, ledger: {}, stop: () => never,
      }), 100);
      setInterval(() => {}, 1_000);
    `;
    const args = ["--import", "tsx", "--input-type=module", "--eval", program];
    const env = { ...inherited(), ADMIN_TOKEN: "0123456789abcdef", PURCHASE_WAIT_MS: "0" };
    const child = spawn("node", args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    const stuck = follow(child);
    await stuck.firstLine();
    assert.deepEqual(await stuck.kill("SIGTERM"), { code: 1, signal: null });
    assert.match(stuck.printed().err, /did not end in time/);
  });
});
