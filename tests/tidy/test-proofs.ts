/** Faults that the rules of tests must find. */
import type { Proofs } from "./proofs.ts";

const [ONLY, SKIP, TODO] = ["only", "skip", "todo"];

/** Each waits for a fixed time once. */
const WAITS: readonly string[] = [
  "await new Promise((next) => setTimeout(next, 20));",
  "await new Promise<void>((resolve) => setTimeout(resolve, MS));",
  "await new Promise((r) => setTimeout(r, 500));",
  "await new Promise((resolve) =>\n  setTimeout(resolve, 500)\n);",
  "await new Promise((resolve) => { setTimeout(resolve, 500); });",
  "await new Promise((resolve) => setTimeout(() => resolve(1), 500));",
  "await new Promise(function (resolve, reject) { globalThis.setTimeout(() => resolve(1), 5); });",
  "await new Promise((_, no) => setTimeout(yes, 5, no));",
  `import { setTimeout as sleep } from "node:timers/promises";`,
  `import {\n  setImmediate,\n  setTimeout,\n} from "node:timers/promises";`,
  `import { scheduler } from "node:timers/promises";`,
  `import { setInterval } from "node:timers/promises";`,
  `import timers from "node:timers/promises";`,
  `import * as timers from "timers/promises";`,
  `import { promises } from "node:timers";`,
  `const { scheduler } = await import("node:timers/promises");`,
  "await Effect.runPromise(Effect.sleep(500));",
];

/** The rules of tests alone. */
export const TEST_PROOFS: Proofs = {
  "a test waits for a condition by `until`, or by `pause` for a time that has a reason": {
    faults: [
      ...WAITS.map((text) => ({ "tests/a.test.ts": text })),
      { "tests/support/a.ts": WAITS[0] ?? "" },
      { "tests/support/pause.ts": "export const pause = 1;" },
    ],
    clean: [
      { "tests/a.test.ts": `await pause(20, "it is idle"); await until(() => true);` },
      { "tests/a.test.ts": "await new Promise((next) => setTimeout(next, 0));" },
      { "tests/a.test.ts": "await new Promise((next) => setTimeout(next));" },
      { "tests/a.test.ts": "new Promise((_, no) => { setTimeout(() => no(new Error()), 500); });" },
      { "tests/a.test.ts": "setTimeout(() => idle.abort(), 20);" },
      { "tests/a.test.ts": "await run(Effect.sleep(500), virtual);" },
      { "tests/a.test.ts": `import { setImmediate } from "node:timers/promises";` },
      { "tests/support/pause.ts": WAITS[0] ?? "" },
      { "http/a.ts": WAITS[0] ?? "" },
    ],
  },
  "only a test file has hooks around all of its tests: its modules serve other files too": {
    faults: [
      { "tests/a.ts": "after(() => 1);" },
      { "tests/a/b.ts": "beforeEach(prepare);" },
      { "tests/a.ts": "if (isSlow) { after(() => 1); }" },
      { "tests/a.ts": "  test.after(\n  () => 1);" },
    ],
    clean: [
      { "tests/a.test.ts": "after(() => 1);" },
      { "tests/a.ts": "const prepare = () => {\n  after(() => 1);\n};\nafterwards(prepare);" },
    ],
  },
  "no test is left out for good, and none runs alone": {
    faults: [
      { "tests/a.ts": `test.${ONLY}("a", () => {});` },
      { "tests/a.ts": `describe("a", () => { it.${SKIP}("b", () => {}); });` },
      { "tests/a.ts": `test("a", (t) => t.${TODO}());` },
      { "tests/a.ts": `test("a", { ${SKIP}: true }, () => {});` },
      { "tests/a.ts": `test("a", { ${TODO}: "later" }, () => {});` },
    ],
    clean: [
      { "tests/a.ts": `test("a", { skip: !existsSync("seeds") }, () => {});` },
      { "tests/a.ts": `const page = rows.skip(3);` },
    ],
  },
};
