import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { follow, followAll } from "../../../adapters/ledger/feed/follow.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { newOrganization } from "../../harness/contract/log/support.ts";
import { leaving, waiting } from "./leaving.ts";
import {
  add,
  assertWhole,
  cursorNow,
  gather,
  NEVER_MS,
  take,
  takeUntil,
  type TheLog,
} from "./support.ts";

const WRITERS = 64;

const times = <Value>(count: number, make: (index: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, index) => make(index));

const one = (theLog: TheLog): void => {
  test("follow gives each event once and in order when they are appended meanwhile", async () => {
    const log = theLog();
    const organization = newOrganization();
    await add(log, organization, 3);
    const following = take(log, organization, 3 + 8 * 5);
    await Promise.all(times(8, async () => {
      for (const _ of times(5, () => null)) await add(log, organization);
    }));
    await assertWhole(log, organization, await following);
  });

  test("follow begins after the position it is given, also where a log is yet to begin", async () => {
    const log = theLog();
    const organization = newOrganization();
    const first = take(log, organization, 2);
    await add(log, organization, 1_005);
    await assertWhole(log, organization, await take(log, organization, 1_003, 2), 2);
    assert.deepEqual((await first).map(({ position }) => position), [1, 2]);
    const next = take(log, organization, 1, 1_005);
    await add(log, organization);
    await assertWhole(log, organization, await next, 1_005);
  });

  test("follow fails when the log is shorter than what was handled", async () => {
    const log = theLog();
    const organization = newOrganization();
    await add(log, organization, 2);
    for (const position of [3, -1, 0.5, Number.NaN]) {
      await assert.rejects(take(log, organization, 1, position), RangeError);
    }
    const all = followAll(log, { after: { ...await cursorNow(log), [organization]: 3 } });
    await assert.rejects(takeUntil(all, () => true), RangeError);
  });

  test("follow ends when its signal is aborted: before, while it waits, and between events", async () => {
    const log = theLog();
    const organization = newOrganization();
    await add(log, organization, 5);
    const options = { pollMs: NEVER_MS };
    const aborted = follow(log, organization, { ...options, signal: AbortSignal.abort() });
    assert.deepEqual(await takeUntil(aborted, () => false), []);
    const idle = new AbortController();
    const waiting = follow(log, organization, { ...options, signal: idle.signal });
    const waited = await takeUntil(waiting, ({ length }) => {
      // A moment later, when it waits for a sixth.
      if (length === 5) setTimeout(() => idle.abort(), 20);
      return false;
    });
    assert.equal(waited.length, 5);
    for (const count of [5, 2]) {
      const ending = new AbortController();
      const { signal } = ending;
      const following = follow(log, organization, { ...options, signal });
      const taken = await takeUntil(following, ({ length }) => {
        if (length === count) ending.abort();
        return false;
      });
      assert.equal(taken.length, count);
    }
  });
};

const all = (theLog: TheLog): void => {
  test(`followAll leaves no gap when ${WRITERS} writers append to 40 organizations`, async () => {
    const log = theLog();
    const cursor = await cursorNow(log);
    // All but the first ten begin their logs while they are followed.
    const organizations = times(40, () => newOrganization());
    for (const organization of organizations.slice(0, 10)) await add(log, organization, 2);
    const following = [1, 2].map(() => gather(log, cursor, 20 + WRITERS * 20));
    await Promise.all(times(WRITERS, async (writer) => {
      for (const round of times(10, (index) => index)) {
        await add(log, organizations[(7 * writer + round) % organizations.length] ?? "", 2);
      }
    }));
    for (const gathered of await Promise.all(following)) {
      assert.deepEqual([...gathered.keys()].toSorted(), organizations.toSorted());
      for (const [organization, events] of gathered) await assertWhole(log, organization, events);
    }
  });

  test("followAll gives one organization its event in the first turn when another has 10,000", async () => {
    const log = theLog();
    const cursor = await cursorNow(log);
    const [big, small] = [newOrganization("a"), newOrganization("b")];
    for (const _ of times(10, () => null)) await add(log, big, 1_000);
    await add(log, small);
    const following = followAll(log, { after: cursor, pollMs: NEVER_MS });
    const turns = await takeUntil(following, (taken) => taken.at(-1)?.position === 10_000);
    assert.ok(turns.slice(0, 2).some(({ organization }) => organization === small));
    const events = turns.filter(({ organization }) => organization === big)
      .flatMap((turn) => turn.events);
    await assertWhole(log, big, events);
  });
};

const resuming = (theLog: TheLog): void => {
  test("followAll goes on from a cursor, and repeats only what was not kept", async () => {
    const log = theLog();
    const organizations = times(3, () => newOrganization());
    const cursor = await cursorNow(log);
    for (const organization of organizations) await add(log, organization, 250);
    const handled = new Map<string, number[]>();
    let fails = true;
    for (let count = 0; count < 750;) {
      const saved = JSON.parse(JSON.stringify(cursor));
      for await (const turn of followAll(log, { after: saved, pollMs: NEVER_MS })) {
        const { organization, events, position } = turn;
        const positions = handled.get(organization) ?? [];
        handled.set(organization, [...positions, ...events.map((event) => event.position)]);
        fails = !fails;
        // Every other turn is handled, and not kept.
        if (fails) break;
        cursor[organization] = position;
        count += events.length;
        if (count === 750) break;
      }
    }
    for (const organization of organizations) {
      const positions = handled.get(organization) ?? [];
      assert.ok(positions.length >= 250);
      const jumps = positions.filter((position, index) =>
        position > (positions[index - 1] ?? 0) + 1
      );
      assert.deepEqual(jumps, []);
      assert.equal(new Set(positions).size, 250);
    }
  });

  test("followAll finds appends without a notification, and looks everywhere when many are named", async () => {
    const log = theLog();
    const organization = newOrganization();
    const cursor = await cursorNow(log);
    const deaf: EventLog = { ...log, watch: () => () => {} };
    const vague: EventLog = {
      ...log,
      watch: (listener) => log.watch(({ due }) => listener({ organizations: "many", due })),
    };
    const following = [
      takeUntil(followAll(deaf, { after: cursor, pollMs: 5 }), ({ length }) => length === 1),
      takeUntil(
        followAll(vague, { after: cursor, pollMs: NEVER_MS }),
        ({ length }) => length === 1,
      ),
      takeUntil(follow(deaf, organization, { pollMs: 5 }), ({ length }) => length === 1),
      takeUntil(follow(vague, organization, { pollMs: NEVER_MS }), ({ length }) => length === 1),
    ];
    await add(log, organization);
    for (const [first] of await Promise.all(following)) {
      assert.equal(first?.organization, organization);
      assert.equal(first?.position, 1);
    }
  });
};

/** Declares what following is to do on any log. `open` is called once. */
export const followingSpecifications = (name: string, open: () => Promise<EventLog>): void => {
  describe(`following the ${name} log`, { timeout: 120_000 }, () => {
    let log: EventLog | undefined;
    const theLog = (): EventLog => log ?? assert.fail("the log is not open");
    before(async () => {
      log = await open();
    });
    after(() => theLog().close());

    one(theLog);
    all(theLog);
    resuming(theLog);
    leaving(theLog);
    waiting(theLog);
  });
};
