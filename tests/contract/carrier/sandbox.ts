import type { TestClock } from "../../../adapters/clock/test.ts";
import type { Carrier } from "../../../core/ports/mod.ts";
import { SECOND_MS } from "../../../core/values/calendar.ts";
import type { CarrierSubject } from "../../harness/contract/carrier.ts";
import { TOWNS } from "./towns.ts";

/** The sandbox carrier as the contract suite wants it; time passes by its test clock. */
export const sandboxSubject = (carrier: Carrier, clock: TestClock): CarrierSubject => ({
  carrier,
  filters: { country: "US", type: "local", areaCode: "415", limit: 20 },
  locality: "San Rafael",
  towns: TOWNS,
  none: { country: "US", type: "local", areaCode: "999", limit: 20 },
  documents: {
    filters: { country: "CH", type: "local", limit: 5 },
    accepted: "rg_ok",
    declined: "rg_declined",
  },
  notOffered: "+14155550110",
  slow: "+14155550113",
  pass: () => Promise.resolve(clock.set(clock.now() + SECOND_MS)),
  close: () => Promise.resolve(),
});

/** Why no transport can be made to fail under it. */
export const SANDBOX_OPTIONS = {
  withoutFaults: "the sandbox is in this process, and plays failures by its magic numbers",
};
