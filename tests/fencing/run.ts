/**
 * `npm run fencing -- --rounds N`: rounds in which a server is stopped for 0.5 to 30 s while a
 * second one is started on its folder in another container (every fifth on what looks like another
 * machine), with purchases at both. Prints a bar and, at the end, what happened. Ends with 1 where
 * a purchase was acknowledged twice or lost, or a folder did not open; with 2 where no container
 * can be made.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { removeServers } from "../support/server.ts";
import { CONTAINER, hasContainers, hasMachines, machineIn } from "./namespaces.ts";
import { type Result, type Round, runRound } from "./round.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "50" } } });
const ROUNDS = Number(values.rounds);
if (!Number.isSafeInteger(ROUNDS) || ROUNDS < 1) {
  console.error(`--rounds must be a whole number, not ${values.rounds}`);
  process.exit(2);
}
if (!hasContainers()) {
  console.error("no container can be made here: it takes Linux, unshare, and the rights of root");
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), "ledgerline-fencing-"));
const canMove = hasMachines(scratch);
if (!canMove) console.error("no other machine can be played here: those rounds are left out");

const LEAST_MS = 500;
const MOST_MS = 30_000;
const BLIND_MS = 10_000;

/** From the shortest stop to the longest, each as much longer as the last, and then again. */
const stopOf = (round: number): number =>
  Math.round(LEAST_MS * (MOST_MS / LEAST_MS) ** ((round % 10) / 9));

const roundOf = (index: number): Round => {
  const blind = canMove && index % 5 === 4;
  return {
    stopMs: blind ? Math.max(BLIND_MS, stopOf(index)) : stopOf(index),
    under: blind ? machineIn(scratch) : CONTAINER,
    blind,
    kills: index % 5 === 2,
  };
};

const BAR = 30;
const began = performance.now();

const show = (done: number, faults: number): void => {
  const full = Math.round(BAR * done / ROUNDS);
  const each = (performance.now() - began) / Math.max(done, 1) / 1_000;
  const left = done === 0 ? "" : `  ${Math.round(each * (ROUNDS - done))} s left`;
  const bar = `${"█".repeat(full)}${"░".repeat(BAR - full)}`;
  const line = `${bar} ${done}/${ROUNDS} rounds  ${faults} faults${left}`;
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
};

const results: Result[] = [];
let faults = 0;
for (let index = 0; index < ROUNDS; index += 1) {
  show(index, faults);
  const round = roundOf(index);
  try {
    results.push(await runRound(round));
  } catch (error) {
    faults += 1;
    console.error(`\nround ${index + 1} (${JSON.stringify(round)}):`, error);
    await removeServers();
  }
}
show(ROUNDS, faults);
await removeServers();
rmSync(scratch, { recursive: true, force: true });

const sum = (of: (result: Result) => number): number =>
  results.reduce((total, result) => total + of(result), 0);
console.log(`
rounds that held       ${results.length} of ${ROUNDS}
acknowledged at first  ${sum(({ first }) => first)}
acknowledged at second ${sum(({ second }) => second)}
starts refused         ${sum(({ refused }) => refused)}
first servers fenced   ${sum(({ fenced }) => fenced ? 1 : 0)}
seconds                ${Math.round((performance.now() - began) / 1_000)}`);
process.exit(faults === 0 ? 0 : 1);
