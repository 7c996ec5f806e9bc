import type { Ledger } from "../adapters/ledger/api.ts";
import type { RateLimiter } from "../core/ports.ts";

/** In an object, so that to wait for it never takes a ledger for a promise. */
type Opened = {
  readonly ledger: Ledger;
  /** Counts this request, in place of the application's own. */
  readonly limiter?: RateLimiter | null;
};

/** Where the ledger of a request comes from. */
export type LedgerSource = {
  /** The ledger; where it is opened for this request alone, the first call opens it. */
  readonly open: () => Opened | Promise<Opened>;
  /** The time that the ledger goes by, in milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Whether opening costs a connection of a database. Then what can be refused without the ledger
   * is, and the body is read to its end first, so that no caller keeps a connection waiting.
   */
  readonly isCostly: boolean;
};

/** The source of a ledger that is open. */
export const sourceOf = (ledger: Ledger): LedgerSource => ({
  open: () => ({ ledger }),
  now: () => ledger.now(),
  isCostly: false,
});
