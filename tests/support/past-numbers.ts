/** Numbers as they were at a time, in the plainest way: all of the organization's log is folded. */
import type { Caller, NumberFilter } from "../../adapters/ledger/mod.ts";
import { isListed, rowFilterOf } from "../../adapters/ledger/calls/number-filter.ts";
import { toFact } from "../../core/events/vocabulary.ts";
import { eventsOf } from "../../core/log/pages.ts";
import { State } from "../../core/log/state.ts";
import { numbers } from "../../core/number/state.ts";
import { type NumberView, viewsWith } from "../../core/number/view.ts";
import { assistants, sipConnections } from "../../core/organization/state.ts";
import { EMPTY_HEAD } from "../../core/log/chain.ts";
import type { EventLog, Head } from "../../core/ports/mod.ts";
import { fold } from "../../core/registry/replay.ts";
import type { Instant } from "../../core/values/calendar.ts";
import type { Scope } from "../../core/values/claim-key.ts";

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

/** The views of the numbers that fit and that are in sight, the oldest first. */
export const numbersThen = async (
  log: Pick<EventLog, "events">,
  { organization }: Pick<Caller, "organization">,
  asOf: Instant,
  { filter = {}, scope = "all" }: { readonly filter?: NumberFilter; readonly scope?: Scope } = {},
): Promise<readonly NumberView[]> => {
  const { state } = await replayLog(log, organization, asOf);
  const wanted = rowFilterOf(filter, scope);
  const holdings = state.all(numbers).filter((holding) => isListed(holding, wanted))
    .toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  // As lists of now have them: the first by its id is meant by a trunk that several have.
  const connections = state.all(sipConnections)
    .toSorted((a, b) => a.installation < b.installation ? -1 : 1);
  return viewsWith(holdings, state.all(assistants), connections, asOf);
};
