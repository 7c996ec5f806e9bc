/** Reading the state that commands are decided on. */
import * as Effect from "effect/Effect";
import { State } from "../../../core/log/state.ts";
import { mergeNeeds } from "../../../core/log/needs.ts";
import type { Needs, RowKey, Snapshot } from "../../../core/ports/mod.ts";
import type { Carried } from "./command.ts";
import { ask, Ports } from "./services.ts";

/** Has nothing carried on. */
export const forget = (carried: Carried | undefined): void => {
  if (carried !== undefined) carried.state = null;
};

/** Reads what is needed, and then what those rows say is needed besides, all at one head. */
export const readFrom = async (
  { log, progress }: Pick<Ports["Service"], "log" | "progress">,
  organization: string,
  first: Needs,
  more: (state: State) => Needs = () => ({}),
): Promise<{ readonly snapshot: Snapshot; readonly state: State }> => {
  let needs = first;
  for (;;) {
    const snapshot = await log.load(organization, needs);
    progress.noteRead(organization, snapshot.head);
    const state = State.of(snapshot, needs);
    const besides = more(state);
    if (state.covers(besides)) return { snapshot, state };
    needs = mergeNeeds(needs, besides);
  }
};

/** The same in an effect. */
export const read = Effect.fnUntraced(function* (
  organization: string,
  needs: Needs,
  more?: (state: State) => Needs,
) {
  const ports = yield* Ports;
  return yield* ask(() => readFrom(ports, organization, needs, more));
});

/**
 * The same state as it was carried on, where that is enough. Only these `rows` are as they are now;
 * all else may be as it was when the state was left.
 */
export const readCarried = Effect.fnUntraced(function* (
  organization: string,
  carried: Carried | undefined,
  rows: readonly RowKey[],
  needs: Needs,
  more: (state: State) => Needs = () => ({}),
) {
  const { progress } = yield* Ports;
  const had = carried?.state ?? null;
  const isEnough = had !== null && progress.isLatestOf(organization, had, rows) &&
    had.covers(needs) && had.covers(more(had));
  return isEnough ? had : (yield* read(organization, needs, more)).state;
});
