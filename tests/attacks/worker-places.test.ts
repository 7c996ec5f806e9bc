/** The places of a worker's requests: one organization never waits for another's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryAnswers } from "../../adapters/answers/memory.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import {
  type EventSource,
  openShared,
  openSource,
} from "../../adapters/runtimes/workerd/source.ts";
import { openFairTurns } from "../../http/fair-queue.ts";
import { openTestApp } from "../support/app.ts";
import { openIdleLedger } from "../support/ledger.ts";
import { eventually } from "../support/eventually.ts";
import { gate } from "../support/gate.ts";

/**
 * How many requests an isolate serves for one organization, for all callers, and for unknown
 * clients.
 */
const EACH = 12;
const CALLERS = 16;
const STRANGERS = 4;

const settle = () => new Promise((resolve) => setTimeout(resolve));

/** An isolate over one log, with tokens of these organizations that it has not seen yet. */
const openIsolate = async (tokensOf: Readonly<Record<string, number>>) => {
  const log = { ...openMemoryLog(), close: () => Promise.resolve() };
  const app = openTestApp({ log });
  const tokens: Record<string, string[]> = {};
  for (const [organization, count] of Object.entries(tokensOf)) {
    tokens[organization] = [];
    for (let drawn = 0; drawn < count; drawn++) {
      tokens[organization].push(await app.organization(organization));
    }
  }
  await app.close();
  const shared = openShared();
  let [opened, most] = [0, 0];
  const answers = openMemoryAnswers();
  const open = () => {
    most = Math.max(most, ++opened);
    const ledger = openIdleLedger(log);
    const close = async (): Promise<void> => {
      await ledger.close();
      opened -= 1;
    };
    return Promise.resolve({ ledger: { ...ledger, close }, limiter: null, answers });
  };
  const request = (workMs = 3_600_000): EventSource =>
    openSource({ open, now: Date.now, shared, workMs });
  return {
    request,
    guard: shared.guard,
    opened: () => opened,
    /** The most ledgers that were open at the same time. */
    most: () => most,
    token: (organization: string): string => tokens[organization]?.shift() ?? "",
    /** Like a request: looks up the token, and then opens the ledger. */
    use: async (source: EventSource, token: string): Promise<string | null> => {
      const caller = await shared.guard(
        token,
        (organization) => source.authenticate(token, organization),
      );
      if (caller === null) return null;
      await source.open(caller.organization);
      return caller.organization;
    },
    /** This many requests that have their ledgers. */
    busy: async (organization: string, count: number): Promise<EventSource[]> => {
      const sources = Array.from({ length: count }, () => request());
      await Promise.all(sources.map((source) => source.open(organization)));
      return sources;
    },
  };
};

const never = () => false;
const end = (source: EventSource) => source.finish(never, () => Promise.resolve());
const endAll = (sources: readonly EventSource[]) => Promise.all(sources.map(end));

test("work after answers takes no caller's place, and runs once in an isolate", async () => {
  const isolate = await openIsolate({});
  let begun = 0;
  let worked = gate();
  const hangs = async (): Promise<void> => {
    begun += 1;
    await worked.opened;
  };
  const answered: Promise<void>[] = [];
  for (const organization of ["acme", "globex"]) {
    for (const source of await isolate.busy(organization, EACH - 4)) {
      answered.push(source.finish(() => true, hangs));
    }
    await settle();
  }
  await eventually(() => Promise.resolve(isolate.opened()), (opened) => opened === 1);
  assert.equal(begun, 1);
  const others = [
    ...await isolate.busy("umbrella", EACH),
    ...await isolate.busy("acme", CALLERS - EACH),
  ];
  assert.equal(isolate.opened(), CALLERS + 1);
  await endAll(others);
  worked.open();
  await Promise.all(answered);
  assert.equal(isolate.opened(), 0);

  worked = gate();
  const [next] = await isolate.busy("acme", 1);
  const working = next?.finish(() => true, hangs);
  await eventually(() => Promise.resolve(begun), (count) => count === 2);
  worked.open();
  await working;
  assert.equal(isolate.opened(), 0);
});

test("work after an answer is ended where it takes too long, and others may work then", async () => {
  const isolate = await openIsolate({});
  let begun = 0;
  const hangs = (): Promise<void> => {
    begun += 1;
    return new Promise(() => undefined);
  };
  for (let round = 1; round <= 2; round++) {
    const source = isolate.request(1);
    await source.open("acme");
    await source.finish(() => true, hangs);
    assert.equal(begun, round);
    assert.equal(isolate.opened(), 0);
  }
});

test("no work follows where none is due, or no caller was answered", async () => {
  const isolate = await openIsolate({});
  const work = () => assert.fail("it worked");
  const [source] = await isolate.busy("acme", 1);
  await source?.finish(never, work);
  await isolate.request().finish(() => true, work);
  const stranger = isolate.request();
  assert.equal(await isolate.use(stranger, `tk_${"0".repeat(26)}.${"s".repeat(43)}`), null);
  await stranger.finish(() => true, work);
  assert.equal(isolate.opened(), 0);
});

test("first uses of a busy organization's tokens keep out no other first use", async () => {
  const isolate = await openIsolate({ acme: STRANGERS * 2, umbrella: 1 });
  const busy = await isolate.busy("acme", EACH);
  let over = 0;
  const waiting = Array.from({ length: STRANGERS * 2 }, async () => {
    const source = isolate.request();
    await isolate.use(source, isolate.token("acme")).finally(() => over += 1);
    await end(source);
  });
  const umbrellas = isolate.request();
  assert.equal(await isolate.use(umbrellas, isolate.token("umbrella")), "umbrella");
  assert.equal(over, 0, "those of the busy organization wait still");
  assert.ok(isolate.most() <= CALLERS + STRANGERS, `${isolate.most()} were open concurrently`);
  await endAll([...busy, umbrellas]);
  await Promise.all(waiting);
  assert.equal(isolate.opened(), 0);
});

test("a token that was accepted is known, also where no place became free for it", async () => {
  const isolate = await openIsolate({ acme: 1 });
  const token = isolate.token("acme");
  const busy = await isolate.busy("acme", EACH);
  const source = isolate.request();
  const caller = await isolate.guard(token, (before) => source.authenticate(token, before));
  assert.equal(caller?.organization, "acme");
  assert.equal(isolate.opened(), EACH, "its connection is closed");
  let before: string | null = null;
  await isolate.guard(token, (organization) => {
    before = organization;
    return Promise.resolve(caller);
  });
  assert.equal(before, "acme");
  await endAll([...busy, source]);
});

test("no waiting request is evicted for one whose turn is free", async () => {
  const turns = openFairTurns({ places: 3, each: 2, waiting: 4, total: 4 });
  const inside = await Promise.all([turns.enter("acme"), turns.enter("acme")]);
  const refused: number[] = [];
  const waiting = Array.from({ length: 4 }, async (_, place) => {
    const leave = await turns.enter("acme");
    if (leave === null) refused.push(place);
    leave?.();
  });
  await settle();
  const umbrella = await turns.enter("umbrella");
  await settle();
  assert.notEqual(umbrella, null);
  assert.deepEqual(refused, []);
  assert.equal(turns.enterNow("globex"), null, "none is free");
  const globex = turns.enter("globex");
  await settle();
  assert.deepEqual(refused, [0], "one gives way where the turn is not free");
  for (const leave of [...inside, umbrella]) leave?.();
  (await globex)?.();
  await Promise.all(waiting);
  assert.deepEqual(refused, [0]);
  const now = turns.enterNow("acme");
  assert.notEqual(now, null);
  now?.();
});
