/** What the operator may ask of the log itself. */
import type { Head } from "../../../core/ports/mod.ts";

/** Heads of logs; `next` is what to ask for `after`, null on the last page. */
export type HeadsPage = {
  readonly heads: readonly (Head & { readonly organization: string })[];
  readonly next: string | null;
};

/** Calls that maintain the log. */
export interface Upkeep {
  /**
   * The id that is in the keys of this installation's orders; made when it is first asked for.
   *
   * @example
   * ```ts
   * console.log(await ledger.operator.installation());
   * ```
   */
  installation(): Promise<string>;
  /**
   * Gives this log a new installation id, for a copy that is to run beside its original: each then
   * leaves alone what the other orders from now on. Returns the id.
   *
   * @example
   * ```ts
   * const installation = await ledger.operator.renewInstallation();
   * ```
   */
  renewInstallation(): Promise<string>;
  /**
   * Heads by organization, a page at a time; a hundred by default. Rejects with an
   * `InvalidArgument` when no organization has the id `after`.
   *
   * @example
   * ```ts
   * const { heads, next } = await ledger.operator.heads({ limit: 1_000 });
   * ```
   */
  heads(
    page?: { readonly after?: string | undefined; readonly limit?: number | undefined },
  ): Promise<HeadsPage>;
}

/** What the ledger does automatically, on demand. */
export interface WorkCalls {
  /**
   * Does everything that is due now; says how many items were done.
   *
   * @example
   * ```ts
   * const done = await ledger.work.run();
   * ```
   */
  run(): Promise<number>;
  /**
   * Looks up the order with this key at the carrier now, for example when the carrier has
   * notified a change. False when this ledger made no order with the key.
   *
   * @example
   * ```ts
   * const isOurs = await ledger.work.look("od_…");
   * ```
   */
  look(orderKey: string): Promise<boolean>;
}
