/** A reconciliation of very many numbers keeps a few bytes of each, and gives others their turn. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PROGRAM = fileURLToPath(new URL("./reconciled-numbers.ts", import.meta.url));
const FOLDER = fileURLToPath(new URL("../../", import.meta.url));

/** A million numbers of a hundred thousand organizations, in a process with all that it loads. */
const MOST_MB = 400;

const reconcile = async (lost: number) => {
  const asked = ["--import", "tsx", PROGRAM, String(lost)];
  const { stdout } = await promisify(execFile)(process.execPath, asked, { cwd: FOLDER });
  const [found, rest, most] = stdout.trim().split("\n");
  return { found: JSON.parse(found ?? ""), rest, most: Number(most) };
};

const seen = { ours: 1_000_000, theirs: 1_000_000, inFlight: 0, foreign: 0 };
const drifted = { orphan: 0, ghost: 0, stuck: 0, mismatch: 0 };

test("a million numbers are reconciled in 400 MB", { timeout: 900_000 }, async () => {
  const { found, rest, most } = await reconcile(0);
  assert.deepEqual(found, { seen: { ...seen, agreed: 1_000_000 }, drifted });
  assert.equal(rest, "0 others went on");
  assert.ok(most <= MOST_MB, `${most} MB`);
});

test("so they are when the carrier lost half of them", { timeout: 900_000 }, async () => {
  const { found, rest, most } = await reconcile(500_000);
  const drifts = { ...drifted, orphan: 500_000, ghost: 500_000 };
  assert.deepEqual(found, { seen: { ...seen, agreed: 500_000 }, drifted: drifts });
  assert.equal(rest, "500 others went on");
  assert.ok(most <= MOST_MB, `${most} MB`);
});
