/** The Telnyx adapter against the emulator, once as it is meant to be and once as it can be. */
import * as runner from "node:test";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { openTelnyxCarrier } from "../../../adapters/carrier/telnyx/mod.ts";
import { SECOND_MS } from "../../../core/values/calendar.ts";
import { openTelnyx, type TelnyxOptions } from "../../support/telnyx/mod.ts";
import { carrierContract, type CarrierSubject } from "../../harness/contract/carrier.ts";

const open = async (options: TelnyxOptions): Promise<CarrierSubject> => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const telnyx = await openTelnyx({ ...options, clock });
  const { apiKey, baseUrl, fetch } = telnyx;
  return {
    carrier: openTelnyxCarrier({ apiKey, baseUrl, fetch, clock }),
    filters: { country: "US", type: "local", areaCode: "415", limit: 20 },
    locality: "San Rafael",
    none: { country: "US", type: "local", areaCode: "999", limit: 20 },
    // An exchange that the numbering plan keeps for services.
    notOffered: "+14152115555",
    pass: () => telnyx.advance(SECOND_MS),
    close: () => Promise.resolve(telnyx.close()),
  };
};

carrierContract(runner, "Telnyx, emulated, orders filled at once", () => open({ orderMs: 0 }));
carrierContract(runner, "Telnyx, emulated, orders pending for a while", () => {
  return open({ orderMs: 2 * SECOND_MS });
});
