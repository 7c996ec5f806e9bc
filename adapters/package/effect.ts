/**
 * The ledger as a service of Effect, with its layer.
 *
 * @module
 */
export {
  type Feed,
  layer,
  Ledger,
  type LedgerEffects,
  type Performed,
  type Streaming,
  type Tagged,
} from "../runtimes/library/effect.ts";
export type { LedgerOptions } from "../runtimes/library/options.ts";
