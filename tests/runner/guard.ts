/**
 * Loaded before each test file on Node: a file whose process ends before its tests fails, also with
 * exit code 0. The runner would count the tests that were reported until then, and a file without
 * reports as one that passed. The number of tests run, and the time, are written to a folder, by the file that
 * started them: the runner reports each only under the file it is written in, which may be a suite
 * elsewhere.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, afterEach } from "node:test";

// For its own message Node would parse the source as JavaScript, which takes minutes for
// TypeScript.
const { ok } = assert;
Object.assign(assert, {
  ok: (value: unknown, message: string | Error = `${value} is not truthy`): void =>
    ok(value, message),
});

/** Programs that a test file starts may inherit this module; they are not test files. */
const file = process.argv[1] ?? "";
const isTestFile = file.endsWith(".test.ts");
const folder = process.env["TESTS_RAN_FOLDER"];

if (isTestFile) {
  let isOver = false;
  let count = 0;
  afterEach(() => {
    count += 1;
  });
  after(() => {
    isOver = true;
  });
  process.on("exit", (code) => {
    if (folder !== undefined) {
      writeFileSync(
        join(folder, `${process.pid}-${randomUUID()}.json`),
        JSON.stringify({ file, count, seconds: process.uptime() }),
      );
    }
    if (isOver || code !== 0) return;
    process.exitCode = 1;
    console.error(`${process.argv[1]}: its process ended before its tests did`);
  });
}
