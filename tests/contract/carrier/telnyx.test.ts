/** The Telnyx adapter against the emulator, once as it is meant to be and once as it can be. */
import * as runner from "node:test";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { openTelnyxCarrier } from "../../../adapters/carrier/telnyx/mod.ts";
import { SECOND_MS } from "../../../core/values/calendar.ts";
import type { Fault as TelnyxFault } from "../../harness/emulators/telnyx/faults.ts";
import { openTelnyx, type Telnyx, type TelnyxOptions } from "../../harness/emulators/telnyx/mod.ts";
import type { Endpoint as TelnyxEndpoint } from "../../harness/emulators/telnyx/routes.ts";
import { carrierContract, type CarrierSubject } from "../../harness/contract/carrier.ts";
import type { TransportFault, TransportFaults } from "../../harness/contract/transport.ts";
import type { CarrierCallName } from "../../harness/faulty-carrier.ts";
import { TOWNS } from "./towns.ts";

/** The requests in which a call's own question or change goes to Telnyx. */
const ENDPOINTS = {
  search: "search",
  quote: "search",
  requirements: "requirements",
  order: "order",
  findOrder: "findOrders",
  cancel: "cancelOrder",
  findNumber: "listNumbers",
  inventory: "listNumbers",
  has: "retrieveNumber",
  connect: "updateNumber",
  suspend: "updateNumber",
  resume: "updateNumber",
  release: "deleteNumber",
} as const satisfies Partial<Record<CarrierCallName, TelnyxEndpoint>>;

const FAULTS: Readonly<Record<TransportFault, TelnyxFault>> = {
  noConnection: { kind: "refuseConnection" },
  lostBefore: { kind: "loseRequest" },
  status429: { kind: "tooManyRequests", resetSeconds: 0 },
  lostAfter: { kind: "loseAnswer" },
  slow: { kind: "replaceAnswer", by: () => new Promise(() => {}) },
  garbage: { kind: "malformedAnswer" },
  status500: { kind: "serverError", carriedOut: true },
};

const faultsOf = ({ fail, heal, apiKey }: Telnyx): TransportFaults<CarrierCallName> => ({
  begin: (fault, calls) => {
    const endpoints = new Set(calls.map((call) => ENDPOINTS[call]));
    for (const endpoint of endpoints) fail(endpoint, FAULTS[fault]);
  },
  end: heal,
  secrets: [apiKey],
});

// Short, for the transport of the tests is slow on purpose; and no circuit opens.
const LIMITS = { attemptMs: 150, orderMs: 300, repeats: 1, backoffMs: 0, failures: 1_000 };

const open = async (options: TelnyxOptions): Promise<CarrierSubject> => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const telnyx = await openTelnyx({ ...options, clock });
  const { apiKey, baseUrl, fetch } = telnyx;
  return {
    carrier: openTelnyxCarrier({ apiKey, baseUrl, fetch, clock, limits: LIMITS }),
    filters: { country: "US", type: "local", areaCode: "415", limit: 20 },
    locality: "San Rafael",
    towns: TOWNS,
    none: { country: "US", type: "local", areaCode: "999", limit: 20 },
    documents: {
      filters: { country: "CH", type: "local", limit: 5 },
      accepted: telnyx.group({ country: "CH", type: "local", status: "approved" }),
      declined: telnyx.group({ country: "CH", type: "local", status: "no-longer-eligible" }),
    },
    // An exchange that the numbering plan keeps for services.
    notOffered: "+14152115555",
    pass: () => telnyx.advance(SECOND_MS),
    faults: faultsOf(telnyx),
    close: () => Promise.resolve(telnyx.close()),
  };
};

carrierContract(runner, "Telnyx, emulated, orders filled immediately", () => open({ orderMs: 0 }));
carrierContract(runner, "Telnyx, emulated, where null takes a connection off", () => {
  return open({ orderMs: 0, noConnection: "null" });
});
carrierContract(runner, "Telnyx, emulated, orders pending for a while", () => {
  return open({ orderMs: 2 * SECOND_MS });
});
