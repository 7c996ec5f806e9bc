/** Numbers as they were at a time, in the plainest way: all of the organization's log is folded. */
import type { Caller, NumberFilter } from "../../adapters/ledger/mod.ts";
import { isListed, rowFilterOf } from "../../adapters/ledger/calls/number-filter.ts";
import { toFact } from "../../core/events/vocabulary.ts";
import { eventsOf } from "../../core/log/pages.ts";
import { State } from "../../core/log/state.ts";
import { numbers } from "../../core/number/state.ts";
import { type NumberView, viewsWith } from "../../core/number/view.ts";
import { assistants, sipConnections } from "../../core/organization/state.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { fold } from "../../core/registry/replay.ts";
import type { Instant } from "../../core/values/calendar.ts";
import type { Scope } from "../../core/values/claim-key.ts";

/** The views of the numbers that fit and that are in sight, the oldest first. */
export const numbersThen = async (
  log: Pick<EventLog, "events">,
  { organization }: Pick<Caller, "organization">,
  asOf: Instant,
  { filter = {}, scope = "all" }: { readonly filter?: NumberFilter; readonly scope?: Scope } = {},
): Promise<readonly NumberView[]> => {
  const state = State.empty();
  for await (const page of eventsOf(log, organization)) {
    for (const event of page) if (event.at <= asOf) fold(state, toFact(event));
  }
  const wanted = rowFilterOf(filter, scope);
  const holdings = state.all(numbers).filter((holding) => isListed(holding, wanted))
    .toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  // As lists of now have them: the first by its id is meant by a trunk that several have.
  const connections = state.all(sipConnections)
    .toSorted((a, b) => a.installation < b.installation ? -1 : 1);
  return viewsWith(holdings, state.all(assistants), connections, asOf);
};
