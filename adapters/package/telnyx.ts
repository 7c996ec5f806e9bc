/**
 * Telnyx as a carrier, over nothing but `fetch`.
 *
 * @module
 */
export { LIMITS, type Limits } from "../carrier/telnyx/limits.ts";
export { openTelnyxCarrier, type TelnyxOptions } from "../carrier/telnyx/mod.ts";
export type { CircuitChange } from "../carrier/telnyx/options.ts";
export { TELNYX_URL } from "../carrier/telnyx/url.ts";
