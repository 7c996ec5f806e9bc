import assert from "node:assert/strict";
import { allEventsOf, eventsOf, eventsUpTo } from "../../../../core/log/pages.ts";
import type { RecordedEvent } from "../../../../core/ports/mod.ts";
import type { Test } from "../../runner.ts";
import { appended, appendTo, drafts, eventsIn, newOrganization, type TheLog } from "./support.ts";

const LARGE = 400_000;
const COUNT = 12;

/** What a page may hold: about 4 MB, and the event that reaches it, of any size. */
const MOST = 4.5 * 1_048_576;

const sizeOf = (events: readonly RecordedEvent[]): number =>
  events.reduce((sum, { data }) => sum + JSON.stringify(data).length, 0);

/** `COUNT` events of which each has one text so long. */
const largeEvents = (length: number) =>
  Array.from({ length: COUNT }, (_, index) => ({
    type: "Tested",
    version: 1,
    data: { index, text: "x".repeat(length) },
  }));

const positionsOf = (events: readonly RecordedEvent[]): readonly number[] =>
  events.map(({ position }) => position);

const ALL = Array.from({ length: COUNT }, (_, index) => index + 1);

const scanning = (test: Test, theLog: TheLog): void => {
  test("scan gives the events of all organizations, one log after the other", async () => {
    const log = theLog();
    const organizations = [newOrganization("scan-a"), newOrganization("scan-b")];
    for (const organization of organizations) {
      await appended(log, appendTo(organization, { events: drafts(5) }));
    }
    const heads = await log.heads("", Number.MAX_SAFE_INTEGER);
    const count = heads.reduce((sum, { head }) => sum + head.position, 0);
    for (const limit of [3, 1_000]) {
      const events: RecordedEvent[] = [];
      let place = { organization: "", position: 0 };
      for (;;) {
        const page = await log.scan(place, limit);
        assert.ok(page.length <= limit);
        const last = page[page.length - 1];
        if (last === undefined) break;
        events.push(...page);
        assert.ok(events.length <= count, "scan gives more events than there are");
        place = { organization: last.organization, position: last.position };
      }
      const ids = [...new Set(events.map(({ organization }) => organization))];
      assert.deepEqual(ids, heads.map(({ organization }) => organization));
      const logs = await Promise.all(ids.map((id) => eventsIn(log, id)));
      assert.deepEqual(events, logs.flat());
      assert.ok(organizations.every((id) => ids.includes(id)));
    }
  });
};

/** Pages are bounded by what callers stored, not by how many events that is. */
export const pages = (test: Test, theLog: TheLog): void => {
  scanning(test, theLog);

  test("events gives fewer than were asked for when they are large, and all of them page by page", async () => {
    const log = theLog();
    const organization = newOrganization();
    await appended(log, appendTo(organization, { events: largeEvents(LARGE) }));
    const first = await log.events(organization, 0, 1_000);
    assert.ok(first.length > 1 && first.length < COUNT, `${first.length} of ${COUNT} events`);
    assert.ok(sizeOf(first) <= MOST, `${sizeOf(first)} bytes`);
    assert.deepEqual(positionsOf(await log.events(organization, 3, 2)), [4, 5]);
    const all: RecordedEvent[] = [];
    for await (const page of eventsOf(log, organization)) all.push(...page);
    assert.deepEqual(positionsOf(all), ALL);
    const some = await eventsUpTo(log, organization, 1, COUNT - 1);
    assert.deepEqual(positionsOf(some), ALL.slice(1, -1));
  });

  test("an event that is larger than a page comes alone, and others after it", async () => {
    const log = theLog();
    const organization = newOrganization();
    const data = { text: "y".repeat(5 * 1_048_576) };
    const events = [{ type: "Tested", version: 1, data }, { type: "Tested", version: 1, data: {} }];
    await appended(log, appendTo(organization, { events: [...events, ...events] }));
    assert.deepEqual(positionsOf(await log.events(organization, 0, 9)), [1]);
    assert.deepEqual(positionsOf(await log.events(organization, 1, 9)), [2, 3]);
    assert.deepEqual(positionsOf(await log.events(organization, 3, 9)), [4]);
    assert.deepEqual(await log.events(organization, 4, 9), []);
  });

  test("scan gives pages of as many bytes over several organizations, and misses none", async () => {
    const log = theLog();
    const ids = [newOrganization("scan-a"), newOrganization("scan-b"), newOrganization("scan-c")];
    for (const id of ids) await appended(log, appendTo(id, { events: largeEvents(LARGE / 2) }));
    const page = await log.scan({ organization: ids[0] ?? "", position: 0 }, 1_000);
    assert.ok(page.length > COUNT && page.length < 3 * COUNT, `${page.length} events`);
    assert.ok(sizeOf(page) <= MOST, `${sizeOf(page)} bytes`);
    const met = new Map<string, number[]>(ids.map((id) => [id, []]));
    for await (const events of allEventsOf(log)) {
      assert.ok(sizeOf(events) <= MOST + 5 * 1_048_576, `${sizeOf(events)} bytes`);
      for (const { organization, position } of events) met.get(organization)?.push(position);
    }
    for (const positions of met.values()) assert.deepEqual(positions, ALL);
  });
};
