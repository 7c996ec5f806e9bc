/** The rows that events lead to, all of them, as the log is to keep them. */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import { type Fact, toFact } from "../../../core/events/vocabulary.ts";
import { eventsOf } from "../../../core/log/pages.ts";
import { State } from "../../../core/log/state.ts";
import type { EventLog, Head, RowChange, WrittenRow } from "../../../core/ports/mod.ts";
import { fold } from "../../../core/registry/replay.ts";
import { SUBJECTS } from "../../../core/registry/subjects.ts";
import { listedRow } from "./listed-rows.ts";
import { pastRows } from "./past-rows.ts";

/**
 * Folds events into a state, and says what they change: the rows of the state, as they are listed,
 * and the rows of the past (`past-rows.ts`).
 */
export const openWrittenRows = (state: State) => {
  const past = new Map<string, WrittenRow>();
  return {
    state,
    fold: (event: Fact, position: number): void => {
      for (const row of pastRows(state, event, position)) past.set(`${row.kind} ${row.key}`, row);
      fold(state, event);
    },
    changes: (): readonly RowChange[] => [
      ...state.changes(SUBJECTS)
        .map((change) => change.change === "put" ? listedRow(change) : change),
      ...[...past.values()].map((row) => ({ change: "put", ...row }) as const),
    ],
  };
};

/** What a whole log leads to. */
type FoldedLog = {
  readonly state: State;
  readonly head: Head;
  readonly rows: readonly WrittenRow[];
};

/** The rows that are put. */
export const rowsPut = (changes: readonly RowChange[]): readonly WrittenRow[] =>
  changes.flatMap(({ change: _change, ...row }) => "data" in row ? row : []);

/** The state that an organization's log leads to, with all rows, and the head it ends at. */
export const foldLog = async (
  log: Pick<EventLog, "events">,
  organization: string,
): Promise<FoldedLog> => {
  const { state, fold, changes } = openWrittenRows(State.empty());
  let head = EMPTY_HEAD;
  for await (const page of eventsOf(log, organization)) {
    for (const event of page) {
      fold(toFact(event), event.position);
      head = { position: event.position, hash: event.hash };
    }
  }
  return { state, head, rows: rowsPut(changes()) };
};
