/** Where tests wait for a fixed time, though `until` would wait for a condition. */
import type { Module } from "./module.ts";
import type { Tree } from "./tree.ts";

/** The files that may, each with the reason. */
const ALLOWED: Readonly<Record<string, string>> = {
  "tests/support/pause.ts": "it is the one wait for a time, and asks for a reason",
  "tests/support/eventually.ts": "it waits between two looks at a condition",
  "tests/runner/pool.ts": "the timers end what a process under test has not ended",
  "tests/harness/contract/log/faults.ts": "the package has it: it cannot import tests/support",
  "tests/harness/faulty-carrier.ts": "to be slow is one of its faults",
  "tests/harness/emulators/telnyx/mod.ts": "a client tells it how long its answers take",
};

/** What may be imported of the modules of timers: it only gives others a turn. */
const TURN = "setImmediate";
const TIMERS = /^(?:node:)?timers(?:\/promises)?$/;

const waitsOf = ({ imports, waits }: Module) => [
  ...imports.filter(({ specifier, names }) =>
    TIMERS.test(specifier) && (!Array.isArray(names) || names.some((name) => name !== TURN))
  ).map(({ specifier, line }) => ({ line, message: `"${specifier}"` })),
  ...waits.map(({ what, line }) => ({ line, message: what })),
];

/** Waits in tests, outside the files that may; and files of these that do not wait. */
export const fixedWaits = ({ modules }: Tree) =>
  modules.filter(({ path }) => path.startsWith("tests/")).flatMap((module) => {
    const { path } = module;
    const found = waitsOf(module);
    if (!(path in ALLOWED)) return found.map((wait) => ({ path, ...wait }));
    return found.length > 0 ? [] : [{ path, line: 1, message: "is allowed to wait, and does not" }];
  });
