/** `npm start` as a supervisor sees it: one process to signal, and nothing left behind. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { ROOT } from "../tidy/command.ts";
import { serverProgram } from "../support/bundle.ts";
import { follow, inherited, newFolder, removeServers } from "../support/server.ts";
import { until } from "../support/eventually.ts";

const { scripts, ...others } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** The project as npm sees it, with the script that starts it, and what was built in `dist`. */
const projectFolder = (): string => {
  const folder = newFolder();
  const start: string = scripts.start;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...others, scripts: { start } }));
  symlinkSync(dirname(serverProgram()), join(folder, "dist"));
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
  await until(() => line.test(npm.printed().out));
  return { npm, url: line.exec(npm.printed().out)?.[1] ?? "" };
};

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
};

const assertGone = (url: string): Promise<void> => until(async () => !await answers(url));

describe("the server that npm start began", { timeout: 600_000 }, () => {
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

test("a server ends whose npm was killed while it opened", { timeout: 600_000 }, async () => {
  const program = `
    import { runProgram } from "${ROOT}adapters/runtimes/server/program.ts";
    import { until } from "${ROOT}tests/support/eventually.ts";
    const parent = process.ppid;
    console.log("opening as " + process.pid + ".");
    const stop = async () => console.log("stopped");
    await runProgram(async () => {
      await until(() => process.ppid !== parent);
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
  await until(() => line.test(printed().out));
  npm.kill("SIGKILL");
  try {
    await until(() => /^stopped$/m.test(printed().out));
  } catch (error) {
    process.kill(Number(line.exec(printed().out)?.[1]), "SIGKILL");
    throw error;
  }
});

describe("a server that cannot end", { timeout: 600_000 }, () => {
  after(removeServers);

  test("is cut off after its time, with a line and status 1", async () => {
    const program = `
      import { runProgram } from "${ROOT}adapters/runtimes/server/program.ts";
      const never = new Promise(() => {});
      await runProgram(async () => ({
        url: "http://localhost:1", adminUrl: null, ledger: {}, stop: () => never,
      }), { closeMs: 100 });
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
