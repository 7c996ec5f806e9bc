/**
 * `npm run histories -- [--seed S] [--seconds N] [--servers N] [--clients N]` runs servers on a
 * separate PostgreSQL, kills them and cuts their connections, and checks what was recorded. Ends
 * with 1 if a rule is broken; the record is then kept in a file, and `--check FILE` checks it
 * again.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { startPostgres } from "../support/postgres.ts";
import { removeServers } from "../support/server.ts";
import { check } from "./checker.ts";
import { figuresOf } from "./figures.ts";
import type { Recording } from "./recording.ts";
import { POSTGRES_FLAGS, type Progress, recordRun } from "./record.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    seconds: { type: "string", default: "60" },
    servers: { type: "string", default: "4" },
    clients: { type: "string", default: "32" },
    check: { type: "string" },
  },
});

const wholeNumber = (name: "seed" | "seconds" | "servers" | "clients"): number => {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= (name === "seed" ? 0 : 1)) return value;
  console.error(`--${name} must be a whole number, not ${values[name]}`);
  process.exit(2);
};

const BAR = 30;

const show = ({ seconds, calls, unknown, kills, cut, events }: Progress, of: number): void => {
  const full = Math.floor(BAR * seconds / of);
  const bar = `${"█".repeat(full)}${"░".repeat(BAR - full)}`;
  const line = `${bar} ${seconds.toFixed(0)}/${of} s  ${calls} calls, ${unknown} unknown  ` +
    `${events} events read  ${kills} kills  ${cut} connections cut`;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
};

const record = async (): Promise<Recording> => {
  const [seed, seconds] = [wholeNumber("seed"), wholeNumber("seconds")];
  const [servers, clients] = [wholeNumber("servers"), wholeNumber("clients")];
  console.log(`seed ${seed}: ${servers} servers, ${clients} clients, ${seconds} s`);
  const postgres = await startPostgres(POSTGRES_FLAGS);
  let last: Progress | null = null;
  const onProgress = (progress: Progress): void => {
    last = progress;
    show(progress, seconds);
  };
  try {
    const recording = await recordRun(postgres, { seed, seconds, servers, clients, onProgress });
    if (process.stderr.isTTY) process.stderr.write("\n");
    for (const line of figuresOf(recording, last)) console.log(line);
    return recording;
  } finally {
    await removeServers();
    await postgres.stop();
  }
};

const recording: Recording = values.check === undefined
  ? await record()
  : JSON.parse(readFileSync(values.check, "utf8"));
const violations = check(recording);
for (const { rule, what } of violations.slice(0, 20)) console.log(`${rule}: ${what}`);
if (violations.length === 0) console.log("no rule is broken");
else {
  const file = values.check ?? join(tmpdir(), `ledgerline-recording-${recording.seed}.json`);
  if (values.check === undefined) writeFileSync(file, JSON.stringify(recording));
  console.log(`${violations.length} times; again: npm run histories -- --check ${file}`);
  process.exitCode = 1;
}
