/** What the feed of published events promises, over any log. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPublishedFeed } from "../../../adapters/ledger/feed/published-feed.ts";
import type { EventsPage, FeedEvent } from "../../../adapters/ledger/mod.ts";
import { ForkedLog } from "../../../adapters/ledger/feed/cursor.ts";
import type { EventDraft, EventLog } from "../../../core/ports/mod.ts";
import type { Scope } from "../../../core/values/claim-key.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { ALICE } from "../../harness/specification.ts";
import {
  appended,
  appendTo,
  eventsIn,
  newOrganization,
} from "../../harness/contract/log/support.ts";

const imported = (holding: string, world: "live" | "sandbox" = "live"): EventDraft => ({
  type: "NumberImported",
  version: 2,
  data: {
    holding,
    e164: "+4922812345678",
    world,
    sipConnection: null,
    sipTrunk: null,
    sipProviderName: null,
    direction: "both",
    label: "of Alice",
    template: null,
  },
});

const assigned = (holding: string): EventDraft => ({
  type: "NumberAssigned",
  version: 1,
  data: { holding, assistant: "ann" },
});

const drafted: EventDraft = {
  type: "RouteDetached",
  version: 1,
  data: { holding: "pn_1", wish: 1 },
};

const add = async (log: EventLog, organization: string, ...events: readonly EventDraft[]) => {
  await appended(log, appendTo(organization, { expected: "any", events }));
};

/** What each page has, until so many events came. */
const gather = async (pages: AsyncIterable<EventsPage>, count: number) => {
  const events: FeedEvent[] = [];
  let next = "";
  for await (const page of pages) {
    events.push(...page.events);
    next = page.next;
    if (events.length >= count) break;
  }
  return { events, next };
};

const typesOf = (events: readonly FeedEvent[]) => events.map(({ type }) => type);

/** The whole feed, a page of this size at a time. */
const readAll = async (
  events: ReturnType<typeof openPublishedFeed>["events"],
  organization: string,
  limit: number,
): Promise<readonly FeedEvent[]> => {
  const all: FeedEvent[] = [];
  let after = "0";
  for (;;) {
    const page = await events.list({ organization, actor: ALICE }, { after, limit });
    all.push(...page.events);
    if (page.next === after) return all;
    after = page.next;
  }
};

type Open = (scope?: Scope) => ReturnType<typeof openPublishedFeed>;

const pages = (open: Open, theLog: () => EventLog): void => {
  test("a feed has every published event once and in order, whatever the pages", async () => {
    const [{ events }, log, organization] = [open(), theLog(), newOrganization()];
    await add(log, organization, imported("pn_1"), drafted, imported("pn_2", "sandbox"));
    for (let round = 0; round < 30; round += 1) {
      await add(log, organization, assigned("pn_1"), drafted, assigned("pn_2"));
    }
    const whole = await readAll(events, organization, 100);
    assert.equal(whole.length, 62);
    for (const limit of [1, 7, 61]) {
      assert.deepEqual(await readAll(events, organization, limit), whole);
    }
    const recorded = await eventsIn(log, organization);
    const hashes = recorded.filter(({ type }) => type !== drafted.type).map(({ hash }) => hash);
    assert.deepEqual(whole.map(({ id }) => id), hashes.map((hash) => `ev_${hash.slice(0, 32)}`));
    assert.equal(whole.every(({ data }) => Reflect.get(data, "e164") === "+4922812345678"), true);
  });

  test("only events of the wanted types are in it, and the cursor passes the others", async () => {
    const [{ events }, log, organization] = [open(), theLog(), newOrganization()];
    const caller = { organization, actor: ALICE };
    await add(log, organization, imported("pn_1"), assigned("pn_1"), drafted);
    const types = ["number.imported"] as const;
    const first = await events.list(caller, { types });
    assert.deepEqual(typesOf(first.events), types);
    const again = await events.list(caller, { types, after: first.next });
    assert.deepEqual(again, { events: [], next: first.next });
    await add(log, organization, assigned("pn_1"), imported("pn_2"));
    const next = await events.list(caller, { types, after: first.next });
    assert.deepEqual(next.events.map(({ subject }) => subject), ["/ledger/numbers/pn_2"]);
  });

  test("a caller of one world gets that world's numbers, and what is of none", async () => {
    const [log, organization] = [theLog(), newOrganization()];
    await add(log, organization, imported("pn_1"), imported("pn_2", "sandbox"), {
      type: "AssistantNamed",
      version: 1,
      data: { assistant: "ann", name: "Ann" },
    });
    for (
      const [scope, subjects] of [
        ["live", ["/ledger/numbers/pn_1", "/ledger/assistants/ann/numbers"]],
        ["sandbox", ["/ledger/numbers/pn_2", "/ledger/assistants/ann/numbers"]],
      ] as const
    ) {
      const { events } = open(scope);
      const page = await events.list({ organization, actor: ALICE });
      assert.deepEqual(page.events.map(({ subject }) => subject), subjects);
    }
  });

  test("a cursor of another log is found out, and one of no feed refused", async () => {
    const [{ events }, log, organization] = [open(), theLog(), newOrganization()];
    const caller = { organization, actor: ALICE };
    await add(log, organization, imported("pn_1"));
    const { next } = await events.list(caller);
    for (const after of [`1-${"0".repeat(64)}`, next.replace(/^1/, "9")]) {
      await assert.rejects(events.list(caller, { after }), ForkedLog);
      await assert.rejects(gather(events.follow(caller, { after }), 1), ForkedLog);
    }
    for (const after of ["", "x", "1", "01-" + "0".repeat(64), `${next} `, "9".repeat(17)]) {
      await assert.rejects(events.list(caller, { after }), { name: "InvalidArgument" }, after);
    }
  });
};

