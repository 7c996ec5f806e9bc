/**
 * A carrier behind a transport that fails as instructed, and the adapter that reads its failures.
 */
import { carrierBy, type CarrierCall, type CarrierCallName } from "../faulty-carrier.ts";
import type { Carrier, CarrierError } from "../../../core/ports/mod.ts";
import { failed, type Result } from "../../../core/values/result.ts";
import { TAKEN, type TransportFault, type TransportFaults } from "../contract/transport.ts";

/** A placeholder for an answer that never comes. */
export const NEVER = Symbol("no answer");

/** A secret that the adapter has, and must keep. */
export const SECRET = "key_of_the_remote_carrier";

type Answer = Result<unknown, CarrierError>;

/** How an adapter reads the failures of its transport: where planted faults are put. */
export type Reading = {
  /** What a call answers that met a fault. */
  readonly read: (fault: TransportFault, call: CarrierCallName) => Answer | typeof NEVER;
};

const unknown = failed<CarrierError>({
  kind: "unknown",
  message: "The remote carrier gave no answer to use.",
});

const unreachable = failed<CarrierError>({
  kind: "unreachable",
  message: "The remote carrier took nothing.",
});

/** How a good adapter reads them: only what was surely not taken is `unreachable`. */
export const HONEST: Reading = {
  read: (fault) => fault === "noConnection" || fault === "status429" ? unreachable : unknown,
};

// A faulty adapter's call gets little time; one that answers here does so immediately.
const PATIENCE_MS = 500;

const isTaken = (fault: TransportFault): boolean =>
  (TAKEN as readonly TransportFault[]).includes(fault);

/** Puts the transport before a carrier, with an adapter that reads its failures in this way. */
export const openRemoteCarrier = (carrier: Carrier, { read }: Reading): {
  readonly carrier: Carrier;
  readonly faults: TransportFaults<CarrierCallName>;
} => {
  let failing:
    | { readonly fault: TransportFault; readonly calls: readonly CarrierCallName[] }
    | null = null;
  const call: CarrierCall = async (name, make) => {
    if (failing === null || !failing.calls.includes(name)) return make();
    const { fault } = failing;
    if (isTaken(fault)) await make();
    const answer = read(fault, name);
    return answer === NEVER ? new Promise(() => {}) : answer as Awaited<ReturnType<typeof make>>;
  };
  return {
    carrier: carrierBy(carrier, call),
    faults: {
      begin: (fault, calls) => {
        failing = { fault, calls };
      },
      end: () => {
        failing = null;
      },
      patienceMs: PATIENCE_MS,
      secrets: [SECRET],
    },
  };
};
