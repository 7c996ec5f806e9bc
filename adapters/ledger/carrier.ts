import * as Effect from "effect/Effect";
import type { CarrierName } from "../../core/number/events.ts";
import type { Carrier, CarrierError } from "../../core/ports.ts";
import { failed, type Result } from "../../core/values/result.ts";
import type { CarrierRefusal } from "./api.ts";
import { Ports } from "./services.ts";

/** A carrier that says nothing for this long is taken to have said nothing. */
const TIMEOUT = "20 seconds";

const unknown = (message: string) => failed<CarrierError>({ kind: "unknown", message });

/**
 * One call to a carrier. Whatever goes wrong on the way (it throws, it hangs) is a carrier error
 * whose outcome is unknown.
 */
export const callCarrier = Effect.fnUntraced(function* <Value>(
  name: CarrierName,
  call: (carrier: Carrier) => Promise<Result<Value, CarrierError>>,
) {
  const { carriers, report } = yield* Ports;
  const carrier = carriers.get(name);
  if (carrier === undefined) {
    const message = `No carrier ${name} is configured.`;
    return failed<CarrierError>({ kind: "unreachable", message });
  }
  return yield* Effect.tryPromise(() => call(carrier)).pipe(
    Effect.timeout(TIMEOUT),
    Effect.catch((error) =>
      Effect.sync(() => {
        report(`calling the carrier ${name}`, error);
        return unknown(`The carrier ${name} gave no answer.`);
      })
    ),
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
