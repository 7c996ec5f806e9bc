/**
 * A process that runs test files one after the other, each as a suite that is named by its path:
 * the parent process sends the next path when `reporter.js` has reported the last one, and
 * nothing at the end. Starting the runtime and loading the code under test happens once for many
 * files.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { after, describe } from "node:test";
import { ROOT } from "../tidy/command.ts";
import { leftovers, takeSnapshot } from "./leftovers.ts";
import { END } from "./pool.ts";
import "./seed.ts";

// For its own message Node would parse the source as JavaScript, which takes minutes for
// TypeScript.
const { ok } = assert;
Object.assign(assert, {
  ok: (value: unknown, message: string | Error = `${value} is not truthy`): void =>
    ok(value, message),
});

/** Ends this process, if the one that started it has ended. */
const abandoned = (): never => process.exit(1);
process.once("disconnect", abandoned);

process.on("message", (path: string) => {
  if (path === END) {
    process.off("disconnect", abandoned);
    return process.disconnect();
  }
  // The runner gives tests to the suite in whose asynchronous context they are declared.
  void describe(path, async () => {
    const before = takeSnapshot();
    await import(`${ROOT}${path}`);
    // Declared last, so that the file's own hooks have put back what they replaced.
    after(() => {
      const left = leftovers(before, takeSnapshot());
      assert.equal(left.length, 0, `left changed for the next file: ${left.join(", ")}`);
    });
  });
});
