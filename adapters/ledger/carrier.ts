import * as Effect from "effect/Effect";
import type { CarrierName } from "../../core/carrier.ts";
import type { Carrier, CarrierError } from "../../core/ports.ts";
import { failed, type Result } from "../../core/values/result.ts";
import type { CarrierRefusal } from "./api.ts";
import { askFor, Ports } from "./services.ts";

/**
 * One call to a carrier. Whatever goes wrong on the way (it throws, it hangs) is a carrier error
 * whose outcome is unknown.
 */
export const callCarrier = Effect.fnUntraced(function* <Value>(
  name: CarrierName,
  call: (carrier: Carrier) => Promise<Result<Value, CarrierError>>,
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
  return yield* askFor<Result<Value, CarrierError>>(
    `the carrier ${name}`,
    silent,
    () => call(carrier),
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
