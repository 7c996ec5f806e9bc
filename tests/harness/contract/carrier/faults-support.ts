/** What the tests of a carrier whose transport fails have in common. */
import assert from "node:assert/strict";
import type { CarrierError } from "../../../../core/ports/mod.ts";
import type { Result } from "../../../../core/values/result.ts";
import type { CarrierCallName } from "../../faulty-carrier.ts";
import type { CarrierSubject } from "../carrier-support.ts";
import {
  assertHoldsNoSecret,
  faultsOf,
  TRANSPORT_FAULTS,
  type TransportFault,
  whileFailing,
} from "../transport.ts";

/** The kinds of error that are right after a fault: which one follows from what can be known. */
export const MAYBE_TAKEN: readonly CarrierError["kind"][] = ["unknown"];
export const SURELY_NOT: readonly CarrierError["kind"][] = ["unreachable", "unknown"];

/** What a call answers while the transport fails under these calls. */
export const failing = async <Value>(
  subject: CarrierSubject,
  fault: TransportFault,
  calls: readonly CarrierCallName[],
  ask: () => Promise<Result<Value, CarrierError>>,
): Promise<Result<Value, CarrierError>> => {
  const faults = faultsOf(subject);
  const answer = await whileFailing(faults, fault, calls, ask);
  if (!answer.ok) assertHoldsNoSecret(answer.error.message, faults.secrets);
  return answer;
};

/**
 * The answer is an error of one of these kinds: there is nothing else that the adapter can know.
 */
export const assertFails = (
  answer: Result<unknown, CarrierError>,
  kinds: readonly CarrierError["kind"][],
  fault: TransportFault,
): void => {
  const said = answer.ok ? `ok: ${JSON.stringify(answer.value)}` : answer.error.kind;
  const isRight = !answer.ok && kinds.includes(answer.error.kind);
  assert.ok(isRight, `${said} instead of ${kinds.join(" or ")} when ${TRANSPORT_FAULTS[fault]}`);
};
