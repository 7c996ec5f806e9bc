/**
 * A reporter for Node's test runner in a process of `worker.ts`, which wraps each file in a suite:
 * sends the process that started this one how many tests of a file passed, failed and were skipped,
 * and which failed and why. In JavaScript, since Node loads reporters before its TypeScript support.
 */
import process from "node:process";
import { inspect } from "node:util";

/** A suite, or a test with tests in it, fails because of a test that is reported separately. */
const isOfParts = (error) => error?.failureType === "subtestsFailed";

const whyOf = (error) => {
  const cause = error?.cause ?? error;
  return typeof cause === "string" ? cause : inspect(cause);
};

const empty = () => ({ ran: 0, passed: 0, failed: 0, skipped: 0, failures: [] });

/** What the runner says of all tests at the end. */
const SUMMARY = /^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

/** Reads the runner's events; sends a report at the end of each file. */
export default async function* reporter(events) {
  const names = [];
  let file = empty();
  for await (const { type, data } of events) {
    if (type === "test:start") names[data.nesting] = data.name;
    // What fails after its test has ended is told so only.
    if (type === "test:diagnostic" && data.nesting === 0 && !SUMMARY.test(data.message)) {
      yield `${data.message}\n`;
    }
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { nesting, details, skip, todo } = data;
    const isFailure = type === "test:fail" && todo === undefined;
    const isReported = isFailure && !isOfParts(details.error);
    if (isReported) {
      const name = [...names.slice(1, nesting), data.name].join(" > ");
      file.failures.push({ name: nesting === 0 ? "the file" : name, why: whyOf(details.error) });
    }
    if (nesting === 1) file.ran += 1;
    if (details.type === "suite") {
      if (isReported) file.failed += 1;
    } else if (skip !== undefined || todo !== undefined) {
      file.skipped += 1;
    } else if (isFailure) {
      file.failed += 1;
    } else {
      file.passed += 1;
    }
    if (nesting === 0) {
      process.send?.({ file: data.name, memory: process.memoryUsage.rss(), ...file });
      file = empty();
    }
  }
  yield "";
}
