import type { Caller, Ledger } from "../adapters/ledger/api/mod.ts";
import type { RateLimiter } from "../core/ports/mod.ts";

/** In an object, so that to wait for it never takes a ledger for a promise. */
type Opened = {
  readonly ledger: Ledger;
  /** Counts this request, in place of the application's own. */
  readonly limiter?: RateLimiter | null;
};

/** Where the ledger of a request comes from. */
export type LedgerSource = {
  /**
   * The ledger; where it is opened for this request alone, the first call opens it on behalf of a
   * party: an organization, or one of those below. Throws `Busy` where none can be opened now.
   */
  readonly open: (party: string) => Opened | Promise<Opened>;
  /**
   * Who a token stands for, which stood for this organization before; null for a stranger's. Leaves
   * the ledger open only where that keeps nobody waiting: `open` gives it in any case.
   */
  readonly authenticate: (token: string, organization: string | null) => Promise<Caller | null>;
  /** Why the clock is doubted, where it is; throws where the log cannot be read. */
  readonly ready: () => Promise<string | undefined>;
  /** The time that the ledger goes by, in milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Whether opening costs a connection of a database. Then what can be refused without the ledger
   * is, and the body is read to its end first, so that no caller keeps a connection waiting.
   */
  readonly isCostly: boolean;
};

/** For whom a ledger is opened that no organization asks for: the operator, and the carrier. */
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
