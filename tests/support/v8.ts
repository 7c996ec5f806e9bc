/** How V8 compiles PGlite in the processes of tests. */
import process from "node:process";

/**
 * Flags of V8 for a process that is over within seconds: it compiles WebAssembly once, and does not
 * spend as much processor time again on faster code that is hardly used. `npm run test:long`, and
 * files that are named or run alone, compile as production does.
 */
export const shortFlags = (): readonly string[] =>
  ["quick", "test"].includes(process.env["TESTS_RUNS"] ?? "") ? ["--liftoff-only"] : [];

/** The same as arguments of Deno. */
export const shortFlagsOfDeno = (): readonly string[] =>
  shortFlags().map((flag) => `--v8-flags=${flag}`);
