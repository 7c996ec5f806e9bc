/** Reads a log to its end, a page at a time. */
import type { EventLog, Place, RecordedEvent } from "../ports/mod.ts";

const PAGE = 1_000;
/** Each head is looked up for itself. */
const HEADS = 100;

/**
 * Throws where a page ends no further than the one before it: a log that repeats a page would be
 * read without end.
 */
export const assertAdvances = (advances: boolean, list: string, end: string | number): void => {
  if (!advances) throw new Error(`The list of ${list} does not get past ${JSON.stringify(end)}`);
};

/** All organizations that have a log, by id, each with its head; a page at a time. */
export async function* headsOf(
  log: Pick<EventLog, "heads">,
): AsyncGenerator<Awaited<ReturnType<EventLog["heads"]>>> {
  let last = "";
  for (;;) {
    const page = await log.heads(last, HEADS);
    if (page.length === 0) return;
    yield page;
    const end = page[page.length - 1]?.organization ?? last;
    assertAdvances(end !== last, "heads", end);
    last = end;
  }
}

/** The ids of all organizations that have a log, in order. */
export async function* organizationsOf(log: Pick<EventLog, "heads">): AsyncGenerator<string> {
  for await (const page of headsOf(log)) {
    for (const { organization } of page) yield organization;
  }
}

/**
 * All events of an organization, a page at a time.
 *
 * @example
 * ```ts
 * import { eventsOf } from "ledgerline/core";
 * import { openMemoryLog } from "ledgerline/memory";
 *
 * for await (const page of eventsOf(openMemoryLog(), "acme")) console.log(page.length);
 * ```
 */
export async function* eventsOf(
  log: Pick<EventLog, "events">,
  organization: string,
  after = 0,
): AsyncGenerator<readonly RecordedEvent[]> {
  let last = after;
  for (;;) {
    const page = await log.events(organization, last, PAGE);
    const end = page[page.length - 1]?.position;
    if (end === undefined) return;
    assertAdvances(end > last, "events", end);
    yield page;
    last = end;
  }
}

/** An organization's events after one position and up to another, which its log has. */
export const eventsUpTo = async (
  log: Pick<EventLog, "events">,
  organization: string,
  after: number,
  last: number,
): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for (let at = after; at < last;) {
    const page = await log.events(organization, at, last - at);
    if (page.length === 0) break;
    events.push(...page);
    at += page.length;
  }
  return events;
};

/** All events of all organizations, one log after the other, a page at a time. */
export async function* allEventsOf(
  log: Pick<EventLog, "scan">,
): AsyncGenerator<readonly RecordedEvent[]> {
  let before: Place = { organization: "", position: 0 };
  let ahead = log.scan(before, PAGE);
  for (;;) {
    const page = await ahead;
    const last = page[page.length - 1];
    if (last === undefined) return;
    const { organization, position } = last;
    const advances = organization !== before.organization || position > before.position;
    assertAdvances(advances, `events of ${JSON.stringify(organization)}`, position);
    before = { organization, position };
    // Fetches the next page while the caller works at this one; a caller that stops here never
    // requests it.
    ahead = log.scan(last, PAGE);
    ahead.catch(() => {});
    yield page;
  }
}
