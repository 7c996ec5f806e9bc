import { tag } from "../values/tag.ts";

/**
 * The log cannot be reached now. What was read may be asked for again; whether what was to be
 * appended stands is not known.
 */
export class Unavailable extends Error {
  static {
    tag(this, "Unavailable");
  }
  override readonly name = "Unavailable";

  constructor(why: string, cause?: unknown) {
    super(why, { cause });
  }
}
