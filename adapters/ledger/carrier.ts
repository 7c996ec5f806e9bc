import * as Effect from "effect/Effect";
import type { CarrierName } from "../../core/carrier.ts";
import type { Carrier, CarrierError } from "../../core/ports.ts";
import { failed } from "../../core/values/result.ts";
import type { CarrierRefusal } from "./api.ts";
import { type CarrierAnswer, type CarrierCall, readAnswer } from "./answers.ts";
import { askFor, Ports } from "./services.ts";

/**
 * One call to a carrier. Whatever goes wrong on the way (it throws, it hangs, it answers what its
 * port does not know) is reported, and is a carrier error whose outcome is unknown.
 */
export const callCarrier = Effect.fnUntraced(function* <Call extends CarrierCall>(
  name: CarrierName,
  call: Call,
  ask: (carrier: Carrier) => Promise<CarrierAnswer<Call>>,
) {
  const { carriers } = yield* Ports;
  const carrier = carriers.get(name);
  if (carrier === undefined) {
    const message = `No carrier ${name} is configured.`;
    return failed<CarrierError>({ kind: "unreachable", message });
  }
  const silent = failed<CarrierError>({
    kind: "unknown",
    message: `The carrier ${name} gave no answer.`,
  });
  return yield* askFor<CarrierAnswer<Call> | typeof silent>(
    `the carrier ${name}`,
    silent,
    async () => readAnswer<Call>(call, await ask(carrier)),
  );
});

/** A carrier error as the caller is told of it. */
export const carrierRefusal = (error: Pick<CarrierError, "kind">) =>
  failed<CarrierRefusal>(
    error.kind === "unreachable"
      ? {
        code: "CARRIER_UNREACHABLE",
        message: "The carrier cannot be reached; nothing was ordered.",
      }
      : { code: "CARRIER_FAILED", message: "The carrier could not carry out the request." },
  );
