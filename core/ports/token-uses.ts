/** The port to when tokens were last used; part of `mod.ts`. */
import type { Instant } from "../values/calendar.ts";

/** A use of a token, which is named by its id. */
export type TokenUse = { readonly token: string; readonly at: Instant };

/**
 * When tokens were last used, to the hour, so that a use is rarely written. It is beside the
 * events: nothing follows from it, and a crash may lose what was noted last.
 */
export interface TokenUses {
  /**
   * Notes uses of tokens, each once. A use within an hour of the one that is noted, before or after
   * it, changes nothing; nor does one of a token that no organization has.
   */
  note(uses: readonly TokenUse[]): Promise<void>;
  /** The use that is noted of each of these; none of those that were never used. */
  last(tokens: readonly string[]): Promise<readonly TokenUse[]>;
  /** Forgets the uses of these, which were revoked. */
  forget(tokens: readonly string[]): Promise<void>;
}
