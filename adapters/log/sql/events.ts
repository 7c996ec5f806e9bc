import type { Place, RecordedEvent } from "../../../core/ports/mod.ts";
import type { Database, Parameter } from "./database.ts";
import { text, toEvent, toEvents } from "./row-codec.ts";
import { begunBy, holdingOf } from "../about.ts";
import { ABOUT, BEGINNINGS, EVENTS, SCAN, SINGLY } from "./statements.ts";

/**
 * The events that a statement (`EVENTS`, `SCAN` and the others) gives. Where an event that is not
 * JSON was written without the log, those before it; `isLong` is as for a query. Rejects with an
 * `UnreadableEvent` that names it where it is the first.
 */
export const readEvents = async (
  database: Pick<Database, "query">,
  statement: typeof EVENTS | typeof ABOUT | typeof BEGINNINGS | typeof SCAN,
  parameters: readonly Parameter[],
  isLong = false,
): Promise<readonly RecordedEvent[]> => {
  const rows = await database.query(statement, parameters, isLong);
  try {
    return toEvents(rows);
  } catch {
    // One text among many, or two that compensate for one another: each read alone shows which it
    // is.
  }
  const events: RecordedEvent[] = [];
  for (const row of await database.query(SINGLY[statement] ?? statement, parameters, isLong)) {
    try {
      events.push(toEvent(text(row, "organization"), row));
    } catch (error) {
      if (events.length > 0) break;
      throw error;
    }
  }
  return events;
};

/**
 * The first page of events that has some of those that are meant, without the others: an index
 * finds others too, where a text is long or has a quotation mark, or the member is not the event's
 * own.
 */
const firstMeant = async (
  read: (after: Place) => Promise<readonly RecordedEvent[]>,
  isMeant: (event: RecordedEvent) => boolean,
  after: Place,
): Promise<readonly RecordedEvent[]> => {
  for (let last = after;;) {
    const page = await read(last);
    const events = page.filter(isMeant);
    const end = page[page.length - 1];
    if (events.length > 0 || end === undefined) return events;
    last = end;
  }
};

/** A text as JSON writes it, up to a quotation mark. */
const jsonStart = (text: string): string => JSON.stringify(text).slice(1).split('"', 1).join();

/** A page of the events about a holding, as the port's `eventsAbout`. */
export const readEventsAbout = async (
  database: Pick<Database, "query">,
  organization: string,
  holding: string,
  after: number,
  limit: number,
): Promise<readonly RecordedEvent[]> =>
  await firstMeant(
    ({ position }) =>
      readEvents(database, ABOUT, [organization, position, limit, jsonStart(holding)]),
    (event) => holdingOf(event) === holding,
    { organization, position: after },
  );

/** A page of the events that begin to hold a number, as the port's `eventsBeginning`. */
export const readEventsBeginning = async (
  database: Pick<Database, "query">,
  e164: string,
  after: Place,
  limit: number,
): Promise<readonly RecordedEvent[]> =>
  await firstMeant(
    ({ organization, position }) =>
      readEvents(database, BEGINNINGS, [jsonStart(e164), organization, position, limit]),
    (event) => begunBy(event) === e164,
    after,
  );
