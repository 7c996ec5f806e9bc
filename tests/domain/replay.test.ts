/** Reading a log always ends: pages that do not advance are reported as a bug. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { allEventsOf, eventsOf, headsOf } from "../../core/log/pages.ts";
import { appended, appendTo, drafts } from "../harness/contract/log/support.ts";

const openLog = async (): Promise<ReturnType<typeof openMemoryLog>> => {
  const log = openMemoryLog();
  for (const id of ["one", "two"]) await appended(log, appendTo(id, { events: drafts(3) }));
  return log;
};

const readAll = async (pages: AsyncIterable<unknown>): Promise<void> => {
  for await (const _page of pages);
};

const STUCK = /does not get past/;

test("events that come again and again are not read without end", async () => {
  const log = await openLog();
  const again = {
    events: (id: string, after: number) => log.events(id, Math.max(0, after - 1), 9),
  };
  await assert.rejects(readAll(eventsOf(again, "one")), STUCK);
  const first = { events: (id: string) => log.events(id, 0, 9) };
  await assert.rejects(readAll(eventsOf(first, "one")), STUCK);
});

test("events of all organizations that come again and again are not read without end", async () => {
  const log = await openLog();
  const first = {
    scan: ({ organization }: { readonly organization: string }) =>
      log.scan({ organization, position: 0 }, 2),
  };
  await assert.rejects(readAll(allEventsOf(first)), STUCK);
  const last = { scan: () => log.scan({ organization: "two", position: 2 }, 9) };
  await assert.rejects(readAll(allEventsOf(last)), STUCK);
});

test("heads that come again and again are not read without end", async () => {
  const log = await openLog();
  await assert.rejects(readAll(headsOf({ heads: () => log.heads("", 9) })), STUCK);
});
