import { tag } from "../values/tag.ts";

/** What is known of why a log is unavailable, where anybody may be told. */
export type UnavailableReason = "read-only";

/**
 * The log cannot be reached now. What was read may be asked for again; whether what was to be
 * appended stands is not known.
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
