/**
 * The ledger as a service of Effect, with its layer.
 *
 * @module
 */
export { layer, Ledger, type Performed, type Tagged } from "../runtimes/library/effect.ts";
export type { LedgerOptions } from "../runtimes/library/options.ts";
