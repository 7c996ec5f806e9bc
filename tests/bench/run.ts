/**
 * The benchmark, `npm run bench`: a table of ratios, all from one run. A whole run also writes
 * `results.json`; `--only <row>` runs one row, `--quick` does little of each, to try it out.
 */
import { writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { timed_ms } from "./measure.ts";
import { build } from "./processes.ts";
import { isReached, type Line, machine, type Row, type Scale, tableOf } from "./report.ts";
import { appendMany, appendOne } from "./rows/append.ts";
import { busyOrganization } from "./rows/busy-organization.ts";
import { largeOrganization } from "./rows/large-organization.ts";
import { limits } from "./rows/limits.ts";
import { list } from "./rows/list.ts";
import { longLog } from "./rows/long-log.ts";
import { manyOrganizations } from "./rows/many-organizations.ts";
import { pastNumbers } from "./rows/past-numbers.ts";
import { postgresAppend } from "./rows/postgres-append.ts";
import { postgresDecide } from "./rows/postgres-decide.ts";
import { postgresLongLog } from "./rows/postgres-long-log.ts";
import { postgresPurchases } from "./rows/postgres-purchases.ts";
import { purchases } from "./rows/purchases.ts";
import { ready } from "./rows/ready.ts";
import { observed } from "./rows/observed.ts";
import { rebuild } from "./rows/rebuild.ts";
import { replays } from "./rows/replays.ts";

const ROWS: readonly Row[] = [
  appendOne,
  appendMany,
  purchases,
  longLog,
  pastNumbers,
  rebuild,
  list,
  limits,
  observed,
  replays,
  ready,
  postgresAppend,
  postgresDecide,
  postgresLongLog,
  largeOrganization,
  busyOrganization,
  postgresPurchases,
  manyOrganizations,
];
const RESULTS = new URL("results.json", import.meta.url);
const ROUNDS = 9;
const QUICK = { rounds: 3, share: 10 };

const scaleOf = (quick: boolean): Scale => ({
  rounds: quick ? QUICK.rounds : ROUNDS,
  count: (full) => quick ? Math.ceil(full / QUICK.share) : full,
});

const perform = async (row: Row, scale: Scale): Promise<readonly Line[]> => {
  let lines: readonly Line[] = [];
  const taken = await timed_ms(async () => {
    lines = await row.run(scale);
  });
  console.error(`${row.name.padEnd(10)} ${(taken / 1_000).toFixed(1).padStart(6)} s`);
  return lines;
};

const { values: { only, quick } } = parseArgs({
  options: { only: { type: "string" }, quick: { type: "boolean", default: false } },
});
const rows = ROWS.filter(({ name }) => only === undefined || name === only);
if (rows.length === 0) {
  console.error(`There is no row ${only}; there are ${ROWS.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}
await build();
const lines: Line[] = [];
for (const row of rows) lines.push(...await perform(row, scaleOf(quick)));
const { cpu, cores, system, node, date, load } = machine();
console.log(
  `${cpu}, ${cores} cores, ${system}, Node ${node}, ${date}, load ${load.toFixed(1)}${
    quick ? ", quick" : ""
  }`,
);
console.log(
  "Each ratio is the median over alternating rounds; each figure is itself a median.\n",
);
console.log(tableOf(lines));
if (only === undefined && !quick) {
  const measured = lines.map((line) => ({ ...line, reached: isReached(line) }));
  const results = { machine: { cpu, cores, system, node, date, load }, lines: measured };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}
