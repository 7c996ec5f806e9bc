/** The ledger was closed before the call could begin; nothing was changed. */
export class Closed extends Error {
  override readonly name = "Closed";

  constructor() {
    super("The ledger is closed; nothing was changed.");
  }
}

/** The organization's log moved on faster than the command could be decided; try again later. */
export class Busy extends Error {
  override readonly name = "Busy";

  constructor(organization: string) {
    super(`The log of ${organization} is too busy; nothing was changed.`);
  }
}
