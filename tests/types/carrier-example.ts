/**
 * Nothing here runs; both type checkers read it. What adapters/carrier/README.md shows of running
 * the contract suite on your own adapter.
 */
import * as runner from "node:test";
import { type Carrier, failed } from "ledgerline";
import {
  type CarrierCallName,
  carrierContract,
  type CarrierSubject,
  type TransportFault,
  type TransportFaults,
} from "ledgerline/testing";

/** A carrier that cannot be reached. */
export const openStubCarrier = (): Carrier => {
  const away = () =>
    Promise.resolve(failed({ kind: "unreachable" as const, message: "Nobody answers." }));
  return {
    name: "stub",
    settlingMs: 60_000,
    search: away,
    quote: away,
    order: away,
    findOrder: away,
    findNumber: away,
    inventory: away,
    has: away,
    connect: away,
    release: away,
  };
};

declare const openMyCarrier: (
  options: { readonly apiKey: string; readonly fetch: typeof fetch },
) => Carrier;

/** Numbers that the carrier has and has not, and how pending orders end. */
type Numbers = Omit<CarrierSubject, "carrier" | "faults">;

/** A stub of `fetch` over a service in memory. */
export type FetchDouble = {
  readonly fetch: typeof fetch;
  /** From now on the requests of these calls fail in this way; for `order` that is the POST. */
  fail(calls: readonly CarrierCallName[], fault: TransportFault): void;
  heal(): void;
};

const faultsOver = (double: FetchDouble, apiKey: string): TransportFaults<CarrierCallName> => ({
  begin: (fault, calls) => double.fail(calls, fault),
  end: () => double.heal(),
  secrets: [apiKey],
});

export const testCarrier = (double: FetchDouble, apiKey: string, rest: Numbers): void =>
  carrierContract(runner, "my carrier", () =>
    Promise.resolve({
      carrier: openMyCarrier({ apiKey, fetch: double.fetch }),
      faults: faultsOver(double, apiKey),
      ...rest,
    }));

export const testStub = (): void =>
  carrierContract(runner, "stub", () =>
    Promise.resolve({
      carrier: openStubCarrier(),
      filters: { country: "US", type: "local", areaCode: "415", limit: 20 },
      none: { country: "US", type: "local", areaCode: "999", limit: 20 },
      locality: "San Rafael",
      notOffered: "+14152115555",
      pass: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }), { withoutFaults: "it has no transport yet" });
