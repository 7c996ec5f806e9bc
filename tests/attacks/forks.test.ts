/** A follower whose cursor belongs to another history gets an error, and none of its events. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Mark } from "../../adapters/ledger/api/feed.ts";
import { ForkedLog } from "../../adapters/ledger/feed/cursor.ts";
import { follow, followAll } from "../../adapters/ledger/feed/follow.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { EMPTY_HEAD } from "../../core/log/chain.ts";
import type { EventLog, RecordedEvent } from "../../core/ports/mod.ts";
import { HOUR_MS } from "../../core/values/calendar.ts";
import { appendTo, eventsIn } from "../harness/contract/log/support.ts";
import { runs } from "../support/runs.ts";

const ACME = "acme";

/** A log with these events, which differ from others by their text alone. */
const logOf = async (texts: readonly string[], organization = ACME): Promise<EventLog> => {
  const log = openMemoryLog();
  for (const text of texts) {
    const events = [{ type: "Tested", version: 1, data: { text } }];
    await log.append(appendTo(organization, { expected: "any", events }));
  }
  return log;
};

/** What follows the mark until this many events have come, by either way to follow. */
const WAYS: Readonly<
  Record<string, (log: EventLog, after: Mark) => AsyncIterable<readonly RecordedEvent[]>>
> = {
  follow: async function* (log, after) {
    for await (const event of follow(log, ACME, { after, pollMs: HOUR_MS })) yield [event];
  },
  followAll: async function* (log, after) {
    const following = followAll(log, { after: { [ACME]: after }, pollMs: HOUR_MS });
    for await (const { events } of following) yield events;
  },
};

type Way = (log: EventLog, after: Mark) => AsyncIterable<readonly RecordedEvent[]>;

const next = async (way: Way, log: EventLog, after: Mark, count: number) => {
  const given: RecordedEvent[] = [];
  if (count === 0) return given;
  for await (const events of way(log, after)) {
    given.push(...events);
    if (given.length >= count) break;
  }
  return given;
};

const isFork = (handled: { readonly position: number }) => (error: unknown): boolean => {
  assert.ok(error instanceof ForkedLog, String(error));
  assert.equal(error.organization, ACME);
  assert.equal(error.handled.position, handled.position);
  assert.match(error.message, /^the log of acme is not the one that was followed: .*beginning$/);
  return true;
};

const texts = (least: number, most: number) =>
  fc.array(fc.constantFrom("a", "b", "c"), { minLength: least, maxLength: most });

for (const [name, way] of Object.entries(WAYS)) {
  test(`${name} continues after a head that the log has, and after no other`, async () => {
    await fc.assert(
      fc.asyncProperty(texts(0, 4), texts(1, 4), texts(0, 6), async (shared, tail, other) => {
        const before = await logOf([...shared, ...tail]);
        const handled = (await eventsIn(before, ACME)).at(-1) ?? assert.fail();
        const log = await logOf([...shared, ...other]);
        const events = await eventsIn(log, ACME);
        const expected = events.slice(handled.position);
        // It is the same history where the hash at that position is the same.
        if (events[handled.position - 1]?.hash === handled.hash) {
          assert.deepEqual(await next(way, log, handled, expected.length), expected);
        } else {
          await assert.rejects(next(way, log, handled, 1), isFork(handled));
        }
      }),
      { numRuns: runs(300) },
    );
  });

  describe(`${name}, after the log was set back`, () => {
    const before = ["a", "b", "c"];
    const cases: Readonly<Record<string, readonly string[]>> = {
      "to nothing": [],
      "and is shorter": ["a"],
      "and is as long": ["a", "b", "x"],
      "and is longer": ["a", "b", "x", "y", "z"],
      "to its beginning, and is longer": ["x", "y", "z", "u"],
    };
    for (const [what, after] of Object.entries(cases)) {
      test(`${what}: fails, and gives nothing`, async () => {
        const handled = (await eventsIn(await logOf(before), ACME)).at(-1) ?? assert.fail();
        await assert.rejects(next(way, await logOf(after), handled, 1), isFork(handled));
      });

      test(`${what}, while it is followed: fails, and gives nothing more`, async () => {
        let log = await logOf(before);
        const switched: EventLog = {
          ...log,
          load: (...input) => log.load(...input),
          events: (...input) => log.events(...input),
          heads: (...input) => log.heads(...input),
          watch: () => () => {},
        };
        const following = (name === "follow"
          ? follow(switched, ACME, { pollMs: 5 })
          : followAll(switched, { pollMs: 5 }))[Symbol.asyncIterator]();
        const first = await following.next();
        assert.equal(first.done, false);
        for (let left = name === "follow" ? 2 : 0; left > 0; left -= 1) {
          await following.next();
        }
        log = await logOf(after);
        await assert.rejects(Promise.resolve(following.next()), isFork({ position: 3 }));
      });
    }
  });
}

test("a log that lost a whole organization is forked, however many others it has", async () => {
  const handled = { position: 3, hash: "a".repeat(64) };
  const log = await logOf(["a"], "other");
  const all = followAll(log, { after: { [ACME]: handled }, pollMs: HOUR_MS });
  await assert.rejects(
    async () => {
      for await (const { organization } of all) assert.equal(organization, "other");
    },
    (error) =>
      isFork(handled)(error) && (error as ForkedLog).found.position === EMPTY_HEAD.position,
  );
});

test("a page with space for one event only stops no reader from going on", async () => {
  const log = await logOf(["a", "b", "c", "d"]);
  const tight: EventLog = { ...log, events: (id, after) => log.events(id, after, 1) };
  const all = await eventsIn(log, ACME);
  for (const way of Object.values(WAYS)) {
    const first = all[0] ?? assert.fail();
    assert.deepEqual(await next(way, tight, first, 1), all.slice(1, 2));
  }
  assert.deepEqual(await next(WAYS["follow"] ?? assert.fail(), tight, 0, 4), all);
});
