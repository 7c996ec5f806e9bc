import * as Effect from "effect/Effect";
import { chargeOf, charges, type PendingCharge } from "../../../core/number/charges.ts";
import type { Payments } from "../../../core/ports/mod.ts";
import { type Actor, automation } from "../../../core/values/identity.ts";
import { execute } from "../engine/execute.ts";
import { read } from "../engine/reading.ts";
import { askFor, Ports } from "../engine/services.ts";
import { type PaymentUnknown, progressOf, type Step } from "./step.ts";

const unknown: PaymentUnknown = { _tag: "PaymentUnknown" };

/**
 * Asks the payments provider for one of these answers, and fails where it gives none: money may
 * have been taken, or not yet given back. Any other answer is reported, and counts as none.
 */
const askPayments = Effect.fnUntraced(function* <Answer extends string>(
  what: string,
  answers: readonly Answer[],
  call: (payments: Payments) => Promise<Answer | "unknown">,
) {
  const { payments } = yield* Ports;
  const given = yield* askFor<Answer | "unknown">(what, "unknown", async () => {
    const answer = await call(payments);
    if (answer === "unknown" || answers.includes(answer)) return answer;
    throw new TypeError(`the answer is none of ${answers.join(", ")}, unknown: ${String(answer)}`);
  });
  return given === "unknown" ? yield* Effect.fail(unknown) : given;
});

/**
 * Asks for a charge that was started, and records the answer; returns what was appended. Fails
 * where the answer stays unknown. The key makes it safe to ask any number of times.
 */
export const settleCharge = Effect.fnUntraced(function* (
  organization: string,
  charge: PendingCharge,
  actor: Actor,
) {
  const asked = chargeOf(organization, charge);
  const payment = yield* askPayments(
    "a charge",
    ["paid", "declined"],
    (payments) => payments.charge(asked),
  );
  const { holding, period } = charge;
  const command = { type: "RecordCharge", holding, period, payment } as const;
  return yield* execute({ organization, actor, command });
});

const CHARGES = automation("charges");
const REFUNDS = automation("refunds");

const readCharge = (organization: string, key: string) =>
  Effect.map(
    read(organization, { rows: [{ kind: charges.kind, key }] }),
    ({ state }) => state.get(charges, key),
  );

/** Settles a charge that neither purchase, renewal nor release has settled in their time. */
export const chargeStep = (organization: string, key: string): Step =>
  Effect.gen(function* () {
    const charge = yield* readCharge(organization, key);
    if (charge?.status !== "started") return "done";
    return progressOf(yield* settleCharge(organization, charge, CHARGES));
  });

/** Gives back one charge that opened no period; the log has said so before. */
export const refundStep = (organization: string, key: string): Step =>
  Effect.gen(function* () {
    const charge = yield* readCharge(organization, key);
    if (charge?.status !== "refunding") return "done";
    yield* askPayments("a refund", ["refunded"], (payments) => payments.refund(key));
    const { holding, period } = charge;
    const command = { type: "RecordRefund", holding, period } as const;
    return progressOf(yield* execute({ organization, actor: REFUNDS, command }));
  });
