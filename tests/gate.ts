/**
 * The whole gate, which `.ci/run` calls after a clean install: the check, `npm test`, and a bounded
 * part of `npm run test:long`, what they print as it comes. The last line has the totals of all
 * three; exits with 1 if anything failed. `--minutes N` bounds the long tests.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { run } from "./tidy/command.ts";

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });

/** Well above the time of any part; one that hangs must be ended. */
const LIMIT_MS = 60 * 60_000;

/** The counts in the last line that a part printed; `failed` is 1 where it left none. */
const totalsOf = (output: string): { readonly passed: number; readonly failed: number } => {
  const [, passed, failed] = /(\d+) (?:passed|ok), (\d+) failed[^\n]*\s*$/.exec(output) ?? [];
  return passed === undefined ? { passed: 0, failed: 1 } : {
    passed: Number(passed),
    failed: Number(failed),
  };
};

const PARTS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["check", ["tests/tidy/check.ts"]],
  ["test", ["tests/run.ts"]],
  ["test:long", ["tests/run.ts", "--tier", "long", "--minutes", values.minutes]],
];

const results: (readonly [line: string, ok: boolean, passed: number, failed: number])[] = [];
for (const [name, args] of PARTS) {
  console.log(`\n── ${name} ──\n`);
  const { ok, output } = await run("node", ["--import", "tsx", ...args], {
    echo: true,
    limit_ms: LIMIT_MS,
  });
  const { passed, failed } = totalsOf(output);
  const failures = ok ? failed : Math.max(1, failed);
  results.push([`${name}: ${passed} passed, ${failures} failed`, ok, passed, failures]);
}
console.log("");
for (const [line] of results) console.log(line);
const sum = (place: 2 | 3): number => results.reduce((all, result) => all + result[place], 0);
// Nothing may follow this line: scripts read the totals from it.
console.log(`${sum(2)} passed, ${sum(3)} failed`);
process.exitCode = results.every(([, ok, , failed]) => ok && failed === 0) ? 0 : 1;
