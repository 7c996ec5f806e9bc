import type { RecordedEvent } from "../../../core/ports/mod.ts";
import type { Database, Parameter } from "./database.ts";
import { text, toEvent, toEvents } from "./row-codec.ts";
import { EVENTS, SCAN, SINGLY } from "./statements.ts";

/**
 * The events that a statement (`EVENTS`, `SCAN`) gives. Where an event that is not JSON was written
 * without the log, those before it; `isLong` is as for a query. Rejects with an `UnreadableEvent`
 * that names it where it is the first.
 */
export const readEvents = async (
  database: Pick<Database, "query">,
  statement: typeof EVENTS | typeof SCAN,
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
