/** What a page of numbers as of a time takes in an organization with a long past. */
import { rebuildOrganization } from "../../../adapters/ledger/rebuild/mod.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { openBenchLedger, withLog } from "../engine.ts";
import { alternate, median, type Round, timeOf_ms } from "../measure.ts";
import { withPostgres, withPostgresLog } from "../postgres.ts";
import type { Goal, Line, Row, Scale } from "../report.ts";
import { writePast } from "../synthetic-log.ts";

const EVENTS = 1_000_000;
const PAGE = 20;
/** Each is repeated for so long in a round. */
const ROUND_MS = 200;
const CALLER = { organization: "past", actor: OPERATOR };
const GOAL: Goal = { atMost: 50 };

const measure = async (
  log: EventLog,
  engine: string,
  { rounds, count }: Scale,
): Promise<readonly Line[]> => {
  const events = count(EVENTS);
  const asOf = await writePast(log, CALLER.organization, events);
  await rebuildOrganization(log, CALLER.organization);
  const ledger = openBenchLedger(log);
  const held = await ledger.numbers.list(CALLER, { asOf });
  const after = held[Math.floor(held.length / 2)]?.holding;
  const last = held.at(-1 - PAGE)?.holding;
  const page = (options: { readonly after?: typeof after }): Round =>
    timeOf_ms(ROUND_MS, async () => {
      const numbers = await ledger.numbers.list(CALLER, { asOf, limit: PAGE, ...options });
      if (numbers.length !== PAGE) throw new Error(`a page of ${numbers.length}`);
    }, () => Promise.resolve());
  const taken = await alternate(rounds, {
    first: page({}),
    middle: page({ after }),
    last: page({ after: last }),
  });
  return (["first", "middle", "last"] as const).map((which) => ({
    what: `${which} page as of the middle of ${events.toLocaleString("en")} events, ${engine}`,
    figure: median(taken[which]),
    unit: "ms",
    baseline: null,
    ratio: null,
    goal: GOAL,
    note: `${held.length.toLocaleString("en")} numbers then`,
  }));
};

export const pastNumbers: Row = {
  name: "past-numbers",
  run: async (scale) => [
    ...await withLog((log) => measure(log, "PGlite", scale)),
    ...await withPostgres((server) =>
      withPostgresLog(server, (log) => measure(log, "PostgreSQL", scale))
    ),
  ],
};
