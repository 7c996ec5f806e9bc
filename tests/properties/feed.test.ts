/** Any interleaving of appends and reads gives a follower each organization's exact log. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Mark } from "../../adapters/ledger/api/feed.ts";
import { follow, followAll } from "../../adapters/ledger/feed/follow.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { HOUR_MS } from "../../core/values/calendar.ts";
import { add, assertWhole } from "../ledger/feed/support.ts";
import type { EventLog, RecordedEvent } from "../../core/ports/mod.ts";
import { runs } from "../support/runs.ts";

const ORGANIZATIONS = ["a", "b", "c", "d"];

type Step =
  | { readonly do: "append"; readonly organization: string; readonly count: number }
  /** Reads this many turns, as far as there is anything new. */
  | { readonly do: "read"; readonly turns: number }
  /** Starts again at the positions that were kept. */
  | { readonly do: "restart" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      organization: fc.constantFrom(...ORGANIZATIONS),
      count: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(99, 100, 101, 250)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("read" as const),
      turns: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
);

type Read = { readonly organization: string; readonly events: readonly RecordedEvent[] };

/**
 * Reads in turns; `begin` starts after the events that were read, or after their positions alone.
 */
const reader = (begin: (read: Readonly<Record<string, Mark>>) => AsyncIterable<Read>) => {
  const logs = new Map<string, RecordedEvent[]>();
  const markOf = ({ position, hash }: RecordedEvent): Mark =>
    position % 3 === 0 ? position : { position, hash };
  const positions = () =>
    Object.fromEntries(
      [...logs].map(([id, events]) => [id, events.slice(-1).map(markOf)[0] ?? 0]),
    );
  let following = begin({})[Symbol.asyncIterator]();
  return {
    logs,
    read: async (): Promise<number> => {
      const { value, done } = await following.next();
      assert.equal(done, false);
      const { organization, events } = value;
      logs.set(organization, [...logs.get(organization) ?? [], ...events]);
      return events.length;
    },
    restart: async (): Promise<void> => {
      await following.return?.();
      following = begin(JSON.parse(JSON.stringify(positions())))[Symbol.asyncIterator]();
    },
  };
};

async function* one(log: EventLog, organization: string, after: Mark): AsyncGenerator<Read> {
  for await (const event of follow(log, organization, { after, pollMs: HOUR_MS })) {
    yield { organization, events: [event] };
  }
}

const perform = async (steps: readonly Step[]): Promise<void> => {
  const log = openMemoryLog();
  const readers = [
    { ids: ORGANIZATIONS, ...reader((after) => followAll(log, { after, pollMs: HOUR_MS })) },
    ...ORGANIZATIONS.slice(0, 2).map((id) => ({
      ids: [id],
      ...reader((read) => one(log, id, read[id] ?? 0)),
    })),
  ].map((each) => ({ ...each, waiting: 0 }));
  const read = async (turns: number): Promise<void> => {
    for (const each of readers) {
      // Where there is nothing new, a read would wait forever.
      for (let turn = 0; turn < turns && each.waiting > 0; turn += 1) {
        each.waiting -= await each.read();
      }
    }
  };
  for (const next of steps) {
    if (next.do === "append") {
      await add(log, next.organization, next.count);
      for (const each of readers) {
        if (each.ids.includes(next.organization)) each.waiting += next.count;
      }
    } else if (next.do === "read") await read(next.turns);
    else for (const each of readers) await each.restart();
  }
  await read(Number.POSITIVE_INFINITY);
  for (const { ids, logs } of readers) {
    for (const id of ids) await assertWhole(log, id, logs.get(id) ?? []);
  }
  for (const each of readers) await each.restart();
};

test("a follower gets each log exactly, however reads and appends are interleaved", async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), perform), {
    numRuns: runs(300),
  });
});
