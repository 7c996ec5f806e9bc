/** Reconciliation: on demand, and daily as the automation `reconciling`. */
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Fiber from "effect/Fiber";
import type * as Scope from "effect/Scope";
import type { CarrierName } from "../../../../core/ports/carrier.ts";
import { RECONCILIATIONS, reconciliations } from "../../../../core/reconciliation/state.ts";
import { automation, OPERATOR } from "../../../../core/values/identity.ts";
import { failed, ok, type Result } from "../../../../core/values/result.ts";
import type { ReconciliationRefusal, ReconciliationReport } from "../../api/mod.ts";
import { Closed } from "../../engine/errors.ts";
import { execute, type Progress, read } from "../../engine/execute.ts";
import { whileLeased } from "../../engine/leases.ts";
import { carefully } from "../pursuit.ts";
import { Ports } from "../../engine/services.ts";
import { installationId } from "../../engine/installation.ts";
import { reconcile } from "./run.ts";

const ACTOR = automation("reconciling");

/**
 * One at a time, whichever the carrier: in this process, and by a lease among all processes that
 * share the log. Should two reconcile at the same time anyway, both look again before each repair,
 * and the log decides what they change here.
 */
const TURN = "reconciling";
const LEASE = { organization: RECONCILIATIONS, kind: reconciliations.kind, key: "" } as const;

const alone = <A>(work: Effect.Effect<A, never, Ports>, busy: A) =>
  Effect.gen(function* () {
    const { items } = yield* Ports;
    return yield* items.ifFree(TURN, whileLeased(LEASE, work, busy), busy);
  });

type Answer = Result<ReconciliationReport, ReconciliationRefusal>;

const running: Answer = failed({
  code: "RECONCILIATION_RUNNING",
  message: "Another reconciliation is under way; wait until it is over.",
});

const answerOf = (report: ReconciliationReport): Answer => {
  const { broken } = report;
  if (broken === null) return ok(report);
  const message = `The reconciliation broke off: ${broken.message}`;
  return failed(
    broken.kind === "unreachable"
      ? { code: "CARRIER_UNREACHABLE", message, report }
      : { code: "CARRIER_FAILED", message, report },
  );
};

/**
 * Reconciles a carrier now, the one that numbers are bought from if none is named. Refused while
 * another reconciliation is under way, and for a carrier that this ledger was not opened with. It
 * runs in `scope`, so that closing the ledger ends it between two numbers.
 */
export const reconcileNow = Effect.fnUntraced(function* (
  scope: Scope.Scope,
  wanted: CarrierName | undefined,
) {
  const { carrier: usual, carriers } = yield* Ports;
  const carrier = wanted ?? usual;
  if (!carriers.has(carrier)) {
    const unknown: Answer = failed({
      code: "CARRIER_UNKNOWN",
      message: `carrier must be one of ${[...carriers.keys()].join(", ")}.`,
    });
    return unknown;
  }
  const work = Effect.map(reconcile(carrier, OPERATOR), answerOf);
  const fiber = yield* Effect.forkIn(alone(work, running), scope);
  const exit = yield* Fiber.await(fiber);
  if (Exit.hasInterrupts(exit)) return yield* Effect.die(new Closed());
  return yield* exit;
});

/** Reconciles a carrier, unless another process did since its turn came. */
const whenDue = Effect.fnUntraced(function* (
  carrier: CarrierName,
): Effect.fn.Return<Progress, never, Ports> {
  const { clock } = yield* Ports;
  const needs = { rows: [{ kind: reconciliations.kind, key: carrier }] };
  const { state } = yield* read(RECONCILIATIONS, needs);
  const row = state.get(reconciliations, carrier);
  if (row !== undefined && row.due <= clock.now()) yield* reconcile(carrier, ACTOR);
  return "done";
});

/** The step of the automation: `key` is the name of the carrier. */
export const reconcileStep = Effect.fnUntraced(function* (
  _organization: string,
  key: string,
): Effect.fn.Return<Progress, never, Ports> {
  const { carriers, reconcilesDaily } = yield* Ports;
  const carrier = [...carriers.keys()].find((name) => name === key);
  // It waits until the ledger is opened with that carrier again, or for daily work.
  if (carrier === undefined || !reconcilesDaily) return "open";
  return yield* alone<Progress>(whenDue(carrier), "open");
});

/**
 * Puts each of the ledger's carriers on the list, once in the life of its log. What goes wrong is
 * reported, and keeps nobody from other work.
 */
export const scheduleAll = Effect.suspend(() =>
  carefully("scheduling", Effect.as(schedule, "done"))
);

const schedule = Effect.gen(function* () {
  const { carriers, scheduled, reconcilesDaily } = yield* Ports;
  if (!reconcilesDaily) return;
  // Before anything is ordered, so that every backup that knows an order knows whose it is.
  yield* installationId;
  for (const carrier of carriers.keys()) {
    if (scheduled.has(carrier)) continue;
    const command = { type: "ScheduleReconciliation", carrier } as const;
    yield* execute({ organization: RECONCILIATIONS, actor: ACTOR, command });
    scheduled.add(carrier);
  }
});
