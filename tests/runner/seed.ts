/** Loaded before the tests: gives everything random in them the seed that the run printed. */
import process from "node:process";
import fc from "fast-check";

const seed = process.env["TESTS_SEED"];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
