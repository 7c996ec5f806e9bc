/**
 * `npm run soak -- [--minutes 10] [--callers 16] [--engine pglite|postgresql]`: a built server at
 * full load for so long, by callers that buy, read, route and give back. Prints a bar, and at the
 * end how memory and file descriptors went from minute two on, and what is left in the database
 * once all is given back. Ends with 1 where memory grows, or anything is left that should not be.
 */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { withFolder } from "../bench/engine.ts";
import { build, openOrganization, type ServerProcess, startServer } from "../bench/processes.ts";
import { withPostgres } from "../bench/postgres.ts";
import { type Answers, callUntil } from "./load.ts";
import { type Sample, summaryOf } from "./trend.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    callers: { type: "string", default: "16" },
    engine: { type: "string", default: "pglite" },
  },
});

const positive = (name: "minutes" | "callers"): number => {
  const value = Number(values[name]);
  if (value > 0 && Number.isFinite(value)) return value;
  console.error(`--${name} must be a number above 0, not ${values[name]}`);
  process.exit(2);
};
const MINUTE_MS = 60_000;
const LENGTH_MS = positive("minutes") * MINUTE_MS;
const CALLERS = Math.ceil(positive("callers"));
/** So many callers share an organization. */
const TOGETHER = 2;
const SAMPLE_MS = 2_000;

/** What the process has now, as the kernel of Linux says it. */
const sampleOf = (pid: number, at: number): Sample => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kilobytes = Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]);
  return { at, megabytes: kilobytes / 1_024, files: readdirSync(`/proc/${pid}/fd`).length };
};

const BAR = 30;

const show = (passed: number, { requests, unsuccessful }: Answers, { megabytes }: Sample): void => {
  const full = Math.min(BAR, Math.round(BAR * passed / LENGTH_MS));
  const bar = `${"█".repeat(full)}${"░".repeat(BAR - full)}`;
  const left = Math.max(0, Math.round((LENGTH_MS - passed) / 1_000));
  const others = [...unsuccessful.values()].reduce((sum, count) => sum + count, 0);
  const line = `${bar} ${requests} requests, ${others} unsuccessful  ${megabytes.toFixed(0)} MB  ` +
    `${left} s left`;
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
};

const measured = async (server: ServerProcess) => {
  const answers: Answers = { requests: 0, unsuccessful: new Map() };
  const samples: Sample[] = [];
  let [sold, isOver] = [0, false];
  const nextNumber = () => sold++;
  const hasEnded = () => isOver;
  const began = performance.now();
  const sampler = setInterval(() => {
    const passed = performance.now() - began;
    const sample = sampleOf(server.pid, passed / MINUTE_MS);
    samples.push(sample);
    show(passed, answers, sample);
    if (passed >= LENGTH_MS) isOver = true;
  }, SAMPLE_MS);
  const calling: Promise<void>[] = [];
  for (let caller = 0; caller < CALLERS; caller += TOGETHER) {
    const token = await openOrganization(server, `organization-${caller}`);
    for (let other = 0; other < TOGETHER; other += 1) {
      calling.push(callUntil(server.url, token, nextNumber, hasEnded, answers));
    }
  }
  await Promise.all(calling);
  clearInterval(sampler);
  return { answers, samples };
};

/** Rows that may be there once all is given back, see "What grows" in adapters/log/README.md. */
const KEPT = [
  "organization",
  "token",
  "order",
  "offer",
  "purchaseTally",
  "dailyTally",
  "installation",
  "reconciliation",
  "pastNumber",
];

type Left = { readonly what: string; readonly count: number };

/** What is in the tables beside the log, by kind. */
const LEFT = `
select 'rows ' || kind as what, count(*)::text as count from ledgerline.state group by kind
union all select 'claims', count(*)::text from ledgerline.claim
union all select 'leases', count(*)::text from ledgerline.lease
union all select 'listed numbers', coalesce(sum(count), 0)::text from ledgerline.listed
  where kind = 'number'`;

const leftOf = (rows: readonly Readonly<Record<string, unknown>>[]): readonly Left[] =>
  rows.map(({ what, count }) => ({ what: String(what), count: Number(count) }));

const isLeftOver = ({ what, count }: Left): boolean =>
  count > 0 && !KEPT.some((kind) => what === `rows ${kind}`);

const report = (
  { answers, samples }: Awaited<ReturnType<typeof measured>>,
  left: readonly Left[],
): boolean => {
  const { lines, isFlat } = summaryOf(samples);
  const unsuccessful = [...answers.unsuccessful].map(([what, count]) => `${count} × ${what}`);
  console.log(`\n${answers.requests} requests; unsuccessful: ${unsuccessful.join(", ") || "none"}`);
  for (const line of lines) console.log(line);
  for (const { what, count } of left) console.log(`left: ${count} ${what}`);
  const leftOver = left.filter(isLeftOver);
  for (const { what, count } of leftOver) console.log(`LEFT OVER: ${count} ${what}`);
  return isFlat && leftOver.length === 0 && unsuccessful.length === 0;
};

const onPglite = (): Promise<boolean> =>
  withFolder(async (folder) => {
    const server = await startServer(folder);
    const result = await measured(server).finally(server.stop);
    const log = await openPgliteLog({ folder });
    const left = leftOf(await log.database.query(LEFT, []));
    await log.close();
    return report(result, left);
  });

const onPostgres = (): Promise<boolean> =>
  withPostgres((postgres) =>
    withFolder(async (folder) => {
      const url = await postgres.database();
      const server = await startServer(folder, { DATABASE_URL: url });
      const result = await measured(server).finally(server.stop);
      return report(result, leftOf(await postgres.run(url, LEFT)));
    })
  );

const engines: Readonly<Record<string, () => Promise<boolean>>> = {
  pglite: onPglite,
  postgresql: onPostgres,
};
const soak = engines[values.engine];
if (soak === undefined) {
  console.error(`--engine must be pglite or postgresql, not ${values.engine}`);
  process.exit(2);
}
if (process.platform !== "linux") {
  console.error("what a process has is read as Linux shows it");
  process.exit(2);
}
await build();
process.exit(await soak() ? 0 : 1);
