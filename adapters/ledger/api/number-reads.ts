/** The calls that read the numbers that an organization holds, or held. */
import type { Direction } from "../../../core/events/number.ts";
import type { Holding } from "../../../core/number/state.ts";
import type { NumberView } from "../../../core/number/view.ts";
import type { Feature, RecordedEvent } from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { Caller } from "./caller.ts";
import type { HistoryOptions } from "./paging.ts";

/** Which numbers a list has: those that fit all of this. */
export type NumberFilter = {
  /** Those of this assistant. */
  readonly assistant?: string | undefined;
  readonly source?: "managed" | "imported" | undefined;
  readonly direction?: Direction | undefined;
  /** Features of which each number has all. */
  readonly has?: readonly Feature[] | undefined;
  /** Features of which none has any. */
  readonly lacks?: readonly Feature[] | undefined;
  /** A part of the number, in any notation, or of its id. */
  readonly search?: string | undefined;
};

/**
 * Which part of a list is asked for, and as of when; `after` is the last number of the part before,
 * also where that has been released.
 */
export type NumberListOptions = WhenOptions & {
  readonly after?: Pick<Holding, "createdAt" | "id"> | undefined;
  readonly limit?: number | undefined;
  readonly filter?: NumberFilter | undefined;
};

/** As of when numbers are asked for: a past time, or now where it is left out. */
export type WhenOptions = { readonly asOf?: Instant | undefined };

/** Which page of a list is asked for, by how many numbers come before it. */
export type NumberPageOptions = {
  readonly skip?: number | undefined;
  readonly limit: number;
  readonly filter?: NumberFilter | undefined;
};

/** The numbers of a page, the oldest first, and how many the whole list has. */
export type NumberPage = { readonly numbers: readonly NumberView[]; readonly total: number };

/** The calls that read numbers, now or as they were. */
export interface NumberReads {
  /**
   * All numbers not yet released that fit, the oldest first, or as many of them as `limit` says;
   * `asOf` is a past time to list them for: each number is computed from its own history, with the
   * filters `assistant` and `direction` those of all that were there then.
   *
   * @example
   * ```ts
   * const first = await ledger.numbers.list(alice, { limit: 20, filter: { has: ["sms"] } });
   * const after = first.at(-1)?.holding;
   * const next = await ledger.numbers.list(alice, { after, limit: 20, filter: { has: ["sms"] } });
   * const inMarch = await ledger.numbers.list(alice, { asOf: Date.parse("2026-03-15") });
   * ```
   */
  list(caller: Caller, options?: NumberListOptions): Promise<readonly NumberView[]>;
  /**
   * The numbers of one page of that list, after `skip` others, and how many the list has.
   *
   * @example
   * ```ts
   * const { numbers, total } = await ledger.numbers.page(alice, { skip: 40, limit: 20 });
   * ```
   */
  page(caller: Caller, options: NumberPageOptions): Promise<NumberPage>;
  /**
   * One number, also one that could not be bought; null when it is not held. With `asOf`, as it was
   * at that time: null before it was asked for, and once it had been released.
   *
   * @example
   * ```ts
   * const number = await ledger.numbers.get(alice, id);
   * console.log(number?.status, number?.readiness.issues);
   * const inMarch = await ledger.numbers.get(alice, id, { asOf: Date.parse("2026-03-15") });
   * ```
   */
  get(caller: Caller, id: string, options?: WhenOptions): Promise<NumberView | null>;
  /**
   * Every event of one holding, the oldest first; also after its release. They are as the log holds
   * them, with what `/ledger` shows no tenant: what the carrier asks and says, and the salts.
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
