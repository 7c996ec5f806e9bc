/**
 * What calls cost in an organization with many numbers, against one with few in the same log. Each
 * is measured after another number of the organization was changed, so that nothing answers it that
 * was kept from the time before.
 */
import { rebuildAll } from "../../../adapters/ledger/rebuild/mod.ts";
import type { Caller, Ledger } from "../../../adapters/ledger/mod.ts";
import type { DatabaseLog } from "../../../adapters/log/sql/log.ts";
import { DAY_MS } from "../../../core/values/calendar.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { createApp } from "../../../http/app.ts";
import { openBenchLedger, withLog } from "../engine.ts";
import type { LoadRequest } from "../load.ts";
import { answerOf, type Fetch, getRequest, patchRequest } from "../load-requests.ts";
import { alternate, median, percentile, ratioOf, timeOf_ms } from "../measure.ts";
import { openReader } from "../paced-reads.ts";
import { withPostgres, withPostgresLog } from "../postgres.ts";
import type { Goal, Line, Row, Scale } from "../report.ts";
import { holdingOf, soldAs, writeHolder } from "../synthetic-log.ts";

const LARGE = 20_000;
const SMALL = 200;
const PAGE = 20;
/** Each call is repeated for so long in a round. */
const ROUND_MS = 200;

const TALKOVER = "/api/v1/phone-numbers";

/** How much slower a call may be, in milliseconds beside the ratio. */
const GOAL: Goal = { atMost: 1.5, plus: 5 };
const SEARCH_GOAL: Goal = { atMost: 1.5, plus: 15 };

/** An organization of the log, and what its user can call. */
type Holder = {
  readonly organization: string;
  readonly count: number;
  /** The index of its first number. */
  readonly first: number;
  readonly caller: Caller;
  /** Changes its first number. */
  readonly touch: () => Promise<void>;
  readonly get: (path: string) => Promise<string>;
  readonly patch: (path: string, json: unknown) => Promise<string>;
};

type Call = {
  readonly what: string;
  readonly goal: Goal;
  readonly make: (holder: Holder, ledger: Ledger) => () => Promise<unknown>;
};

const middleOf = ({ first, count }: Holder): number => first + Math.floor(count / 2);

const page = (what: string, query: (holder: Holder) => string, goal = GOAL): Call => ({
  what: `${what}, Talkover`,
  goal,
  make: (holder) => () => holder.get(`${TALKOVER}?per_page=${PAGE}&${query(holder)}`),
});

const CALLS: readonly Call[] = [
  page("first page", () => "page=1"),
  page("last page", ({ count }) => `page=${Math.ceil(count / PAGE)}`),
  page(
    "search",
    (holder) => `page=1&search=${soldAs(middleOf(holder)).e164.slice(-7)}`,
    SEARCH_GOAL,
  ),
  page("filter by direction", () => "page=1&direction=inbound"),
  {
    what: "one number, Talkturo",
    goal: GOAL,
    make: (holder) => () => holder.get(`/api/phone-numbers/${holdingOf(middleOf(holder))}`),
  },
  {
    what: "assign one number, Talkturo",
    goal: GOAL,
    make: (holder) => {
      let given = 0;
      return () =>
        holder.patch("/api/assistants/agent/telephony/phone-numbers", {
          phoneNumberIds: [holdingOf(holder.first + 1 + given++ % 2)],
        });
    },
  },
  {
    what: "one number, library",
    goal: GOAL,
    make: (holder, ledger) => () => ledger.numbers.get(holder.caller, holdingOf(middleOf(holder))),
  },
  {
    what: "history of one number, library",
    goal: GOAL,
    make: (holder, ledger) => async () => {
      const history = await ledger.numbers.history(holder.caller, holdingOf(middleOf(holder)));
      if (history.length < 2) throw new Error("a number without a history");
    },
  },
];

