import * as Effect from "effect/Effect";
import { chargeKey, charges, nextPeriodOf } from "../../../core/number/charges.ts";
import { needsNumber } from "../../../core/number/decisions/needs.ts";
import { isRented } from "../../../core/number/decisions/renewal.ts";
import { numbers } from "../../../core/number/state.ts";
import type { WorkItem } from "../../../core/ports/mod.ts";
import { type Automation, automation } from "../../../core/values/identity.ts";
import { failed } from "../../../core/values/result.ts";
import { verifications } from "../../../core/verification/state.ts";
import { chargeStep, refundStep, settleCharge } from "./charges.ts";
import { closeStep } from "./closing.ts";
import { execute } from "../engine/execute.ts";
import { read } from "../engine/reading.ts";
import { whileLeased } from "../engine/leases.ts";
import { resumeOrder } from "./orders.ts";
import { reconcileStep } from "./reconciliation/mod.ts";
import { releaseStep } from "./releases.ts";
import { routeStep } from "./routes.ts";
import { carefully, itemKey, type Progress, progressOf, type Step } from "./step.ts";
import { askFor, Ports } from "../engine/services.ts";

/** Does one item of an automation's list. */
type StepOf = (organization: string, key: string) => Step;

/**
 * Renews a number by one period; where the plan is charged outside credits, by a separate charge.
 */
const renew: StepOf = Effect.fnUntraced(function* (organization, holding) {
  const { state } = yield* read(organization, needsNumber({ holding }));
  const number = state.get(numbers, holding);
  if (number?.source !== "managed" || !isRented(number)) return "done";
  const actor = automation("renewals");
  const period = nextPeriodOf(number);
  const command = { type: "RenewNumber", holding, period } as const;
  const renewed = yield* execute({ organization, actor, command });
  // Started now, or by a process that was cut off before it knew whether it was paid.
  const charge = renewed.state.get(charges, chargeKey(holding, period));
  if (charge?.status !== "started") return progressOf(renewed);
  return progressOf(yield* settleCharge(organization, charge, actor));
});

const expire: StepOf = Effect.fnUntraced(function* (organization, holding) {
  const command = { type: "ExpireTrial", holding } as const;
  return progressOf(yield* execute({ organization, actor: automation("trials"), command }));
});

/** Dismisses a failed purchase, once it was shown long enough. */
const dismiss: StepOf = Effect.fnUntraced(function* (organization, holding) {
  const { state } = yield* read(organization, needsNumber({ holding }));
  const number = state.get(numbers, holding);
  if (number?.source !== "managed" || number.stage.status !== "failed") return "done";
  const command = { type: "StartRelease", holding, why: "byUser" } as const;
  return progressOf(yield* execute({ organization, actor: automation("dismissals"), command }));
});

/** Notifies the reviewers of a submission. */
const announce: StepOf = Effect.fnUntraced(function* (organization, verification) {
  const { notifier } = yield* Ports;
  const needs = { rows: [{ kind: verifications.kind, key: verification }] };
  const { state } = yield* read(organization, needs);
  const submission = state.get(verifications, verification);
  if (notifier === null || !submission?.submitted) return "open";
  const { submitted: { at: submittedAt }, businessProfile } = submission;
  const legalName = businessProfile.legalName ?? "";
  const sent = yield* askFor(
    "a notice",
    failed({ message: "the notifier gave no answer" }),
    () => notifier.announce({ id: verification, organization, legalName, submittedAt }),
  );
  const outcome = sent.ok
    ? { status: "queued" as const, jobId: sent.value.jobId }
    : { status: "enqueue_failed" as const, error: sent.error.message };
  const command = { type: "RecordNotice", verification, outcome } as const;
  return progressOf(
    yield* execute({ organization, actor: automation("reviewers"), command }),
  );
});

/** Each automation's step: it does one item of its list and appends the outcome. */
const STEPS: Readonly<Record<Automation, StepOf>> = {
  ordering: resumeOrder,
  releasing: releaseStep,
  routes: routeStep,
  charges: chargeStep,
  refunds: refundStep,
  renewals: renew,
  trials: expire,
  dismissals: dismiss,
  reviewers: announce,
  reconciling: reconcileStep,
  closing: closeStep,
};

/** Not for the rows of a version to come, in a database that servers share. */
const hasStep = (name: string): name is Automation => Object.hasOwn(STEPS, name);

/** Whether the order of an automation's items matters: what is due first is charged first. */
export const inOrder = (item: WorkItem): boolean =>
  item.automation === "renewals" || item.automation === "trials";

/** Automations that end or charge something because its time has come, or may. */
const ENDING: ReadonlySet<string> = new Set<Automation>(["trials", "renewals", "reconciling"]);

/**
 * Whether an item waits while the clock is doubted: trials that end, periods that are charged, and
 * the daily reconciliation, which may release what by the clock was bought long ago. What
 * `releasing` may do then depends on the reason (`releases.ts`); everything else was requested, and
 * does not wait for the clock.
 */
export const endsByTime = (item: WorkItem): boolean => ENDING.has(item.automation);

/** The outcome of an item that was to be done; `elsewhere`: another server is doing it. */
export type Tried = Progress | "elsewhere";

/**
 * Does one item, unless it is being done. Errors are reported and leave the item on its list;
 * `note` is called with the reason.
 */
export const doItem = Effect.fnUntraced(function* (
  item: WorkItem,
  note: (why: string) => void = () => {},
) {
  const { items } = yield* Ports;
  if (!hasStep(item.automation)) throw new Error(`There is no automation ${item.automation}`);
  const step = STEPS[item.automation];
  const work: Effect.Effect<Tried, never, Ports> = carefully(
    `${item.automation} of ${item.key}`,
    step(item.organization, item.key),
    note,
  );
  // What goes in order is leased as a whole.
  const leased = inOrder(item) ? work : whileLeased<Tried, never, Ports>(item, work, "elsewhere");
  return yield* items.ifFree(itemKey(item), leased, "open");
});
