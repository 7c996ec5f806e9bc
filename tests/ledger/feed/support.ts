import assert from "node:assert/strict";
import { follow, followAll } from "../../../adapters/ledger/feed/follow.ts";
import type { EventLog, RecordedEvent } from "../../../core/ports/mod.ts";
import { HOUR_MS } from "../../../core/values/calendar.ts";
import { appended, appendTo, drafts, eventsIn } from "../../harness/contract/log/support.ts";

/** Gives the log that a suite's tests share. */
export type TheLog = () => EventLog;

/** So long that a test which needs it to pass hangs. */
export const NEVER_MS = HOUR_MS;

/** Appends so many events, wherever the log ends. */
export const add = async (log: EventLog, organization: string, count = 1): Promise<void> => {
  await appended(log, appendTo(organization, { expected: "any", events: drafts(count) }));
};

/** What comes until it is enough; then the following is left. */
export const takeUntil = async <Value>(
  following: AsyncIterable<Value>,
  isEnough: (taken: readonly Value[]) => boolean,
): Promise<readonly Value[]> => {
  const taken: Value[] = [];
  for await (const value of following) {
    taken.push(value);
    if (isEnough(taken)) break;
  }
  return taken;
};

/** The next `count` events of an organization. */
export const take = (
  log: EventLog,
  organization: string,
  count: number,
  after = 0,
): Promise<readonly RecordedEvent[]> =>
  takeUntil(
    follow(log, organization, { after, pollMs: NEVER_MS }),
    ({ length }) => length === count,
  );

/** Where every organization of the log ends now. */
export const cursorNow = async (log: EventLog): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await log.heads("", Number.MAX_SAFE_INTEGER))
      .map(({ organization, head }) => [organization, head.position]),
  );

/** What all organizations get from now on, as events by organization; `done` when it is enough. */
export const gather = async (
  log: EventLog,
  after: Readonly<Record<string, number>>,
  count: number,
): Promise<ReadonlyMap<string, readonly RecordedEvent[]>> => {
  const gathered = new Map<string, RecordedEvent[]>();
  let events = 0;
  for await (const followed of followAll(log, { after, pollMs: NEVER_MS })) {
    const { organization, position } = followed;
    assert.equal(followed.events.at(-1)?.position, position);
    const known = gathered.get(organization) ?? [];
    gathered.set(organization, [...known, ...followed.events]);
    events += followed.events.length;
    if (events >= count) break;
  }
  return gathered;
};

/**
 * Fails the test unless these are the events of the organization's log after a position, all of
 * them.
 */
export const assertWhole = async (
  log: EventLog,
  organization: string,
  events: readonly RecordedEvent[] | undefined,
  after = 0,
): Promise<void> => {
  assert.deepEqual(events, (await eventsIn(log, organization)).slice(after));
};

/** A log that counts who watches it. */
export const counting = (
  log: EventLog,
): { readonly log: EventLog; readonly count: () => number } => {
  let watchers = 0;
  return {
    count: () => watchers,
    log: {
      ...log,
      watch: (listener) => {
        const unwatch = log.watch(listener);
        watchers += 1;
        return () => {
          watchers -= 1;
          unwatch();
        };
      },
    },
  };
};
