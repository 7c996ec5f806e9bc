/** Rebuilding an organization's rows and claims against only reading its log. */
import { rebuildOrganization } from "../../../adapters/ledger/rebuild.ts";
import { eventsOf } from "../../../core/log/replay.ts";
import type { EventLog } from "../../../core/ports.ts";
import { withLog } from "../engine.ts";
import { writeHistory } from "../history.ts";
import { alternate, median, ratioOf, type Round, timed_ms } from "../measure.ts";
import type { Row } from "../report.ts";

const ORGANIZATION = "acme";

const readAll = async (log: EventLog): Promise<number> => {
  let read = 0;
  for await (const page of eventsOf(log, ORGANIZATION)) read += page.length;
  return read;
};

/** A round that gives events per second, of however many `work` goes through. */
const eventRate = (work: () => Promise<number>): Round => async () => {
  let events = 0;
  const taken = await timed_ms(async () => {
    events = await work();
  });
  return 1_000 * events / taken;
};

export const rebuild: Row = {
  name: "rebuild",
  run: ({ count, rounds }) =>
    withLog(async (log) => {
      await writeHistory(log, ORGANIZATION, count(100_000));
      const events = await readAll(log);
      const rebuildAll = async (): Promise<number> =>
        (await rebuildOrganization(log, ORGANIZATION)).events;
      const taken = await alternate(rounds, {
        rebuild: eventRate(rebuildAll),
        read: eventRate(() => readAll(log)),
      });
      return [{
        what: `rebuild of ${events.toLocaleString("en")} events`,
        figure: median(taken.rebuild),
        unit: "events/s",
        baseline: { what: "reading them only", figure: median(taken.read) },
        ratio: ratioOf(taken.rebuild, taken.read),
        goal: { atLeast: 0.5 },
      }];
    }),
};
