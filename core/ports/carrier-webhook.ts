/** The port to a carrier's notices by webhook; part of `mod.ts`. */
import type { Result } from "../values/result.ts";

/** A webhook that the carrier signed. */
export type VerifiedWebhook = {
  /** Whether the same webhook, signature and all, was verified before. */
  readonly isRepeated: boolean;
  /** Makes a repeat new again: this one could not be processed, and may be sent once more. */
  readonly forget: () => void;
};

/** Verifies what a carrier posts, and reads which order it is about. */
export interface CarrierWebhook {
  /**
   * Whether the carrier signed it, not long ago; otherwise why it is refused, in a sentence.
   * `header` gives a request's header by its name in lower case, null where there is none.
   */
  verify(
    header: (name: string) => string | null,
    body: Uint8Array,
  ): Promise<Result<VerifiedWebhook, { readonly message: string }>>;
  /** The order key that a verified webhook names; null when it is about something else. */
  orderKeyOf(json: unknown): string | null;
}
