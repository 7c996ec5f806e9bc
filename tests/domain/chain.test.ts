/** The hash chain of a log, and a log read a page at a time. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { digest } from "../../adapters/log/digest.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { chain, EMPTY_HEAD, link, verifyChain } from "../../core/log/chain.ts";
import {
  allEventsOf,
  eventsOf,
  eventsUpTo,
  headsOf,
  organizationsOf,
} from "../../core/log/pages.ts";
import { organizations } from "../../core/organization/state.ts";
import type { RecordedEvent } from "../../core/ports/mod.ts";
import { toDraft } from "../../core/events/vocabulary.ts";
import { appended, appendTo, drafts } from "../harness/contract/log/support.ts";
import { opened, planChanged } from "../harness/story/mod.ts";
import { replayLog } from "../support/past-numbers.ts";
import { ALICE } from "../harness/specification.ts";

const entry = (count: number) => ({
  organization: "acme",
  at: 7,
  actor: ALICE,
  command: "c_1",
  events: drafts(count),
});

const chained = (count: number): readonly RecordedEvent[] =>
  chain(EMPTY_HEAD, entry(count), digest).map(({ event }) => event);

describe("hash chain", () => {
  test("has a hash for each event, of the one before it and of all that is in it", () => {
    const [first, second] = chain(EMPTY_HEAD, entry(2), digest);
    assert.ok(first !== undefined && second !== undefined);
    const { organization, at, actor, command, events } = entry(2);
    const [draft] = events;
    assert.deepEqual({ ...first.event, hash: "" }, {
      organization,
      position: 1,
      type: draft?.type,
      version: draft?.version,
      at,
      actor,
      command,
      data: draft?.data,
      hash: "",
    });
    assert.equal(first.text, JSON.stringify(draft?.data));
    const hashed = [
      "",
      organization,
      1,
      draft?.type,
      draft?.version,
      at,
      actor,
      command,
      draft?.data,
    ];
    assert.equal(first.event.hash, digest(JSON.stringify(hashed)));
    assert.equal(second.event.position, 2);
    assert.equal(second.event.hash, link(first.event.hash, second.event, digest));
  });

  test("is verified from any head on, and gives the head it ends at", () => {
    const events = chained(4);
    for (let from = 0; from <= events.length; from++) {
      const before = events[from - 1];
      const head = before === undefined ? EMPTY_HEAD : { position: from, hash: before.hash };
      const last = { position: 4, hash: events[3]?.hash };
      assert.deepEqual(verifyChain(events.slice(from), head, digest), { ok: true, value: last });
    }
  });

  test("shows where an event was changed, left out, or put elsewhere", () => {
    const why = (events: readonly RecordedEvent[]) => {
      const verified = verifyChain(events, EMPTY_HEAD, digest);
      assert.ok(!verified.ok);
      return verified.error;
    };
    const events = chained(4);
    fc.assert(fc.property(fc.nat(3), (at) => {
      const changed = events.map((event, index) => index === at ? { ...event, at: 8 } : event);
      assert.deepEqual(why(changed), {
        position: at + 1,
        why: `the event at position ${at + 1} does not fit its hash and the event before it`,
      });
    }));
    assert.deepEqual(why(events.filter((_, index) => index !== 1)), {
      position: 2,
      why: "position 2 is missing: the next event is at 3",
    });
  });
});

const all = async <Value>(pages: AsyncIterable<readonly Value[]>): Promise<readonly Value[]> => {
  const read: Value[] = [];
  for await (const page of pages) read.push(...page);
  return read;
};

test("a log is read to its end, from any position, in pages as short as the log gives them", async () => {
  const log = openMemoryLog();
  for (const id of ["one", "two"]) await appended(log, appendTo(id, { events: drafts(5) }));
  const short = {
    heads: (after: string) => log.heads(after, 1),
    scan: (after: Parameters<typeof log.scan>[0]) => log.scan(after, 2),
    events: (id: string, after: number, limit: number) => log.events(id, after, Math.min(limit, 2)),
  };
  const places = (events: readonly RecordedEvent[]) =>
    events.map(({ organization, position }) => `${organization} ${position}`);
  const of = (id: string, from = 1, to = 5) =>
    Array.from({ length: to - from + 1 }, (_, index) => `${id} ${from + index}`);
  assert.deepEqual(places(await all(eventsOf(short, "one"))), of("one"));
  assert.deepEqual(places(await all(eventsOf(short, "one", 3))), of("one", 4));
  assert.deepEqual(places(await eventsUpTo(short, "two", 1, 4)), of("two", 2, 4));
  assert.deepEqual(places(await eventsUpTo(short, "two", 3, 9)), of("two", 4));
  assert.deepEqual(places(await all(allEventsOf(short))), [...of("one"), ...of("two")]);
  assert.deepEqual((await all(headsOf(short))).map(({ organization }) => organization), [
    "one",
    "two",
  ]);
  const ids: string[] = [];
  for await (const id of organizationsOf(short)) ids.push(id);
  assert.deepEqual(ids, ["one", "two"]);
});

test("a state of the past has what happened until then, and the head of the whole log", async () => {
  const log = openMemoryLog();
  await appended(log, appendTo("acme", { at: 100, events: [toDraft(opened())] }));
  const { head: expected } = await replayLog(log, "acme");
  const events = [toDraft(planChanged("Scale"))];
  await appended(log, appendTo("acme", { at: 200, expected, events }));
  const planAt = async (until?: number) => {
    const { state, head } = await replayLog(log, "acme", until);
    assert.equal(head.position, 2);
    return state.get(organizations, "self")?.plan;
  };
  assert.equal(await planAt(99), undefined);
  assert.equal(await planAt(100), "Growth");
  assert.equal(await planAt(199), "Growth");
  assert.equal(await planAt(200), "Scale");
  assert.equal(await planAt(), "Scale");
});
