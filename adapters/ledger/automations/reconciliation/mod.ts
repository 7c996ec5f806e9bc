/** Reconciliation: on demand, and daily as the automation `reconciling`. */
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Fiber from "effect/Fiber";
import type * as Scope from "effect/Scope";
import type { CarrierName } from "../../../../core/ports/carrier.ts";
import { RECONCILIATIONS, reconciliations } from "../../../../core/reconciliation/state.ts";
import { automation, OPERATOR } from "../../../../core/values/identity.ts";
import type { ReconciliationReport } from "../../api/mod.ts";
import { Closed } from "../../engine/errors.ts";
import { execute } from "../../engine/execute.ts";
import { read } from "../../engine/reading.ts";
import { whileLeased } from "../../engine/leases.ts";
import { refuse } from "../../engine/refusals.ts";
import { carefully, type Progress } from "../step.ts";
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

/** Gives the report, or fails where it broke off. */
const complete = Effect.fnUntraced(function* (report: ReconciliationReport) {
  const { broken } = report;
  if (broken === null) return report;
  const message = `The reconciliation broke off: ${broken.message}`;
  return broken.kind === "unreachable"
    ? yield* refuse({ code: "CARRIER_UNREACHABLE" as const, message, report })
    : yield* refuse({ code: "CARRIER_FAILED" as const, message, report });
});

const running = refuse({
  code: "RECONCILIATION_RUNNING" as const,
  message: "Another reconciliation is under way; wait until it is over.",
});

/** Does the work while no other reconciliation is under way; fails where one is. */
const alone = <Value, Refusal>(work: Effect.Effect<Value, Refusal, Ports>) =>
  Effect.flatMap(Ports, ({ items }) => {
    const leased = whileLeased(LEASE, work, null);
    return Effect.flatMap(
      items.ifFree<Value | null, Refusal, Ports>(TURN, leased, null),
      (done) => done === null ? running : Effect.succeed(done),
    );
  });

/**
 * Reconciles a carrier now, the one that numbers are bought from if none is named. Refused while
 * another reconciliation is under way, and for a carrier that this ledger was not opened with. It
 * runs in `background`, so that closing the ledger ends it between two numbers.
 */
export const reconcileNow = Effect.fnUntraced(function* (
  background: Scope.Scope,
  wanted: CarrierName | undefined,
) {
  const { carrier: usual, carriers } = yield* Ports;
  const carrier = wanted ?? usual;
  if (!carriers.has(carrier)) {
    return yield* refuse({
      code: "CARRIER_UNKNOWN" as const,
      message: `carrier must be one of ${[...carriers.keys()].join(", ")}.`,
    });
  }
  const work = Effect.flatMap(reconcile(carrier, OPERATOR), complete);
  const fiber = yield* Effect.forkIn(alone(work), background);
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
  return yield* Effect.orElseSucceed(alone(whenDue(carrier)), (): Progress => "open");
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
