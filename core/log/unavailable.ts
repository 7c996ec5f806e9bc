import { tag } from "../values/tag.ts";

/** Why a log is unavailable, as far as it is known and may be public. */
export type UnavailableReason = "read-only";

/**
 * The log cannot be reached now. A read may be repeated; whether an append was committed is not
 * known.
 */
export class Unavailable extends Error {
  static {
    tag(this, "Unavailable");
  }
  override readonly name = "Unavailable";

  readonly reason: UnavailableReason | null;

  constructor(why: string, cause?: unknown, reason: UnavailableReason | null = null) {
    super(why, { cause });
    this.reason = reason;
  }
}
