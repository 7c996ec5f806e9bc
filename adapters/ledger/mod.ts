/** The ledger: the one entry point through which programs and the HTTP layer use the domain. */
import { following } from "./following.ts";
import { type OpenLedger, openWith } from "./promises.ts";

export type * from "./api/mod.ts";
export type { LedgerOptions } from "./api/options.ts";
export { Busy } from "./engine/errors.ts";
export type { OpenLedger } from "./promises.ts";

/**
 * Opens a ledger over these adapters and starts its automations. Close it to finish what is under
 * way, which it waits for no longer than a bound; the log is closed with it.
 */
export const openLedger: OpenLedger = (options) => openWith(following, options);
