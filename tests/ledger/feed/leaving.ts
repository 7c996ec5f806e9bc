import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, followAll } from "../../../adapters/ledger/feed/follow.ts";
import type { Followers } from "../../../adapters/ledger/feed/wake-up.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { newOrganization } from "../../harness/contract/log/support.ts";
import { until } from "../../support/eventually.ts";
import { pause } from "../../support/pause.ts";
import { add, counting, cursorNow, NEVER_MS, takeUntil, type TheLog } from "./support.ts";

/** A signal that is never aborted, and how many listen to it. */
const countingSignal = () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...input: Parameters<typeof addEventListener>) => {
    listeners += 1;
    addEventListener.apply(signal, input);
  };
  signal.removeEventListener = (...input: Parameters<typeof removeEventListener>) => {
    listeners -= 1;
    removeEventListener.apply(signal, input);
  };
  return { signal, listening: () => listeners };
};

/** Declares what is left behind when a consumer stops following: nothing. */
export const leaving = (theLog: TheLog): void => {
  test("nothing is left behind when a consumer leaves, or throws", async () => {
    const { log, count } = counting(theLog());
    const { signal, listening } = countingSignal();
    const organization = newOrganization();
    const cursor = await cursorNow(log);
    await add(log, organization, 5);
    let following = 0;
    const followers: Followers = {
      join: () => {
        following += 1;
        return () => void (following -= 1);
      },
    };
    const assertKept = (kept: number): void =>
      assert.deepEqual([count(), listening(), following], [kept, kept, kept]);
    const leave = async (following: AsyncIterable<unknown>): Promise<void> => {
      await takeUntil(following, () => {
        assertKept(1);
        return true;
      });
      assertKept(0);
    };
    const fail = async (following: AsyncIterable<unknown>): Promise<void> => {
      await assert.rejects(takeUntil(following, () => assert.fail("broken")), /broken/);
      assertKept(0);
    };
    for (const end of [leave, fail]) {
      await end(follow(log, organization, { signal }, followers));
      await end(followAll(log, { after: cursor, signal }, followers));
    }
  });

  test("a consumer that waits for an event is answered immediately when it leaves", async () => {
    const { log, count } = counting(theLog());
    const organization = newOrganization();
    await add(log, organization);
    const after = { ...await cursorNow(log), [organization]: 0 };
    // What is asked for meanwhile never comes.
    const hanging: EventLog = { ...log, events: () => new Promise(() => {}) };
    for (const [each, first] of [[log, 1], [hanging, 0]] as const) {
      for (
        const following of [
          follow(each, organization, { pollMs: NEVER_MS }),
          followAll(each, { after, pollMs: NEVER_MS }),
        ]
      ) {
        if (first === 1) assert.equal((await following.next()).done, false);
        const waiting = [following.next(), following.next()];
        await pause(5, "both get as far as waiting in it, which nothing shows");
        assert.equal(count(), 1);
        const left = { done: true, value: undefined };
        assert.deepEqual(await following.return?.(), left);
        assert.deepEqual(await Promise.all(waiting), [left, left]);
        assert.deepEqual(await following.next(), left);
        assert.equal(count(), 0);
      }
    }
  });
};

/** Declares what a waiting consumer costs: nothing. */
export const waiting = (theLog: TheLog): void => {
  test("a consumer that waits for events reads nothing until there are any", async () => {
    const log = theLog();
    const organization = newOrganization();
    await add(log, organization, 3);
    let reads = 0;
    const counted: EventLog = {
      ...log,
      events: (...input) => {
        reads += 1;
        return log.events(...input);
      },
    };
    const after = await cursorNow(log);
    const ending = new AbortController();
    const options = { pollMs: NEVER_MS, signal: ending.signal };
    let seen = 0;
    const notice = (): boolean => {
      seen += 1;
      return false;
    };
    const following = [
      takeUntil(follow(counted, organization, options), notice),
      takeUntil(followAll(counted, { ...options, after: { ...after, [organization]: 0 } }), notice),
    ];
    await until(() => seen >= 4);
    await add(log, organization);
    await until(() => seen >= 6);
    await pause(50, "more would be read in it");
    // Each append is read immediately, and perhaps read for again on its notification.
    assert.ok(reads <= 8, `${reads} reads`);
    ending.abort();
    await Promise.all(following);
  });
};
