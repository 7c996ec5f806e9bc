// A runner that knows other names, as vitest and Deno's bdd do.
import assert from "node:assert/strict";
import { includedPayments } from "ledgerline";
import { eventLogContract, paymentsContract } from "ledgerline/testing";
import { openMemoryLog } from "ledgerline/memory";

/** @typedef {() => void | Promise<void>} Work */
/** @type {{ kind: "it" | "beforeAll" | "afterAll"; name: string; work: Work }[]} */
const declared = [];
const runner = {
  describe: (/** @type {string} */ _name, /** @type {() => void} */ declare) => declare(),
  it: (/** @type {string} */ name, /** @type {Work} */ work) => {
    declared.push({ kind: "it", name, work });
  },
  beforeAll: (/** @type {Work} */ work) => {
    declared.push({ kind: "beforeAll", name: "beforeAll", work });
  },
  afterAll: (/** @type {Work} */ work) => {
    declared.push({ kind: "afterAll", name: "afterAll", work });
  },
};

eventLogContract(runner, "memory", () => Promise.resolve(openMemoryLog()), {
  withoutFaults: "the log is in the memory of this process",
});
paymentsContract(runner, "included", () => ({ payments: includedPayments }), {
  withoutFaults: "nothing is ever collected, so nobody is asked",
});

for (const kind of ["beforeAll", "it", "afterAll"]) {
  for (const { work } of declared.filter((one) => one.kind === kind)) await work();
}
const tests = declared.filter(({ kind }) => kind === "it").length;
assert.ok(tests > 50);
console.log("all passed");
