import type { Caller, Ledger } from "../adapters/ledger/api/mod.ts";
import type { KeptAnswers, RateLimiter } from "../core/ports/mod.ts";

/** In an object, so that `await` never takes a ledger for a promise. */
type Opened = {
  readonly ledger: Ledger;
  /** Counts this request, in place of the application's own. */
  readonly limiter?: RateLimiter | null;
  /** Keeps this request's answer, in place of the application's own. */
  readonly answers?: KeptAnswers | null;
};

/** Where the ledger of a request comes from. */
export type LedgerSource = {
  /**
   * The ledger; where it is opened for this request alone, the first call opens it on behalf of a
   * party: an organization, or one of those below. Throws `Busy` where none can be opened now.
   */
  readonly open: (party: string) => Opened | Promise<Opened>;
  /**
   * The caller of a token; `organization` is the one it belonged to before, null for an unknown
   * token. Leaves the ledger open only where that keeps no other request waiting: `open` gives it
   * in any case.
   */
  readonly authenticate: (token: string, organization: string | null) => Promise<Caller | null>;
  /** Why the clock is doubted, where it is; throws where the log cannot be read. */
  readonly ready: () => Promise<string | undefined>;
  /** The ledger's time, in milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Whether opening costs a database connection. Then requests are refused without the ledger where
   * possible, and the body is read to its end first, so that no caller keeps a connection waiting.
   */
  readonly isCostly: boolean;
};

/**
 * On whose behalf a ledger is opened where it is not an organization's: the operator's, and the
 * carrier's.
 */
export const OPERATOR_PARTY = "/admin";
export const CARRIER_PARTY = "/webhooks";

/** The source of a ledger that is open. */
export const sourceOf = (ledger: Ledger): LedgerSource => ({
  open: () => ({ ledger }),
  authenticate: (token) => ledger.authenticate(token),
  ready: async () => {
    await ledger.ready();
    return ledger.doubt()?.why;
  },
  now: () => ledger.now(),
  isCostly: false,
});
