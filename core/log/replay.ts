import type { EventLog, Head, Place, RecordedEvent, Row, RowKey } from "../ports.ts";
import type { Instant } from "../values/calendar.ts";
import { EMPTY_HEAD } from "./chain.ts";
import { type Fact, toFact } from "./events.ts";
import { State } from "./state.ts";
import { SUBJECTS } from "./subjects.ts";

/** Folds one event into the rows of every subject. */
export const fold = (state: State, event: Fact): void => state.apply(SUBJECTS, event);

/** The state that events lead to, from the beginning. */
export const replay = (recorded: Iterable<RecordedEvent>): State => {
  const state = State.empty();
  for (const event of recorded) fold(state, toFact(event));
  return state;
};

/** The rows that a replayed state has, as the log keeps them. */
export const rowsOf = (state: State): readonly Row[] =>
  state.changes(SUBJECTS).filter((row) => row.data !== null);

/** The rows that these events touch, each once. */
export const touchedBy = (events: readonly Fact[]): readonly RowKey[] =>
  SUBJECTS.flatMap(({ kind, keys }) =>
    [...new Set(events.flatMap((event) => keys(event)))].map((key) => ({ kind, key }))
  );

const PAGE = 1_000;

/**
 * Throws where a page ends no further than the one before it: a log that gives what it gave already
 * would be read without end.
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
    const page = await log.heads(last, PAGE);
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

/** All events of an organization, a page at a time. */
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
    // The next page is on its way while this one is worked at; whoever stops here never asks for it.
    ahead = log.scan(last, PAGE);
    ahead.catch(() => {});
    yield page;
  }
}

/**
 * The state that an organization's whole log leads to, and the head it ends at. `until` leaves out
 * what happened later: the answer to a question about the past.
 */
export const replayLog = async (
  log: Pick<EventLog, "events">,
  organization: string,
  until: Instant = Number.POSITIVE_INFINITY,
): Promise<{ readonly state: State; readonly head: Head }> => {
  const state = State.empty();
  let head = EMPTY_HEAD;
  for await (const page of eventsOf(log, organization)) {
    for (const event of page) {
      if (event.at <= until) fold(state, toFact(event));
      head = { position: event.position, hash: event.hash };
    }
  }
  return { state, head };
};
