/**
 * What it takes to go through many organizations: the heads of all, a reconciliation, and as many
 * renewals, one of each.
 */
import { rebuildAll } from "../../../adapters/ledger/rebuild/mod.ts";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { DAY_MS, HOUR_MS } from "../../../core/values/calendar.ts";
import type { PostgresServer } from "../../support/postgres.ts";
import { until } from "../../support/eventually.ts";
import { withFolder } from "../engine.ts";
import { median } from "../measure.ts";
import { NUMBERS_EACH, type Task, type TaskResult } from "../organizations.ts";
import { withPostgres, withPostgresLog } from "../postgres.ts";
import { performTask } from "../processes.ts";
import type { Goal, Line, Row, Scale } from "../report.ts";
import { writeHolder } from "../synthetic-log.ts";

const ORGANIZATIONS = 5_000;
/** So many are written at the same time. */
const WRITERS = 64;
/** A round is a new process, so few will do. */
const MAX_ROUNDS = 3;
const MEBIBYTE = 1_048_576;

/** Writes the organizations; the month of the first number of each is over. */
const write = async (log: EventLog, organizations: number): Promise<void> => {
  const now = Date.now();
  const begin = (index: number): number =>
    index % NUMBERS_EACH === 0 ? now - 31 * DAY_MS - HOUR_MS : now - DAY_MS;
  let next = 0;
  const writeSome = async (): Promise<void> => {
    while (next < organizations) {
      const place = next++;
      const first = place * NUMBERS_EACH;
      await writeHolder(log, `organization-${place}`, { count: NUMBERS_EACH, first, begin });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writeSome));
  await rebuildAll(log);
};

/** Does a task, and says how many statements it took, in the unit of the engine. */
type Perform = (task: Task) => Promise<TaskResult & { readonly statements: number }>;

type Engine = { readonly name: string; readonly unit: string; readonly perform: Perform };

const linesOf = (
  what: string,
  { name, unit }: Engine,
  taken: readonly Awaited<ReturnType<Perform>>[],
  goal: Goal | null,
): readonly Line[] => {
  const middle = (of: (result: TaskResult & { readonly statements: number }) => number) =>
    median(taken.map(of));
  const lineOf = (kind: string, figure: number, more: Pick<Line, "unit" | "goal" | "note">) => ({
    what: `${what}, ${name}: ${kind}`,
    figure,
    baseline: null,
    ratio: null,
    ...more,
  });
  const mebibytes = (bytes: number): number => bytes / MEBIBYTE;
  const blocked = middle(({ blocked_ms }) => blocked_ms).toFixed(0);
  const heap = mebibytes(middle(({ heap_bytes }) => heap_bytes)).toFixed(0);
  const most = mebibytes(middle(({ most_bytes }) => most_bytes)).toFixed(0);
  return [
    lineOf("statements", middle(({ statements }) => statements), { unit, goal }),
    lineOf("time", middle(({ taken_ms }) => taken_ms) / 1_000, {
      unit: "s",
      goal: null,
      note: `blocks for up to ${blocked} ms`,
    }),
    lineOf(
      "memory beside that of a log just opened",
      mebibytes(middle(({ most_bytes, opened_bytes }) => most_bytes - opened_bytes)),
      { unit: "MiB", goal: null, note: `${most} in all; heap with garbage ${heap}` },
    ),
  ];
};

const measure = async (
  engine: Engine,
  organizations: number,
  rounds: number,
): Promise<readonly Line[]> => {
  const of = organizations.toLocaleString("en");
  const several = async (task: Task) => {
    const taken = [];
    for (let round = 0; round < Math.min(rounds, MAX_ROUNDS); round++) {
      taken.push(await engine.perform(task));
    }
    return taken;
  };
  const byPage: Goal = { atMost: organizations / 10 };
  return [
    ...linesOf(`heads of ${of} organizations`, engine, await several("heads"), byPage),
    ...linesOf(
      `reconciliation of ${of} organizations`,
      engine,
      await several("reconciliation"),
      byPage,
    ),
    ...linesOf(`${of} renewals, one of each`, engine, [await engine.perform("work")], null),
  ];
};

const onPglite = (organizations: number, rounds: number): Promise<readonly Line[]> =>
  withFolder(async (folder) => {
    const log = await openPgliteLog({ folder, durability: "synced" });
    await write(log, organizations);
    await log.close();
    const perform: Perform = async (task) => {
      const result = await performTask({ task, where: folder, organizations });
      return { ...result, statements: result.calls };
    };
    const engine: Engine = { name: "PGlite", unit: "calls of the log", perform };
    return await measure(engine, organizations, rounds);
  });

/** How many transactions a database has had, once nobody is connected to it any more. */
const transactionsOf = async (server: PostgresServer, url: string): Promise<number> => {
  const name = `'${new URL(url).pathname.slice(1)}'`;
  const first = async (sql: string): Promise<number> =>
    Number((await server.run(server.url, sql))[0]?.["count"]);
  await until(async () =>
    await first(`select count(*) as count from pg_stat_activity where datname = ${name}`) === 0
  );
  return await first(
    `select xact_commit + xact_rollback as count from pg_stat_database where datname = ${name}`,
  );
};

const onPostgres = (organizations: number, rounds: number): Promise<readonly Line[]> =>
  withPostgres(async (server) => {
    const url = await withPostgresLog(server, async (log, where) => {
      await write(log, organizations);
      return where;
    });
    const count = async (task: Task) => {
      const before = await transactionsOf(server, url);
      const result = await performTask({ task, where: url, organizations });
      return { result, count: await transactionsOf(server, url) - before };
    };
    // Opening and closing is not counted.
    const { count: opening } = await count("nothing");
    const perform: Perform = async (task) => {
      const { result, count: taken } = await count(task);
      return { ...result, statements: taken - opening };
    };
    const engine: Engine = { name: "PostgreSQL", unit: "transactions", perform };
    return await measure(engine, organizations, rounds);
  });

export const manyOrganizations: Row = {
  name: "many-organizations",
  run: async ({ count, rounds }: Scale) => [
    ...await onPglite(count(ORGANIZATIONS), rounds),
    ...await onPostgres(count(ORGANIZATIONS), rounds),
  ],
};
