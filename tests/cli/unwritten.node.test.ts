/** The program where what it prints is not read, or cannot be written. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import process from "node:process";
import { after, test } from "node:test";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { newFolder, removeServers } from "../support/server.ts";
import { run } from "./session.ts";

const FULL = "/dev/full";

after(removeServers);

/** Runs it with this output, or one that nobody reads; its status and what it said. */
const program = (line: string, environment: NodeJS.ProcessEnv, output: "pipe" | number) =>
  new Promise<{ readonly status: number | null; readonly err: string }>((resolve) => {
    const words = ["--import", "tsx", "adapters/cli/main.ts", ...line.split(" ")];
    const child = spawn(process.execPath, words, {
      env: { ...process.env, ...environment },
      stdio: ["ignore", output, "pipe"],
    });
    child.stdout?.destroy();
    let err = "";
    child.stderr?.on("data", (text) => (err += text));
    child.on("close", (status) => resolve({ status, err }));
  });

/** A folder with an organization that has a token. */
const opened = async () => {
  const environment = { DATA_DIR: newFolder() };
  await (await openPgliteLog({ folder: environment.DATA_DIR })).close();
  const { status, err } = await run(["organization", "open", "acme"], environment);
  assert.equal(status, 0, err);
  return environment;
};

test("it ends without a word where nobody reads it", async () => {
  const environment = await opened();
  const lines: readonly (readonly [string, number])[] = [
    ["completions bash", 0],
    ["organization list", 0],
    ["export acme", 0],
    ["check", 1],
    ["follow acme", 0],
  ];
  for (const [line, expected] of lines) {
    assert.deepEqual(await program(line, environment, "pipe"), { status: expected, err: "" }, line);
  }
});

test("it fails with a sentence where its output is full", {
  skip: !existsSync(FULL) && `there is no ${FULL}`,
}, async () => {
  const environment = await opened();
  const full = openSync(FULL, "w");
  for (const line of ["--help", "organization show acme", "export acme"]) {
    const { status, err } = await program(line, environment, full);
    assert.equal(status, 1, line);
    assert.match(err, /^ledgerline: the output cannot be written: ENOSPC[^\n]*\n$/, line);
  }
});
