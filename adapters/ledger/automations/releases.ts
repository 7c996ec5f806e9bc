import * as Effect from "effect/Effect";
import { nextChargeOf } from "../../../core/number/charges.ts";
import { needsNumber, nextCharge } from "../../../core/number/decisions/needs.ts";
import type { ReleaseReason } from "../../../core/events/number.ts";
import { type Managed, numbers } from "../../../core/number/state.ts";
import { automation } from "../../../core/values/identity.ts";
import { callCarrier } from "../engine/carrier-calls.ts";
import { refundStep, settleCharge } from "./charges.ts";
import { execute } from "../engine/execute.ts";
import { read } from "../engine/reading.ts";
import { Ports } from "../engine/services.ts";
import { type Progress, progressOf, type StepFailure } from "./step.ts";

const ACTOR = automation("releasing");

/** Whether the release is due by time alone, unrequested. It then waits for a trusted clock. */
const isOfTime = (why: ReleaseReason): boolean =>
  why === "trialOver" || why === "notPaid" || why === "notRenewed";

/** Asks the carrier to let go; fails when it may not have. */
const letGo = (
  organization: string,
  { id, carrier: name, e164 }: Managed,
  carrierId: string,
) =>
  Effect.tapError(
    callCarrier(name, organization, "release", (carrier) => carrier.release({ carrierId, e164 })),
    // It is tried again anyway; only the operator can find out why the carrier refuses.
    ({ kind, message }) =>
      Effect.map(Ports, ({ report }) => {
        if (kind === "refused") report(`releasing ${id}`, new Error(message), { organization });
      }),
  );

/**
 * Gives a number back to its carrier; a number that the carrier no longer has counts as given back.
 * One that the carrier lost is ended here without asking the carrier: should the carrier have the
 * number after all, it keeps it. While the clock is doubted, a number whose time is over waits. A
 * charge that was under way is settled first: asked for until its outcome is known, and given back
 * if it was taken.
 */
export const releaseStep = Effect.fnUntraced(function* (
  organization: string,
  holding: string,
): Effect.fn.Return<Progress, StepFailure, Ports> {
  const { clock } = yield* Ports;
  const needs = needsNumber({ holding });
  const { state } = yield* read(organization, needs, (rows) => nextCharge(rows, { holding }));
  const number = state.get(numbers, holding);
  if (number?.source !== "managed" || number.stage.status !== "releasing") return "done";
  if (isOfTime(number.stage.why) && (clock.doubt?.() ?? null) !== null) return "open";
  const charge = nextChargeOf(state, number);
  if (charge?.status === "started") {
    yield* settleCharge(organization, charge, ACTOR);
    return yield* releaseStep(organization, holding);
  }
  if (charge !== undefined && (yield* refundStep(organization, charge.key)) === "open") {
    return "open";
  }
  const { carrierId, why } = number.stage;
  if (why !== "carrierLostIt") yield* letGo(organization, number, carrierId);
  const command = { type: "CompleteRelease", holding } as const;
  return progressOf(yield* execute({ organization, actor: ACTOR, command }));
});
