/** Lists that are read a page at a time: to their end, and no page twice. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { allEventsOf, eventsOf, eventsUpTo, headsOf } from "../../core/log/pages.ts";

test("pages follow each other to the end, and a list that does not advance is a broken log", async () => {
  const head = (organization: string) => ({ organization }) as never;
  const asked: string[] = [];
  const pages: Record<string, readonly never[]> = { "": [head("a"), head("b")], b: [head("c")] };
  const heads = (after: string) => {
    asked.push(after);
    return Promise.resolve(pages[after] ?? []);
  };
  const seen: number[] = [];
  for await (const page of headsOf({ heads })) seen.push(page.length);
  assert.deepEqual([seen, asked], [[2, 1], ["", "b", "c"]]);
  const same = headsOf({ heads: () => Promise.resolve([head("")]) });
  await assert.rejects(async () => {
    for await (const _ of same);
  }, /The list of heads does not get past ""/);
});

test("pages of events that do not advance are a broken log too", async () => {
  const events = () => Promise.resolve([{ position: 1 } as never]);
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const page of eventsOf({ events }, "acme")) seen.push(page.length);
  }, /The list of events does not get past 1/);
  assert.deepEqual(seen, [1]);
});

test("all events are read from the first organization on, and never the same page again", async () => {
  const event = (organization: string, position: number) => ({ organization, position }) as never;
  const starts: unknown[] = [];
  const scan = (place: { readonly organization: string; readonly position: number }) => {
    starts.push([place.organization, place.position]);
    return Promise.resolve(place.organization === "" ? [event("a", 1), event("a", 2)] : []);
  };
  let count = 0;
  for await (const page of allEventsOf({ scan })) count += page.length;
  assert.deepEqual([count, starts], [2, [["", 0], ["a", 2]]]);
  const stuck = allEventsOf({ scan: () => Promise.resolve([event("a", 1)]) });
  await assert.rejects(async () => {
    for await (const _ of stuck);
  }, /The list of events of "a" does not get past 1/);
});

test("events up to a position are read without asking beyond it", async () => {
  const asked: unknown[] = [];
  const events = (_organization: string, after: number, most = 0) => {
    asked.push([after, most]);
    return Promise.resolve(
      Array.from({ length: Math.min(2, most) }, (_, index) => ({ position: after + index + 1 })),
    ) as never;
  };
  const read = await eventsUpTo({ events }, "acme", 1, 4);
  assert.deepEqual(read.map(({ position }) => position), [2, 3, 4]);
  assert.deepEqual(asked, [[1, 3], [3, 1]]);
  assert.deepEqual(await eventsUpTo({ events: () => Promise.resolve([]) }, "acme", 1, 4), []);
});
