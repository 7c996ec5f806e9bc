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
export const isOnlyForNode = (path: string): boolean => path.endsWith(".node.test.ts");

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
const RUNTIME = [
  "tests/contract/",
  "tests/harness/",
  "tests/library/",
  "tests/runtimes/",
  "tests/webhooks/",
];

const inFolder = (folder: string) => (name: string): string => `tests/contract/${folder}/${name}`;

/**
 * Files of these folders, without their ends, that `npm test` leaves to Node: what is only
 * JavaScript in memory, and what depends on PostgreSQL or PGlite. On Deno the adapters of those are
 * shown by their contract suites, by a database on files, and by connections that are cut.
 */
export const ONLY_ON_NODE: readonly string[] = [
  ..."enough inventory magic memory optional sql telnyx".split(" ").map(inFolder("carrier")),
  inFolder("limiter")("memory"),
  ..."included scripted".split(" ").map(inFolder("payments")),
  ..."blocked-lanes cache document lanes leases memory migrations query-plans queue rates"
    .split(" ").map(inFolder("log")),
  ..."rebuild-beside refusals replaced-rows row-version same stuck without-indexes".split(" ")
    .map(inFolder("log")),
  ..."disk processes steps".split(" ").map((name) => inFolder("log")(`pglite-${name}`)),
  ..."blocked calling-off leases limits rebuild rebuild-alone refusing rights rows servers"
    .split(" ").map((name) => inFolder("log")(`postgres-${name}`)),
  ..."skipping transaction".split(" ").map((name) => inFolder("log")(`postgres-${name}`)),
  "tests/harness/arbitraries",
  "tests/harness/model",
];

/** Whether `npm test` runs a file on Deno too; `npm run test:long` runs all that can. */
export const runsOnDeno = (path: string): boolean =>
  canRunOnDeno(path) && RUNTIME.some((folder) => path.startsWith(folder)) &&
  !ONLY_ON_NODE.some((name) => path === `${name}.test.ts`);

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
  "tests/webhooks/",
];

/** Names of what does, or takes long all the same. */
const SLOW = /postgres|pglite|database|servers|disk|arbitraries/;

/** Files of those folders that open a database too, without their ends. */
const DATABASES: readonly string[] = [
  "tests/contract/clock/kept",
  "tests/http/admin-inventory",
  "tests/http/admin-lists",
  "tests/http/admin-work",
  "tests/http/admin-work-run",
  "tests/http/closing",
  "tests/http/fuzz",
  "tests/http/holders",
  "tests/ledger/contention",
  "tests/ledger/kept-offers",
  "tests/ledger/sharing",
  "tests/ledger/tokens-issued-once",
  "tests/properties/past-numbers",
];

/** Whether `npm run test:quick` runs a file. */
export const isQuick = (path: string): boolean =>
  tierOf(path) === "test" && !isOnlyForNode(path) && !SLOW.test(path) &&
  QUICK.some((folder) => path.startsWith(folder)) &&
  !DATABASES.some((name) => path === `${name}.test.ts`);

/** Files that have a process for themselves, since they change or measure it. */
const ALONE: readonly string[] = [
  // End their process.
  "tests/contract/log/pglite-disk.test.ts",
  "tests/contract/log/pglite-faulty-disk.long.test.ts",
  // Takes the timers of its process, of which others may have left some.
  "tests/ledger/slices.test.ts",
  // Measures its memory.
  "tests/reports/pglite.long.test.ts",
];

/** Whether a file has a process for itself on Node. */
export const isAlone = (path: string): boolean => ALONE.includes(path);