/** Writes the three organizations, and opens the ledger and its application over them. */
const open = async (log: DatabaseLog, large: number) => {
  const begin = Date.now() - DAY_MS;
  const sizes = { large, small: SMALL, other: PAGE };
  let next = 0;
  const firsts = new Map<string, number>();
  for (const [organization, count] of Object.entries(sizes)) {
    firsts.set(organization, next);
    await writeHolder(log, organization, { count, first: next, begin: () => begin });
    next += count;
  }
  await rebuildAll(log);
  // As PostgreSQL does automatically within a minute or so.
  await log.database.query("vacuum (analyze) ledgerline.state", []);
  const ledger = openBenchLedger(log);
  const app = createApp({ ledger, adminToken: null });
  const fetch: Fetch = (asked) => app.fetch(asked);
  const send = (request: LoadRequest) => answerOf(fetch, request);
  const holder = async (organization: keyof typeof sizes): Promise<Holder> => {
    const user = { email: "alice@example.com", name: "Alice Johnson", sandbox: false };
    const issued = await ledger.operator.issueToken(organization, user);
    if (!issued.ok) throw new Error(issued.error.message);
    const { token } = issued.value;
    const first = firsts.get(organization) ?? 0;
    const caller = { organization, actor: OPERATOR };
    let touched = 0;
    return {
      organization,
      count: sizes[organization],
      first,
      caller,
      touch: async () => {
        const label = `Front desk ${touched++}`;
        const routed = await ledger.route(caller, holdingOf(first), { label });
        if (!routed.ok) throw new Error(routed.error.message);
      },
      get: (path) => send(getRequest(path, token)),
      patch: (path, json) => send(patchRequest(path, json, token)),
    };
  };
  return {
    ledger,
    large: await holder("large"),
    small: await holder("small"),
    other: await holder("other"),
  };
};

type Opened = Awaited<ReturnType<typeof open>>;

const compare = async (
  { ledger, large, small }: Opened,
  engine: string,
  { what, goal, make }: Call,
  rounds: number,
): Promise<Line> => {
  const taken = await alternate(rounds, {
    large: timeOf_ms(ROUND_MS, make(large, ledger), large.touch),
    small: timeOf_ms(ROUND_MS, make(small, ledger), small.touch),
  });
  const [figure, few] = [median(taken.large), median(taken.small)];
  return {
    what: `${what}, ${large.count.toLocaleString("en")} numbers, ${engine}`,
    figure,
    unit: "ms",
    baseline: { what: `ms with ${small.count}`, figure: few },
    ratio: ratioOf(taken.large, taken.small),
    goal,
    note: `${(figure - few).toFixed(2)} ms more`,
  };
};

/** How much later than calmly another organization's reads may be answered, in milliseconds. */
const OTHERS_GOAL: Goal = { atMost: 1, plus: 20 };
/** All are listed for so long, and at least once. */
const LISTING_MS = 5_000;

/** Another organization's reads while all numbers are listed again and again. */
const disturb = async (
  { large, other }: Opened,
  engine: string,
  least_ms: number,
): Promise<Line> => {
  const reader = openReader(() => other.get(`/api/phone-numbers/${holdingOf(middleOf(other))}`));
  const list = () => large.get(`/api/phone-numbers/purchase?teamId=${large.organization}`);
  const disturbed = await reader.during(async () => {
    const start = performance.now();
    do {
      await large.touch();
      await list();
    } while (performance.now() - start < least_ms);
  });
  const calm = await reader.times(disturbed.length);
  const [figure, undisturbed] = [percentile(disturbed, 0.99), percentile(calm, 0.99)];
  return {
    what: `another's read, p99, while ${large.count.toLocaleString("en")} are listed, ${engine}`,
    figure,
    unit: "ms",
    baseline: { what: "ms calmly", figure: undisturbed },
    ratio: figure / undisturbed,
    goal: OTHERS_GOAL,
    note: `p50 ${median(disturbed).toFixed(1)} ms, longest ${Math.max(...disturbed).toFixed(1)} ms`,
  };
};

const measure = async (
  log: DatabaseLog,
  engine: string,
  { rounds, count }: Scale,
): Promise<readonly Line[]> => {
  const opened = await open(log, count(LARGE));
  const lines: Line[] = [];
  for (const call of CALLS) lines.push(await compare(opened, engine, call, rounds));
  return [...lines, await disturb(opened, engine, count(LISTING_MS))];
};

export const largeOrganization: Row = {
  name: "large-organization",
  run: async (scale) => [
    ...await withLog((log) => measure(log, "PGlite", scale)),
    ...await withPostgres((server) =>
      withPostgresLog(server, (log) => measure(log, "PostgreSQL", scale))
    ),
  ],
};
