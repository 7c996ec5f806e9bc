import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { rebuildAll } from "../../adapters/ledger/rebuild/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { type OpenDatabase, openPglite } from "../../adapters/log/pglite/mod.ts";
import { openSqlLog } from "../../adapters/log/sql/log.ts";
import type { EventLog, RecordedEvent } from "../../core/ports/mod.ts";
import { NUMBERS } from "../harness/arbitraries/contents.ts";
import { assertReplayed } from "../support/replayed.ts";
import { eventsOf, forAnyRun, perform } from "./runs.ts";
import { ORGANIZATIONS } from "./steps.ts";

/** The events of each organization, in pieces that are appended one after the other. */
type Pieces = readonly (readonly RecordedEvent[])[];

/** Cuts every organization's events in four, anywhere. */
const cut = (logs: readonly (readonly RecordedEvent[])[], places: readonly number[]): Pieces => {
  const pieces: RecordedEvent[][] = [[], [], [], []];
  for (const [which, events] of logs.entries()) {
    const at = [0, 1, 2].map((place) => (places[3 * which + place] ?? 0) % (events.length + 1));
    const ends = [...at.toSorted((a, b) => a - b), events.length];
    for (const [place, end] of ends.entries()) {
      pieces[place]?.push(...events.slice(ends[place - 1] ?? 0, end));
    }
  }
  return pieces;
};

/** Appends the events as they are, with nothing beside them: rows and claims are to be rebuilt. */
const append = async (log: EventLog, events: readonly RecordedEvent[]): Promise<void> => {
  for (const { organization, at, actor, type, version, data } of events) {
    const what = { organization, at, actor, events: [{ type, version, data }] };
    const none = { command: null, rows: [], claims: [], free: [] };
    const { outcome } = await log.append({ ...what, ...none, expected: "any" });
    assert.equal(outcome, "appended");
  }
};

/**
 * The log, which is given the next piece whenever a rebuild has read all there is, and the last one
 * when appends are about to be blocked.
 */
const growing = (log: EventLog, pieces: readonly (readonly RecordedEvent[])[]): EventLog => {
  const left = [...pieces];
  const grow = () => append(log, left.shift() ?? []);
  return {
    ...log,
    scan: async (...input) => {
      const page = await log.scan(...input);
      if (page.length === 0) await grow();
      return page;
    },
    rebuild: (work) =>
      log.rebuild((next) =>
        work({
          ...next,
          lags: async (...input) => {
            const page = await next.lags(...input);
            if (page.length === 0 && left.length > 1) await grow();
            return page;
          },
          swap: async (finish) => {
            while (left.length > 0) await grow();
            await next.swap(finish);
          },
        })
      ),
  };
};

const tryRebuilds = (open: () => Promise<EventLog>): Promise<void> =>
  forAnyRun(20, 40, (run) =>
    perform(run, async (stage) => {
      const logs = await Promise.all(ORGANIZATIONS.map((each) => eventsOf(stage, each)));
      const places = fc.sample(fc.nat(), { numRuns: 3 * logs.length, seed: logs.flat().length });
      const [first = [], ...rest] = cut(logs, places);
      const log = await open();
      await append(log, first);
      const { events } = await rebuildAll(growing(log, rest));
      assert.equal(events, logs.flat().length);
      await assertReplayed(log, NUMBERS);
      await rebuildAll(log);
      await assertReplayed(log, NUMBERS);
    }));

test("a rebuild in memory gives the rows of the log, whatever is appended meanwhile", () =>
  tryRebuilds(() => Promise.resolve(openMemoryLog())));

let opened: OpenDatabase | undefined;

before(async () => {
  opened = await openPglite({ folder: "memory" });
});
after(() => opened?.close());

test("a rebuild in SQL gives the rows of the log, whatever is appended meanwhile", () =>
  tryRebuilds(async () => {
    assert.ok(opened !== undefined);
    const { database } = opened;
    await database.query(
      "truncate ledgerline.event, ledgerline.state, ledgerline.claim",
      [],
    );
    return openSqlLog(database, () => Promise.resolve());
  }));
