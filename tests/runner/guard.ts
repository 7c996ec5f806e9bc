/**
 * Loaded before each test file on Node: a file whose process ends before its tests did fails, also
 * where it ends with 0. The runner would count the tests that were reported until then, and a file
 * that reported none as one that passed.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { after } from "node:test";

// For a message of its own Node would parse the source, as JavaScript: in TypeScript for minutes.
const { ok } = assert;
Object.assign(assert, {
  ok: (value: unknown, message: string | Error = `${value} is not truthy`): void =>
    ok(value, message),
});

/** Programs that a test file starts may inherit this module; they are no test files. */
const isTestFile = (process.argv[1] ?? "").endsWith(".test.ts");

if (isTestFile) {
  let isOver = false;
  after(() => {
    isOver = true;
  });
  process.on("exit", (code) => {
    if (isOver || code !== 0) return;
    process.exitCode = 1;
    console.error(`${process.argv[1]}: its process ended before its tests did`);
  });
}
