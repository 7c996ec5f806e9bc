import type { RecordedEvent, Row, RowKey } from "../ports/mod.ts";
import { type Fact, toFact } from "../events/vocabulary.ts";
import { keysOf, State } from "../log/state.ts";
import { SUBJECTS, subjectsOf } from "./subjects.ts";

/**
 * Folds one event into the rows of every subject.
 *
 * @example
 * ```ts
 * import { fold, OPERATOR, organizations, SELF, State } from "ledgerline/core";
 *
 * const state = State.empty();
 * const opened = { type: "OrganizationOpened", data: { name: "Acme", plan: "Growth" } } as const;
 * fold(state, { ...opened, at: 0, actor: OPERATOR });
 * console.log(state.get(organizations, SELF)?.plan); // Growth
 * ```
 */
export const fold = (state: State, event: Fact): void => state.apply(subjectsOf(event.type), event);

/**
 * The state that events lead to, from the beginning.
 *
 * @example
 * ```ts
 * import { eventsOf, type RecordedEvent, replay } from "ledgerline/core";
 * import { openMemoryLog } from "ledgerline/memory";
 *
 * const events: RecordedEvent[] = [];
 * for await (const page of eventsOf(openMemoryLog(), "acme")) events.push(...page);
 * const state = replay(events);
 * ```
 */
export const replay = (recorded: Iterable<RecordedEvent>): State => {
  const state = State.empty();
  for (const event of recorded) fold(state, toFact(event));
  return state;
};

/**
 * The rows that a replayed state has, as the log keeps them.
 *
 * @example
 * ```ts
 * import { replay, rowsOf } from "ledgerline/core";
 *
 * console.log(rowsOf(replay([])).length); // 0
 * ```
 */
export const rowsOf = (state: State): readonly Row[] =>
  state.changes(SUBJECTS).flatMap(({ change: _change, ...row }) => "data" in row ? row : []);

/** The rows that these events touch, each once. */
export const touchedBy = (events: readonly Fact[]): readonly RowKey[] =>
  SUBJECTS.flatMap((subject) =>
    [...new Set(events.flatMap((event) => keysOf(subject, event)))]
      .map((key) => ({ kind: subject.kind, key }))
  );
