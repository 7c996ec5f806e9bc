/** One item of work that the operator wants done now. */
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import type * as Scope from "effect/Scope";
import type { WorkItem } from "../../../core/ports/mod.ts";
import { RECONCILIATIONS } from "../../../core/reconciliation/state.ts";
import { failed } from "../../../core/values/result.ts";
import type { WorkName, WorkTried, WorkUnknown } from "../api/work-list.ts";
import type { Rests } from "../automations/rests.ts";
import { tryItem } from "../automations/worker.ts";
import { refuse, type Tagged } from "../engine/refusals.ts";
import { ask, Ports } from "../engine/services.ts";
import { WAITS } from "./work-list.ts";

const unknownWork = failed<WorkUnknown>({
  code: "WORK_UNKNOWN",
  message: "Nothing that is due has this name; list the work to see what is.",
});

const OPEN: WorkTried = { outcome: "open", reason: null };

/**
 * Tries an item, and waits for it up to the wait budget: it goes on in `background`, as a carrier
 * may hang.
 */
export const runWork = Effect.fnUntraced(function* (
  background: Scope.Scope,
  rests: Rests,
  { organization: named, kind, id: key }: WorkName,
): Effect.fn.Return<WorkTried, Tagged<WorkUnknown>, Ports> {
  const { log, clock, waitMs } = yield* Ports;
  const organization = named ?? RECONCILIATIONS;
  const { rows: [row] } = yield* ask(() => log.load(organization, { rows: [{ kind, key }] }));
  const work = row?.work ?? null;
  if (work === null || work.due > clock.now()) return yield* refuse(unknownWork.error);
  const item: WorkItem = { organization, kind, key, ...work };
  const trying = yield* Effect.forkIn(tryItem(item, rests), background);
  yield* Effect.timeoutOption(Fiber.await(trying), waitMs);
  const exit = trying.pollUnsafe();
  const tried = exit?._tag === "Success" ? exit.value : OPEN;
  return tried.outcome === "open" ? { ...tried, reason: tried.reason ?? WAITS } : tried;
});
