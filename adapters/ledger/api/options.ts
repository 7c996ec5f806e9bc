import type { PlanCatalogue } from "../../../core/values/plan.ts";
import type {
  Carrier,
  Clock,
  EventLog,
  Ids,
  Notifier,
  Payments,
  WebhookSender,
} from "../../../core/ports/mod.ts";
import type { OrphanPolicy } from "../../../core/events/drift.ts";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";

/** The defaults of how long a ledger waits, in milliseconds; see `LedgerOptions`. */
export const LEDGER_DEFAULTS = {
  searchCacheMs: 5_000,
  waitMs: 2_000,
  recoveryMs: 1_000,
  leaseMs: 60_000,
} as const satisfies Readonly<Record<string, Milliseconds>>;

/** What an error belongs to, where that is known. */
export type ReportedAbout = {
  /** The id of the request that it was met for, as its answer has it. */
  readonly requestId?: string | undefined;
  readonly organization?: string | undefined;
};

/**
 * The parts of a ledger. Its opener keeps ownership of the adapters, except that `close` closes the
 * log.
 */
export type LedgerOptions = {
  readonly log: EventLog;
  /** The carrier that numbers are bought from. */
  readonly carrier: Carrier;
  /** Where callers marked `sandbox` buy, if `carrier` is another; without it they are refused. */
  readonly sandbox?: Carrier | undefined;
  readonly payments: Payments;
  /** Notified of submissions; without it, nobody is notified. */
  readonly notifier?: Notifier | undefined;
  /** What sends webhooks, what their secrets follow from, and which URLs endpoints may have. */
  readonly webhooks?: {
    /** Sends them; without it, endpoints are kept and nothing is sent. */
    readonly sender?: WebhookSender | undefined;
    /** 32 bytes or more in base64; without it, a key that the log makes and keeps. */
    readonly key?: string | undefined;
    /**
     * What is wrong with a URL, as the end of a sentence, or null; by default, what is not https,
     * or has a user or a password.
     */
    readonly urlFault?: ((url: string) => string | null) | undefined;
  } | undefined;
  readonly clock: Clock;
  /** Sets a test clock; without it time cannot be advanced. */
  readonly setClock?: ((at: Instant) => void) | undefined;
  readonly ids: Ids;
  readonly plans?: PlanCatalogue | undefined;
  /**
   * What becomes of numbers that a carrier keeps and nobody holds; they are reported by default.
   */
  readonly orphans?: OrphanPolicy | undefined;
  /** Whether every carrier's inventory is compared with ours once a day; true by default. */
  readonly reconcilesDaily?: boolean | undefined;
  /** How long a search is answered by what an equal one found; 5,000 ms by default, 0 for never. */
  readonly searchCacheMs?: Milliseconds | undefined;
  /** How long a purchase or release waits for the carrier; 2,000 ms by default. */
  readonly waitMs?: Milliseconds | undefined;
  /** How often unfinished work is looked at again, at first; 1,000 ms by default. */
  readonly recoveryMs?: Milliseconds | undefined;
  /**
   * Where several servers share the log: how long the others leave work alone that one began, if it
   * dies; 60,000 ms by default. It should be longer than a carrier is waited for, which is 20,000
   * ms.
   */
  readonly leaseMs?: Milliseconds | undefined;
  /** Whether due work is done automatically; true by default. Otherwise call `work.run()`. */
  readonly runsAutomations?: boolean | undefined;
  /**
   * Called with errors that no caller waits for; but not when the log is unavailable, which the log
   * itself reports to the program that opened it.
   */
  readonly report?: ((what: string, error: unknown, about?: ReportedAbout) => void) | undefined;
};
