/** Logs that tests write without a ledger, with the rows that a ledger would write. */
import assert from "node:assert/strict";
import { openWrittenRows } from "../../adapters/ledger/engine/written-rows.ts";
import { type DomainEvent, toDraft } from "../../core/events/vocabulary.ts";
import { State } from "../../core/log/state.ts";
import type { Append, AppendOutcome, EventLog } from "../../core/ports/mod.ts";
import { SUBJECTS } from "../../core/registry/subjects.ts";
import type { Instant } from "../../core/values/calendar.ts";
import { OPERATOR } from "../../core/values/identity.ts";

const needs = { kinds: SUBJECTS.map(({ kind }) => kind) };

/** Events that are appended together, at a time. */
export type Moment = { readonly at: Instant; readonly events: readonly DomainEvent[] };

/** Appends a moment where the log is, or anywhere; claims are left out. */
export const writeMoment = (
  log: EventLog,
  organization: string,
  state: State,
  { at, events }: Moment,
  expected: Append["expected"] = state.head,
): Promise<AppendOutcome> => {
  const { fold, changes } = openWrittenRows(state);
  const first = state.head.position + 1;
  for (const [index, event] of events.entries()) {
    fold({ ...event, at, actor: OPERATOR }, first + index);
  }
  return log.append({
    organization,
    expected,
    at,
    actor: OPERATOR,
    command: null,
    events: events.map(toDraft),
    rows: changes(),
    claims: [],
    free: [],
  });
};

/** Appends these to the log of an organization, one after the other; claims are left out. */
export const writeMoments = async (
  log: EventLog,
  organization: string,
  moments: readonly Moment[],
): Promise<void> => {
  let state = State.of(await log.load(organization, needs), needs);
  for (const moment of moments) {
    const outcome = await writeMoment(log, organization, state, moment);
    assert.ok(outcome.outcome === "appended");
    state = state.after(outcome.head, [], []);
  }
};
