import { toFact } from "../../core/log/events.ts";
import { claimsHeld } from "../../core/log/claims.ts";
import { eventsOf, fold, rowsOf } from "../../core/log/replay.ts";
import { EMPTY_HEAD } from "../../core/log/chain.ts";
import { State } from "../../core/log/state.ts";
import type { EventLog, Head } from "../../core/ports.ts";

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
    const state = State.empty();
    let head: Head = EMPTY_HEAD;
    for await (const page of eventsOf(log, organization)) {
      for (const event of page) {
        fold(state, toFact(event));
        head = event;
      }
    }
    const { position, hash } = head;
    const at = { position, hash };
    if (await log.replaceRows(organization, at, rowsOf(state), claimsHeld(state))) {
      return { events: position };
    }
  }
  throw new Error(`The log of ${organization} is too busy to be rebuilt; try again later.`);
};
