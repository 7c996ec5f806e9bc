/** Numbers as of any time are what the whole log gives, however they are asked for. */
import { test } from "node:test";
import fc from "fast-check";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { runs } from "../support/runs.ts";
import { anyPast, assertPastsOf } from "./past-numbers.ts";

test("numbers as of any time are what the whole log gives", async () => {
  await fc.assert(
    fc.asyncProperty(anyPast, (past) => assertPastsOf(openMemoryLog(), past)),
    { numRuns: runs(200) },
  );
});

test("they are on PGlite too", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyPast,
      async (past) => await assertPastsOf(await openPgliteLog({ folder: "memory" }), past),
    ),
    { numRuns: runs(4) },
  );
});
