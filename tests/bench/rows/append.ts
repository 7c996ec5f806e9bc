/** Appending through the log against a bare insert into the same database. */
import { join } from "node:path";
import { openFiles } from "../../../adapters/log/pglite/files.ts";
import { defaultImagePath, readImage, unpackImage } from "../../../adapters/log/pglite/image.ts";
import { callersOf, calling, DATA, openCaller, together, who } from "../appending.ts";
import { BARE_INSERT, BARE_TABLE, openBare, withFolder, withLog } from "../engine.ts";
import { alternate, median, ratioOf } from "../measure.ts";
import type { Goal, Line, Row } from "../report.ts";

/** How many of each are done beforehand: the engine compiles itself while it runs. */
const WARM_UP = 4_000;

/** Runs `work` with an insert by PGlite's `query()`, into its own synced database. */
const withQuery = <Value>(work: (insert: () => Promise<unknown>) => Promise<Value>) =>
  withFolder(async (folder) => {
    const data = join(folder, "pglite");
    unpackImage(await readImage(defaultImagePath()), data, true);
    const failed = (error: unknown): never => {
      throw error;
    };
    const pglite = await openFiles(data, "synced", [], {
      before: () => {},
      synced: () => {},
      failed,
    });
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
        const inserts = scale.count(400);
        const ours = (events: number) =>
          callersOf(
            callers,
            (place) => openCaller(log, `organization-${place}-${events}`, events),
          );
        const subjects = {
          one: ours(1),
          two: ours(2),
          bare: callersOf(callers, () => calling(() => bare.insert(DATA))),
          query: callersOf(callers, () => calling(query)),
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
        const line = { what: `append, ${who(callers)}`, figure: median(one), unit: "events/s" };
        return [
          {
            ...line,
            baseline: { what: "prepared insert, same handle", figure: median(prepared) },
            ratio: ratioOf(one, prepared),
            goal,
          },
          {
            what: `append of two events, ${who(callers)}`,
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
