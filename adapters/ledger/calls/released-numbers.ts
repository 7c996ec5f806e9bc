/** Released numbers, as the answer to a repeated request: read once, then remembered. */
import * as Effect from "effect/Effect";
import { toFact } from "../../../core/events/vocabulary.ts";
import { fold } from "../../../core/registry/replay.ts";
import { State } from "../../../core/log/state.ts";
import { numbers } from "../../../core/number/state.ts";
import { type NumberView, releasedView } from "../../../core/number/view.ts";
import { ask, Ports } from "../engine/services.ts";
import { holdingEvents, inPastTurn, numberIn } from "./views.ts";

/** The view that the events of a holding after a position give, and whether it is final. */
const readGone = async (
  ports: Parameters<typeof holdingEvents>[0],
  organization: string,
  id: string,
  after: number,
): Promise<{ readonly view: NumberView | null; readonly isFinal: boolean }> => {
  const state = State.empty();
  let last: NumberView | null = null;
  for await (const event of holdingEvents(ports, organization, id, after)) {
    fold(state, toFact(event));
    if (event.type === "Released") {
      return { view: last && releasedView(last, event.at), isFinal: true };
    }
    last = numberIn(state, id, event.at) ?? last;
  }
  return { view: last, isFinal: state.get(numbers, id) === undefined };
};

/**
 * A number that no longer exists: `released`, or a failed purchase as it was before it was
 * dismissed; null where the organization never had it. Reads the organization's events from the
 * number's first one, which comes after `after`, up to its last one; in the turn of questions about
 * the past, and once for all callers.
 */
export const goneView = Effect.fnUntraced(function* (
  organization: string,
  id: string,
  after: number,
) {
  const ports = yield* Ports;
  const key = JSON.stringify([organization, id]);
  const known = ports.releasedViews.get(key);
  if (known !== undefined) return known;
  const reading = ask(async () => {
    const meanwhile = ports.releasedViews.get(key);
    if (meanwhile !== undefined) return meanwhile;
    const { view, isFinal } = await readGone(ports, organization, id, after);
    if (view !== null && isFinal) ports.releasedViews.keep(key, view);
    return view;
  });
  return yield* inPastTurn(organization, reading);
});
