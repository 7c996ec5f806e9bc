/** What automations have to do, as the log's index of what falls due has it. */
import * as Effect from "effect/Effect";
import * as v from "valibot";
import type { WorkItem } from "../../../core/ports/mod.ts";
import { RECONCILIATIONS } from "../../../core/reconciliation/state.ts";
import { HOUR_MS, type Milliseconds } from "../../../core/values/calendar.ts";
import type { WorkListOptions, WorkPage, WorkView } from "../api/work-list.ts";
import type { Rests } from "../automations/rests.ts";
import { endsByTime } from "../automations/table.ts";
import { DOUBTED, isInDoubt } from "../automations/worker.ts";
import { elapsed } from "../engine/elapsed.ts";
import { ask, Ports } from "../engine/services.ts";
import { cursorOf, placeOfCursor } from "./cursors.ts";
import { PAGE } from "./inventory.ts";

/** What has been due for longer than this is stuck: no purchase takes an hour. */
const STUCK_MS: Milliseconds = HOUR_MS;

/** So many items are read at a time. */
const READ = 500;
/** How many are examined for one page; where few rest, the next page goes on. */
const LOOKED_AT = 5_000;

const Place = v.strictTuple([
  v.pipe(v.number(), v.safeInteger()),
  v.string(),
  v.string(),
  v.string(),
  v.string(),
]);

const placeOf = ({ due, organization, kind, key, automation }: WorkItem) =>
  [due, organization, kind, key, automation] as const;

const itemAt = (cursor: string): WorkItem => {
  const [due, organization, kind, key, automation] = placeOfCursor(Place, cursor, "list.after");
  return { due, organization, kind, key, automation };
};

/** Why an item stays open of which nothing else is known. */
export const WAITS = "It waits for a carrier, a payment or a notice.";

/** A page of the work of all organizations. */
export const listWork = Effect.fnUntraced(function* (
  rests: Rests,
  { state = "due", until, after, limit = PAGE }: WorkListOptions,
): Effect.fn.Return<WorkPage, never, Ports> {
  const { log, clock } = yield* Ports;
  const [now, ticks] = [clock.now(), yield* elapsed];
  const isDoubted = isInDoubt(clock);
  const last = state === "stuck" ? Math.min(until ?? now, now - STUCK_MS - 1) : until ?? now;

  const reasonOf = (item: WorkItem, why: string | null): string | null =>
    isDoubted && endsByTime(item) ? DOUBTED : why;

  const viewOf = (item: WorkItem): WorkView => {
    const rest = rests.of(item);
    const restsFor = (rest?.until ?? ticks) - ticks;
    const { organization, automation, kind, key: id, due } = item;
    return {
      organization: organization === RECONCILIATIONS ? null : organization,
      automation,
      kind,
      id,
      due,
      age: Math.max(0, now - due),
      isStuck: now - due > STUCK_MS,
      restsFor: restsFor > 0 ? restsFor : null,
      reason: reasonOf(item, rest === null ? null : rest.why ?? WAITS),
    };
  };

  const work: WorkView[] = [];
  let [from, looked] = [after === undefined ? undefined : itemAt(after), 0];
  const page = (isEnd: boolean): WorkPage => ({
    work,
    next: isEnd || from === undefined ? null : cursorOf(placeOf(from)),
  });
  for (;;) {
    const behind = from;
    const items = yield* ask(() => log.due(last, READ, behind));
    for (const item of items) {
      const view = viewOf(item);
      const fits = state !== "resting" || view.restsFor !== null;
      // One more than is shown tells whether there is another page.
      if (fits && work.length === limit) return page(false);
      if (fits) work.push(view);
      from = item;
    }
    looked += items.length;
    if (items.length < READ) return page(true);
    if (looked >= LOOKED_AT) return page(false);
  }
});
