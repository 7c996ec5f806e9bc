/** Which tier a test file belongs to and where it runs: its name or its folder says so. */

/**
 * `test` is what `npm test` runs. `long` (`*.long.test.ts`, `*.long.node.test.ts`) is run by
 * `npm run test:long` only, as everything random is with its full number of runs.
 */
export type Tier = "test" | "long";

/** The tier of a test file, by its path. */
export const tierOf = (path: string): Tier =>
  /\.long(?:\.node)?\.test\.ts$/.test(path) ? "long" : "test";

/** Files that need Node: real processes, signals, npm. */
const isOnlyForNode = (path: string): boolean => path.endsWith(".node.test.ts");

/** Functions that touch no runtime: core, models of it, and the text of the code itself. */
const PURE = [
  "tests/domain/",
  "tests/properties/",
  "tests/runner/",
  "tests/simulation/",
  "tests/tidy/",
];

/** Whether a file can tell anything on Deno that it does not tell on Node. */
export const canRunOnDeno = (path: string): boolean =>
  !isOnlyForNode(path) && !PURE.some((folder) => path.startsWith(folder));

/** What meets the runtime: sockets, files, streams, timers, and the package's entry points. */
const RUNTIME = ["tests/contract/", "tests/harness/", "tests/library/", "tests/runtimes/"];

/** Whether `npm test` runs a file on Deno too; `npm run test:long` runs all that can. */
export const runsOnDeno = (path: string): boolean =>
  canRunOnDeno(path) && RUNTIME.some((folder) => path.startsWith(folder));

/** What opens no database, no socket and no process takes seconds: it is in the inner loop. */
const QUICK = [
  "tests/carrier/",
  "tests/contract/carrier/",
  "tests/contract/clock/",
  "tests/contract/payments/",
  "tests/domain/",
  "tests/harness/",
  "tests/http/",
  "tests/ledger/",
  "tests/properties/",
  "tests/simulation/",
  "tests/telnyx/",
  "tests/tidy/",
];

/** Names of what does. */
const SLOW = /postgres|pglite|database|servers|disk/;

/** Whether `npm run test:quick` runs a file. */
export const isQuick = (path: string): boolean =>
  tierOf(path) === "test" && !isOnlyForNode(path) && !SLOW.test(path) &&
  QUICK.some((folder) => path.startsWith(folder));

/** Files that have a process for themselves, since they change or measure it. */
const ALONE: readonly string[] = [
  // Ends its process.
  "tests/contract/log/pglite-disk.test.ts",
  // Measures its memory.
  "tests/reports/pglite.long.test.ts",
];

/** Whether a file has a process for itself on Node. */
export const isAlone = (path: string): boolean => ALONE.includes(path);
