/** Appending on PostgreSQL: this log, the peers and bare inserts, on one server in one run. */
import { type Caller, callersOf, openCaller, together, who } from "../appending.ts";
import { alternate, median, ratioOf, type Samples } from "../measure.ts";
import { withCastore, withEmmett } from "../peers.ts";
import { withBareInserts, withPostgres, withPostgresLog } from "../postgres.ts";
import type { Goal, Line, Row, Scale } from "../report.ts";

type Subject = "ours" | "emmett" | "castore" | "bare";

type Level = {
  readonly callers: number;
  /** How many appends each round has, which then takes a good part of a second. */
  readonly count: number;
  readonly goals: Readonly<Record<Exclude<Subject, "ours">, Goal | null>>;
};

const NO_GOALS = { emmett: null, castore: null, bare: null };

const LEVELS: readonly Level[] = [
  {
    callers: 1,
    count: 1_000,
    goals: { ...NO_GOALS, emmett: { atLeast: 1.5 }, bare: { atLeast: 0.8 } },
  },
  { callers: 16, count: 4_800, goals: NO_GOALS },
  {
    callers: 64,
    count: 9_600,
    goals: { ...NO_GOALS, emmett: { atLeast: 6 }, bare: { atLeast: 3 } },
  },
];

/**
 * How many of each are done beforehand: the engine compiles itself, and tables cease to be empty.
 */
const WARM_UP = 2_000;

const NAMES = {
  emmett: "emmett-postgresql",
  castore: "castore",
  bare: "bare prepared insert",
} as const;

const linesOf = (taken: Samples<Subject>, { callers, goals }: Level): readonly Line[] =>
  (["emmett", "castore", "bare"] as const).map((name) => ({
    what: `append on PostgreSQL, ${who(callers)}`,
    figure: median(taken.ours),
    unit: "events/s",
    baseline: { what: NAMES[name], figure: median(taken[name]) },
    ratio: ratioOf(taken.ours, taken[name]),
    goal: goals[name],
  }));

const measure = async (
  open: Readonly<Record<Subject, (place: number) => Caller>>,
  level: Level,
  { rounds, count }: Scale,
): Promise<readonly Line[]> => {
  const warm = async (name: Subject): Promise<readonly Caller[]> => {
    const callers = callersOf(level.callers, open[name]);
    await together(callers, count(WARM_UP))();
    return callers;
  };
  const callers = {
    ours: await warm("ours"),
    emmett: await warm("emmett"),
    castore: await warm("castore"),
    bare: await warm("bare"),
  };
  const each = count(level.count);
  const taken = await alternate(rounds, {
    ours: together(callers.ours, each),
    emmett: together(callers.emmett, each),
    castore: together(callers.castore, each),
    bare: together(callers.bare, each),
  });
  return linesOf(taken, level);
};

export const postgresAppend: Row = {
  name: "postgres-append",
  run: (scale) =>
    withPostgres((server) =>
      withPostgresLog(
        server,
        (log) =>
          withEmmett(server, (emmett) =>
            withCastore(server, (castore) =>
              withBareInserts(server, async (bare) => {
                const lines: Line[] = [];
                for (const level of LEVELS) {
                  const open = {
                    ours: (place: number) =>
                      openCaller(log, `organization-${place}-of-${level.callers}`, 1),
                    emmett: emmett.open,
                    castore: castore.open,
                    bare,
                  };
                  lines.push(...await measure(open, level, scale));
                }
                return lines;
              }))),
      )
    ),
};
