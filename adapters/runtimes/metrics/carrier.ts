/** A carrier, as it is measured. */
import { CARRIER_ERRORS, type CarrierError } from "../../../core/ports/carrier.ts";
import type { Carrier } from "../../../core/ports/mod.ts";
import type { Result } from "../../../core/values/result.ts";
import { type CarrierCall, isCarrierCall } from "../../ledger/engine/carrier-results.ts";
import type { CircuitChange } from "../../carrier/telnyx/options.ts";
import type { Registry } from "./registry.ts";

/** Any call to a carrier. */
type Asked = (...given: readonly unknown[]) => Promise<Result<unknown, CarrierError>>;

/** `broken`: it threw, or answered what its port does not know. */
const outcomeOf = (answer: Result<unknown, CarrierError>): string => {
  if (answer.ok) return "ok";
  const { kind } = answer.error;
  return CARRIER_ERRORS.includes(kind) ? kind : "broken";
};

/** Measures every call to a carrier: how long it took, and what came of it. */
export const measureCarriers = ({ counter, timer }: Registry): (carrier: Carrier) => Carrier => {
  type Of = { readonly carrier: string; readonly call: CarrierCall };
  const total = counter<Of & { readonly outcome: string }>(
    "ledgerline_carrier_calls_total",
    "Calls to a carrier by what came of them: ok, or the kind of the error.",
  );
  const seconds = timer<Of>(
    "ledgerline_carrier_call_duration_seconds",
    "Time of a call to a carrier, with its repeats.",
  );
  return (carrier) => {
    const measured = (call: CarrierCall, ask: Asked): Asked => {
      const labels = { carrier: carrier.name, call };
      return async (...given) => {
        const begun = performance.now();
        let outcome = "broken";
        try {
          const answer = await ask(...given);
          outcome = outcomeOf(answer);
          return answer;
        } finally {
          total({ ...labels, outcome })();
          seconds(labels)(performance.now() - begun);
        }
      };
    };
    const calls = Object.keys(carrier).filter(isCarrierCall).flatMap((call) => {
      const ask = carrier[call];
      return ask === undefined ? [] : [[call, measured(call, ask.bind(carrier) as Asked)]];
    });
    // Each call as it was, and what it answers as it came.
    return { ...carrier, ...Object.fromEntries(calls) };
  };
};

/** What a carrier's adapter calls when a circuit breaker opens or closes. */
export const measureCircuits = (
  carrier: string,
  { counter, gauge }: Registry,
): (change: CircuitChange) => void => {
  const openings = counter<{ readonly carrier: string; readonly circuit: string }>(
    "ledgerline_carrier_circuit_openings_total",
    "How often a circuit breaker opened: the carrier's, or that of one question.",
  );
  const isOpen = gauge<{ readonly carrier: string }>(
    "ledgerline_carrier_circuit_open",
    "1 while nothing is sent to the carrier, which failed too often of late, else 0.",
  )({ carrier });
  isOpen(0);
  const opened = {
    carrier: openings({ carrier, circuit: "carrier" }),
    question: openings({ carrier, circuit: "question" }),
  };
  return ({ circuit, isOpen: opens }) => {
    if (opens) opened[circuit]();
    if (circuit === "carrier") isOpen(opens ? 1 : 0);
  };
};
