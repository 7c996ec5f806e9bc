/** What one organization with many callers reaches, against many with one caller each. */
import { rebuildAll } from "../../../adapters/ledger/rebuild/mod.ts";
import type { Ledger } from "../../../adapters/ledger/mod.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { DAY_MS } from "../../../core/values/calendar.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import type { Result } from "../../../core/values/result.ts";
import { type Caller, callersOf, calling, together } from "../appending.ts";
import { numberAt, openBenchLedger, withLog } from "../engine.ts";
import { alternate, median, ratioOf } from "../measure.ts";
import { withPostgres, withPostgresLog } from "../postgres.ts";
import type { Goal, Line, Row, Scale } from "../report.ts";
import { holdingOf, writeHolder } from "../synthetic-log.ts";

const CALLERS = 64;
/** Each organization begins with one number for each caller, so that all are equally large. */
const NUMBERS = CALLERS;

/** Names the organization of a caller, and the numbers that it begins with. */
type Holder = { readonly organization: string; readonly first: number };

const ONE: Holder = { organization: "busy", first: 0 };

/** The calm organization of a caller. */
const calm = (place: number): Holder => ({
  organization: `calm-${place}`,
  first: (place + 1) * NUMBERS,
});

const must = async (answer: Promise<Result<unknown, { readonly message: string }>>) => {
  const result = await answer;
  if (!result.ok) throw new Error(result.error.message);
};

type Command = {
  readonly what: string;
  /** How many commands a round has. */
  readonly count: number;
  readonly goal: Goal | null;
  /** A caller of an organization: the one at this place, which has its own number there. */
  readonly open: (ledger: Ledger, holder: Holder, place: number) => Caller;
};

/** Numbers that nobody has bought. */
let bought = 0;

const COMMANDS: readonly Command[] = [
  {
    what: "purchase",
    count: 640,
    goal: { atLeast: 0.8 },
    open: (ledger, { organization }) => {
      const caller = { organization, actor: OPERATOR };
      return calling(() => must(ledger.purchase(caller, { e164: numberAt(bought++) })));
    },
  },
  {
    what: "assign one number",
    count: 1_280,
    goal: null,
    open: (ledger, { organization, first }, place) => {
      const caller = { organization, actor: OPERATOR };
      let isGiven = false;
      return calling(() => {
        isGiven = !isGiven;
        const ids = isGiven ? [holdingOf(first + place)] : [];
        return must(ledger.assign(caller, `agent-${place}`, ids));
      });
    },
  },
  {
    what: "change of routing",
    count: 6_400,
    goal: null,
    open: (ledger, { organization, first }, place) => {
      const caller = { organization, actor: OPERATOR };
      let label = 0;
      return calling(() =>
        must(ledger.route(caller, holdingOf(first + place), { label: `Desk ${label++}` }))
      );
    },
  },
];

const measure = async (
  log: EventLog,
  engine: string,
  { rounds, count }: Scale,
): Promise<readonly Line[]> => {
  const begin = Date.now() - DAY_MS;
  const holders = [ONE, ...Array.from({ length: CALLERS }, (_, place) => calm(place))];
  for (const { organization, first } of holders) {
    await writeHolder(log, organization, { count: NUMBERS, first, begin: () => begin });
  }
  await rebuildAll(log);
  const ledger = openBenchLedger(log);
  const lines: Line[] = [];
  for (const command of COMMANDS) {
    const { open, what, goal } = command;
    const each = count(command.count);
    const taken = await alternate(rounds, {
      one: together(callersOf(CALLERS, (place) => open(ledger, ONE, place)), each),
      many: together(callersOf(CALLERS, (place) => open(ledger, calm(place), place)), each),
    });
    lines.push({
      what: `${what}, ${CALLERS} callers of one organization, ${engine}`,
      figure: median(taken.one),
      unit: "/s",
      baseline: { what: `of ${CALLERS} organizations`, figure: median(taken.many) },
      ratio: ratioOf(taken.one, taken.many),
      goal,
    });
  }
  return lines;
};

export const busyOrganization: Row = {
  name: "busy-organization",
  run: async (scale) => [
    ...await withLog((log) => measure(log, "PGlite", scale)),
    ...await withPostgres((server) =>
      withPostgresLog(server, (log) => measure(log, "PostgreSQL", scale))
    ),
  ],
};
