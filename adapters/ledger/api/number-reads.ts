/** The calls that read the numbers that an organization holds, or held. */
import type { NumberView } from "../../../core/number/view.ts";
import type { RecordedEvent } from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { Caller } from "./caller.ts";
import type { HistoryOptions } from "./paging.ts";

/** The calls that read numbers, now or as they were. */
export interface NumberReads {
  /**
   * All numbers not yet released, the oldest first; `asOf` is a past time to list them for.
   *
   * @example
   * ```ts
   * const inMarch = await ledger.numbers.list(alice, { asOf: Date.parse("2026-03-15") });
   * ```
   */
  list(
    caller: Caller,
    options?: { readonly asOf?: Instant | undefined },
  ): Promise<readonly NumberView[]>;
  /**
   * One number, also one that could not be bought; null when it is not held.
   *
   * @example
   * ```ts
   * const number = await ledger.numbers.get(alice, id);
   * console.log(number?.status, number?.readiness.issues);
   * ```
   */
  get(caller: Caller, id: string): Promise<NumberView | null>;
  /**
   * Every event of one holding, the oldest first; also after its release.
   *
   * @example
   * ```ts
   * for (const { position, type } of await ledger.numbers.history(alice, id)) {
   *   console.log(position, type);
   * }
   * ```
   */
  history(
    caller: Caller,
    id: string,
    options?: HistoryOptions,
  ): Promise<readonly RecordedEvent[]>;
}
