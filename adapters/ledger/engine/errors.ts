import { tag } from "../../../core/values/tag.ts";

/** The ledger was closed before the call could begin; nothing was changed. */
export class Closed extends Error {
  static {
    tag(this, "Closed");
  }
  override readonly name = "Closed";

  constructor() {
    super("The ledger is closed; nothing was changed.");
  }
}

/**
 * Something was asked for more often than it could be done, such as writes to one log; try later.
 */
export class Busy extends Error {
  static {
    tag(this, "Busy");
  }
  override readonly name = "Busy";

  /** `what` is a noun, such as `The log of acme`. */
  constructor(what: string) {
    super(`${what} is too busy; nothing was changed.`);
  }
}
