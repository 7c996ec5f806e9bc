/** Long work is done in slices, between which other requests have their turn. */
import { eventsOf } from "../../core/log/replay.ts";
import type { EventLog, RecordedEvent } from "../../core/ports.ts";
import { type Milliseconds } from "../../core/values/calendar.ts";

/** A slice takes about so long. */
const SLICE_MS: Milliseconds = 10;

const pause = (ms: Milliseconds): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Gives others their turn whenever a slice's time is over. Call it often. */
export const openSlices = (): () => Promise<void> => {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < SLICE_MS) return;
    await pause(0);
    begun = performance.now();
  };
};

/** A page that is read in slices: what a database and a fold do with it is over in a few milliseconds. */
const EVENTS_PER_PAGE = 64;

/**
 * All events of an organization after a position, a small page at a time. A reading that is long
 * leaves others as much time as it takes, so that no organization has the process to itself.
 */
export async function* eventsInSlices(
  log: Pick<EventLog, "events">,
  organization: string,
  after = 0,
): AsyncGenerator<readonly RecordedEvent[]> {
  const events: EventLog["events"] = (of, from, limit) =>
    log.events(of, from, Math.min(limit, EVENTS_PER_PAGE));
  let begun = performance.now();
  for await (const page of eventsOf({ events }, organization, after)) {
    yield page;
    const taken = performance.now() - begun;
    if (taken < SLICE_MS) continue;
    await pause(taken);
    begun = performance.now();
  }
}
