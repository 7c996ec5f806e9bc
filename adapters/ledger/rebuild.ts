import { claimsHeld } from "../../core/log/claims.ts";
import { replayLog, rowsOf } from "../../core/log/replay.ts";
import type { EventLog } from "../../core/ports.ts";

/** How often a rebuild begins again because the log moved on meanwhile. */
const MAX_ATTEMPTS = 10;

/**
 * Computes all state rows and claims of an organization from its log alone, and puts them in place
 * of what is there. Answers with how many events were read. Throws when the log never stood still.
 */
export const rebuildOrganization = async (
  log: EventLog,
  organization: string,
): Promise<{ readonly events: number }> => {
  for (let tried = 0; tried < MAX_ATTEMPTS; tried++) {
    const { state, head } = await replayLog(log, organization);
    if (await log.replaceRows(organization, head, rowsOf(state), claimsHeld(state))) {
      return { events: head.position };
    }
  }
  throw new Error(`The log of ${organization} is too busy to be rebuilt; try again later.`);
};
