/** What one tenant stores is more than this process may hold in memory, and can still be read. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("./large-rows.ts", import.meta.url));

/** A page of 1,000 events of this tenant would take about three times as much. */
const HEAP_MB = 80;

test("history, the past, export, followers and rebuild read large events with little memory", {
  timeout: 240_000,
}, () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, "--import", "tsx", PROGRAM],
    { encoding: "utf8", cwd: fileURLToPath(new URL("../../", import.meta.url)) },
  );
  const read = [
    "history 1",
    "asOf 220",
    "export 220",
    "follow 220",
    "followAll 220",
    "rebuild 220",
  ];
  assert.deepEqual(stdout.trim().split("\n"), read, stderr.slice(-2_000));
});