const following = (open: Open, theLog: () => EventLog): void => {
  test("a page is waited for until an event comes, of a wanted type", async () => {
    const [{ events }, log, organization] = [open(), theLog(), newOrganization()];
    const caller = { organization, actor: ALICE };
    await add(log, organization, imported("pn_1"));
    const { next: after } = await events.list(caller);
    const types = ["number.assigned"] as const;
    const waiting = events.list(caller, { after, types, waitMs: 60_000 });
    await add(log, organization, drafted, imported("pn_2"));
    await add(log, organization, assigned("pn_1"));
    assert.deepEqual(typesOf((await waiting).events), types);
    const latest = events.list(caller, { after: "latest", waitMs: 60_000 });
    // It may have begun before or after what is added meanwhile, and waits for one of them.
    await Promise.all([
      latest,
      add(log, organization, assigned("pn_1")).then(async () => {
        await add(log, organization, assigned("pn_2"));
      }),
    ]);
    assert.ok((await latest).events.length > 0);
  });

  test("all who follow get everything once and in order, from wherever they begin", async () => {
    const [{ events }, log, organization] = [open(), theLog(), newOrganization()];
    const caller = { organization, actor: ALICE };
    await add(log, organization, imported("pn_1"), imported("pn_2"));
    const total = 2 + 60 * 4;
    const { events: [first] } = await events.list(caller, { limit: 1 });
    const followers = Array.from(
      { length: 100 },
      (_, place) =>
        place % 2 === 0
          ? gather(events.follow(caller), total)
          : gather(events.follow(caller, { after: first?.cursor }), total - 1),
    );
    await Promise.all(Array.from({ length: 4 }, async () => {
      for (let round = 0; round < 60; round += 1) await add(log, organization, assigned("pn_2"));
    }));
    const whole = await readAll(events, organization, 100);
    assert.equal(whole.length, total);
    for (const [place, got] of (await Promise.all(followers)).entries()) {
      assert.deepEqual(got.events, place % 2 === 0 ? whole : whole.slice(1));
    }
  });

  test("a follower is shown how far it is while nothing is for it", async () => {
    const [{ events }, log, organization] = [open(), theLog(), newOrganization()];
    const caller = { organization, actor: ALICE };
    await add(log, organization, imported("pn_1"), drafted, drafted);
    const options = { types: ["number.released"], idleMs: 1 } as const;
    const follow = events.follow(caller, options);
    const { value } = await follow.next();
    assert.deepEqual(value?.events, []);
    assert.match(value?.next ?? "", /^3-/);
    await follow.return?.();
  });
};

const ending = (open: Open, theLog: () => EventLog): void => {
  test("those who wait and follow are ended by their signal, and by the ledger", async () => {
    const [feed, log, organization] = [open(), theLog(), newOrganization()];
    const { events, end } = feed;
    const caller = { organization, actor: ALICE };
    await add(log, organization, imported("pn_1"));
    const leaving = new AbortController();
    const { signal } = leaving;
    const options = { after: "latest", idleMs: 60_000, waitMs: 60_000 } as const;
    const followed = (own?: AbortSignal) => {
      const { waitMs: _, ...wish } = options;
      return gather(events.follow(caller, { ...wish, signal: own }), 1);
    };
    const waited = (own?: AbortSignal) => {
      const { idleMs: _, ...wish } = options;
      return events.list(caller, { ...wish, signal: own });
    };
    const aborted = [followed(signal), waited(signal)];
    leaving.abort();
    for (const { events: got } of await Promise.all(aborted)) assert.deepEqual(got, []);
    assert.deepEqual((await followed(AbortSignal.abort())).events, []);
    const ended = [followed(), waited()];
    end();
    for (const { events: got } of await Promise.all(ended)) assert.deepEqual(got, []);
    await assert.rejects(events.list(caller), { name: "Closed" });
    assert.throws(() => events.follow(caller), { name: "Closed" });
  });

  test("the operator reads the feed of any organization that they name", async () => {
    const [{ events }, log, organization] = [open(), theLog(), newOrganization()];
    await add(log, organization, imported("pn_1"));
    const operator = { organization, actor: OPERATOR };
    assert.equal((await events.list(operator)).events.length, 1);
  });
};

/** Runs the specifications over the log that this opens. */
export const publishedSpecifications = (name: string, openLog: () => Promise<EventLog>): void => {
  describe(`the feed of published events over ${name}`, { timeout: 600_000 }, () => {
    let log: EventLog | undefined;
    const feeds: ReturnType<Open>[] = [];
    const theLog = (): EventLog => log ?? assert.fail("the log did not open");
    before(async () => {
      log = await openLog();
    });
    after(async () => {
      for (const { end } of feeds) end();
      await log?.close();
    });
    const open: Open = (scope = "all") => {
      const feed = openPublishedFeed({ log: theLog(), scopeOf: () => scope });
      feeds.push(feed);
      return feed;
    };
    pages(open, theLog);
    following(open, theLog);
    ending(open, theLog);
  });
};
