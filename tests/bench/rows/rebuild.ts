/** Rebuilding the rows and claims of all organizations, and only reading what it reads. */
import { rebuildAll } from "../../../adapters/ledger/rebuild/mod.ts";
import { allEventsOf } from "../../../core/log/pages.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { withLog } from "../engine.ts";
import { writeLog } from "../synthetic-log.ts";
import { alternate, median, type Round, timed_ms } from "../measure.ts";
import { withPostgres, withPostgresLog } from "../postgres.ts";
import type { Line, Row, Scale } from "../report.ts";

const EVENTS = 1_000_000;
const ORGANIZATIONS = 20;
/** More numbers than any of the organizations ever has. */
const NUMBERS_APART = 10_000;
/** A round takes seconds, so few will do. */
const MAX_ROUNDS = 3;

const write = async (log: EventLog, events: number): Promise<void> => {
  const each = Math.ceil(events / ORGANIZATIONS);
  const writing = Array.from(
    { length: ORGANIZATIONS },
    (_, index) => writeLog(log, `organization-${index}`, each, index * NUMBERS_APART),
  );
  await Promise.all(writing);
};

const readAll = async (log: EventLog): Promise<number> => {
  let read = 0;
  for await (const page of allEventsOf(log)) read += page.length;
  return read;
};

/** A round that returns events per second, of however many `work` processes. */
const eventRate = (work: () => Promise<number>): Round => async () => {
  let events = 0;
  const taken = await timed_ms(async () => {
    events = await work();
  });
  return 1_000 * events / taken;
};

const measure = async (
  log: EventLog,
  engine: string,
  atLeast: number,
  { count, rounds }: Scale,
): Promise<Line> => {
  await write(log, count(EVENTS));
  let events = 0;
  const taken = await alternate(Math.min(rounds, MAX_ROUNDS), {
    rebuild: eventRate(async () => (await rebuildAll(log)).events),
    read: eventRate(async () => {
      events = await readAll(log);
      return events;
    }),
  });
  return {
    what: `rebuild of ${events.toLocaleString("en")} events, ${engine}`,
    figure: median(taken.rebuild),
    unit: "events/s",
    baseline: { what: "reading them only", figure: median(taken.read) },
    ratio: null,
    goal: { atLeast },
  };
};

export const rebuild: Row = {
  name: "rebuild",
  run: async (scale) => [
    await withLog((log) => measure(log, "PGlite", 100_000, scale)),
    await withPostgres((server) =>
      withPostgresLog(server, (log) => measure(log, "PostgreSQL", 150_000, scale))
    ),
  ],
};
