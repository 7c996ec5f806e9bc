import * as Effect from "effect/Effect";
import { chargeOf, charges, type OpenCharge } from "../../../core/number/charges.ts";
import type { Payments } from "../../../core/ports/mod.ts";
import { type Actor, automation } from "../../../core/values/identity.ts";
import { execute, type Progress, progressOf, read } from "../engine/execute.ts";
import { askFor, Ports } from "../engine/services.ts";

/**
 * Asks the payments provider for one of these answers. Any other answer is reported and counts as
 * unknown: money may have been taken, or not yet given back.
 */
const askPayments = Effect.fnUntraced(function* <Answer extends string>(
  what: string,
  answers: readonly Answer[],
  call: (payments: Payments) => Promise<Answer | "unknown">,
) {
  const { payments } = yield* Ports;
  return yield* askFor<Answer | "unknown">(what, "unknown", async () => {
    const answer = await call(payments);
    if (answer === "unknown" || answers.includes(answer)) return answer;
    throw new TypeError(`the answer is none of ${answers.join(", ")}, unknown: ${String(answer)}`);
  });
});

/**
 * Asks for a charge that was started, and records the answer; returns what was appended, or null
 * where the answer stays unknown. The key makes it safe to ask any number of times.
 */
export const settleCharge = Effect.fnUntraced(function* (
  organization: string,
  charge: OpenCharge,
  actor: Actor,
) {
  const asked = chargeOf(organization, charge);
  const payment = yield* askPayments(
    "a charge",
    ["paid", "declined"],
    (payments) => payments.charge(asked),
  );
  if (payment === "unknown") return null;
  const { holding, period } = charge;
  const command = { type: "RecordCharge", holding, period, payment } as const;
  const done = yield* execute({ organization, actor, command });
  return done.ok ? done.value : null;
});

/** Settles a charge that neither purchase, renewal nor release has settled in their time. */
export const chargeStep = Effect.fnUntraced(function* (
  organization: string,
  key: string,
): Effect.fn.Return<Progress, never, Ports> {
  const { state } = yield* read(organization, { rows: [{ kind: charges.kind, key }] });
  const charge = state.get(charges, key);
  if (charge?.status !== "started") return "done";
  const done = yield* settleCharge(organization, charge, CHARGES);
  return done !== null && done.events.length > 0 ? "done" : "open";
});

const CHARGES = automation("charges");
const REFUNDS = automation("refunds");

/** Gives back one charge that opened no period; the log has said so before. */
export const refundStep = Effect.fnUntraced(function* (
  organization: string,
  key: string,
): Effect.fn.Return<Progress, never, Ports> {
  const { state } = yield* read(organization, { rows: [{ kind: charges.kind, key }] });
  const charge = state.get(charges, key);
  if (charge?.status !== "refunding") return "done";
  const refund = yield* askPayments("a refund", ["refunded"], (payments) => payments.refund(key));
  if (refund === "unknown") return "open";
  const { holding, period } = charge;
  const command = { type: "RecordRefund", holding, period } as const;
  return progressOf(yield* execute({ organization, actor: REFUNDS, command }));
});
