/** What the operator may ask of the log itself. */
import type { Head } from "../../../core/ports/mod.ts";

/** Heads of logs; `next` is what to ask for `after`, null on the last page. */
export type HeadsPage = {
  readonly heads: readonly (Head & { readonly organization: string })[];
  readonly next: string | null;
};

/** Calls that maintain the log. */
export interface Upkeep {
  /** The id that is in the keys of this installation's orders; made when it is first asked for. */
  installation(): Promise<string>;
  /**
   * Gives this log a new installation id, for a copy that is to run beside its original: each then
   * leaves alone what the other orders from now on. Returns the id.
   */
  renewInstallation(): Promise<string>;
  /**
   * Heads by organization, a page at a time; a hundred by default. Rejects with an
   * `InvalidArgument` when no organization has the id `after`.
   */
  heads(page?: { readonly after?: string; readonly limit?: number }): Promise<HeadsPage>;
}
