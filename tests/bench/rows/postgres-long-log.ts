/** Whether an append on PostgreSQL costs more where the log has become long. */
import { digest } from "../../../adapters/log/digest.ts";
import { EMPTY_HEAD, verifyChain } from "../../../core/log/chain.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import type { PostgresServer } from "../../support/postgres.ts";
import {
  appended,
  appendOn,
  type Caller,
  callersOf,
  calling,
  together,
  who,
} from "../appending.ts";
import { fill } from "../fill.ts";
import { alternate, median, ratioOf } from "../measure.ts";
import { withPostgres, withPostgresLog } from "../postgres.ts";
import type { Line, Row, Scale } from "../report.ts";

const ORGANIZATIONS = Array.from({ length: 1_000 }, (_, index) => `organization-${index}`);
const SHORT = 10_000;
const LONG = 10_000_000;

const LEVELS = [{ callers: 1, count: 300 }, { callers: 64, count: 1_920 }];

/** By then each organization's last page was written to since the last checkpoint. */
const WARM_UP = 4_000;

/** This many callers that append to all organizations in turn, each to its share of them. */
type Open = (callers: number) => readonly Caller[];

/** Reads one organization back, so that what was filled in is surely a log. */
const verify = async (log: EventLog, organization: string): Promise<void> => {
  const { head } = await log.load(organization, {});
  const events = await log.events(organization, 0, head.position);
  const verified = verifyChain(events, EMPTY_HEAD, digest);
  if (!verified.ok) throw new Error(verified.error.why);
};

/** Runs `work` on a log with about this many events in all. */
const withEvents = <Value>(
  server: PostgresServer,
  events: number,
  work: (open: Open) => Promise<Value>,
): Promise<Value> =>
  withPostgresLog(server, async (log, url) => {
    const heads = [...await fill(url, ORGANIZATIONS, events / ORGANIZATIONS.length)];
    await verify(log, "organization-0");
    return await work((callers) =>
      callersOf(callers, (place) => {
        let next = place;
        return calling(async () => {
          const [organization, head] = [ORGANIZATIONS[next], heads[next]];
          if (organization === undefined || head === undefined) throw new RangeError("no log");
          heads[next] = await appended(log, appendOn(organization, head, 1));
          next = next + callers < heads.length ? next + callers : place;
        });
      })
    );
  });

const measure = async (
  long: Open,
  short: Open,
  events: number,
  { rounds, count }: Scale,
): Promise<readonly Line[]> => {
  const lines: Line[] = [];
  for (const level of LEVELS) {
    const callers = { long: long(level.callers), short: short(level.callers) };
    for (const each of Object.values(callers)) await together(each, WARM_UP)();
    const taken = await alternate(2 * rounds, {
      long: together(callers.long, count(level.count)),
      short: together(callers.short, count(level.count)),
    });
    const cost_us = (rates: readonly number[]): number => 1_000_000 / median(rates);
    lines.push({
      what: `append with ${events.toLocaleString("en")} events, ${who(level.callers)}`,
      figure: cost_us(taken.long),
      unit: "µs",
      baseline: {
        what: `µs with ${SHORT.toLocaleString("en")} events`,
        figure: cost_us(taken.short),
      },
      ratio: ratioOf(taken.short, taken.long),
      goal: { atMost: 1.3 },
    });
  }
  return lines;
};

export const postgresLongLog: Row = {
  name: "postgres-long-log",
  run: (scale) =>
    withPostgres((server) => {
      const events = scale.count(LONG);
      return withEvents(
        server,
        events,
        (long) => withEvents(server, SHORT, (short) => measure(long, short, events, scale)),
      );
    }),
};
