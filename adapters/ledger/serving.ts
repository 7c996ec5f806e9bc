/** The ledger of a worker, whose bundle is to be small: it does without what follows the log. */
import type { Following } from "./open.ts";
import { type OpenLedger, openWith } from "./promises.ts";

const refuse = (): never => {
  throw new Error("A worker does not follow the log.");
};

const nothing = (): Promise<null> => Promise.resolve(null);

const notFollowing = (): Following => ({
  follow: refuse,
  followAll: refuse,
  events: { list: refuse, follow: refuse },
  beside: nothing,
  further: {},
  end: nothing,
});

/** Opens a ledger whose calls that follow the log throw. */
export const openServingLedger: OpenLedger = (options) => openWith(notFollowing, options);
