import type { EventLog } from "../../core/ports/mod.ts";

/** How many events of this type an organization's log has. */
export const appended = async (
  log: Pick<EventLog, "events">,
  organization: string,
  type: string,
): Promise<number> =>
  (await log.events(organization, 0, 1_000)).filter((event) => event.type === type).length;
