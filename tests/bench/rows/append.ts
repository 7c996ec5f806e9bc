/** Appending through the log against a bare insert into the same database. */
import { join } from "node:path";
import { openFiles } from "../../../adapters/log/pglite/files.ts";
import { defaultImagePath, readImage, unpackImage } from "../../../adapters/log/pglite/image.ts";
import type { Append, EventLog, Head } from "../../../core/ports.ts";
import { BARE_INSERT, BARE_TABLE, openBare, withFolder, withLog } from "../engine.ts";
import { alternate, median, rate, ratioOf, type Round } from "../measure.ts";
import type { Goal, Line, Row } from "../report.ts";

const ROUTED = {
  holding: "pn_01k2m3n4p5q6r7s8t9v0w1x2y3",
  direction: "both",
  label: "Front desk",
  template: { campaign: "spring", queue: "sales", priority: 2, note: "x".repeat(200) },
};
const DATA = JSON.stringify(ROUTED);

const ROUTING_CHANGED = { type: "RoutingChanged", version: 1, data: ROUTED };

const RENEWS_AT = 1_772_272_800_000;

/** So many of each are done beforehand: the engine compiles itself while it runs. */
const WARM_UP = 4_000;

/** Rows of one organization are written in turn, as commands on its numbers would. */
const ROWS = 20;

/**
 * Events, the head they were decided against, and the row that they change: what a change of routing
 * appends. When the number is next renewed stays as it is.
 */
const appendOn = (organization: string, expected: Head, events: number): Append => {
  const at = 1_769_853_600_000 + expected.position;
  return {
    organization,
    expected,
    at,
    actor: { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice" },
    command: null,
    events: Array.from({ length: events }, () => ROUTING_CHANGED),
    rows: [{
      kind: "number",
      key: `${organization}-${expected.position % ROWS}`,
      data: ROUTED,
      work: { automation: "renewals", due: RENEWS_AT },
    }],
    claim: null,
    free: [],
  };
};

/** A caller that appends to its own organization, each time on the head it was given before. */
const openCaller = (log: EventLog, organization: string, events: number) => {
  let head: Head = { position: 0, hash: "" };
  return async (times: number): Promise<void> => {
    for (let done = 0; done < times; done += events) {
      const outcome = await log.append(appendOn(organization, head, events));
      if (outcome.outcome !== "appended") throw new Error(`not appended: ${outcome.outcome}`);
      head = outcome.head;
    }
  };
};

type Caller = (times: number) => Promise<void>;

/** A round in which the callers together do `count` things. */
const together = (callers: readonly Caller[], count: number): Round => {
  const each = Math.ceil(count / callers.length);
  return rate(each * callers.length, () => Promise.all(callers.map((call) => call(each))));
};

const times = (work: () => Promise<unknown>): Caller => async (count) => {
  for (let done = 0; done < count; done++) await work();
};

/** Runs `work` with an insert by PGlite's own `query()`, into a synced database of its own. */
const withQuery = <Value>(work: (insert: () => Promise<unknown>) => Promise<Value>) =>
  withFolder(async (folder) => {
    const data = join(folder, "pglite");
    unpackImage(await readImage(defaultImagePath()), data, true);
    const failed = (error: unknown): never => {
      throw error;
    };
    const pglite = await openFiles(data, "synced", [], { synced: () => {}, failed });
    try {
      await pglite.query(BARE_TABLE);
      let id = 0;
      return await work(() => pglite.query(BARE_INSERT, [id += 1, "acme", DATA]));
    } finally {
      await pglite.close();
    }
  });

const appendRow = (name: string, callers: number, count: number, goal: Goal): Row => ({
  name,
  run: (scale) =>
    withLog((log) =>
      withQuery(async (query): Promise<readonly Line[]> => {
        const bare = await openBare(log.database);
        const all = <Each>(make: (place: number) => Each): readonly Each[] =>
          Array.from({ length: callers }, (_, place) => make(place));
        const inserts = scale.count(400);
        const ours = (events: number) =>
          all((place) => openCaller(log, `organization-${place}-${events}`, events));
        const subjects = {
          one: ours(1),
          two: ours(2),
          bare: all(() => times(() => bare.insert(DATA))),
          query: all(() => times(query)),
        };
        for (const subject of Object.values(subjects)) {
          await together(subject, scale.count(WARM_UP))();
        }
        const { one, two, bare: prepared, query: own } = await alternate(scale.rounds, {
          one: together(subjects.one, scale.count(count)),
          two: together(subjects.two, scale.count(count)),
          bare: together(subjects.bare, inserts),
          query: together(subjects.query, inserts),
        });
        const who = `${callers} ${callers === 1 ? "caller" : "callers"}`;
        const line = { what: `append, ${who}`, figure: median(one), unit: "events/s" };
        return [
          {
            ...line,
            baseline: { what: "prepared insert, same handle", figure: median(prepared) },
            ratio: ratioOf(one, prepared),
            goal,
          },
          {
            what: `append of two events, ${who}`,
            figure: median(two),
            unit: "events/s",
            baseline: { what: "prepared insert, same handle", figure: median(prepared) },
            ratio: ratioOf(two, prepared),
            goal: null,
          },
          {
            ...line,
            baseline: { what: "insert by PGlite's query()", figure: median(own) },
            ratio: ratioOf(one, own),
            goal: null,
          },
        ];
      })
    ),
});

export const appendOne = appendRow("append-1", 1, 400, { atLeast: 0.6 });
export const appendMany = appendRow("append-64", 64, 1_920, { atLeast: 3 });
