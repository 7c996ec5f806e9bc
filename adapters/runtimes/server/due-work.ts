/** Looks for due work on an external trigger, such as a cron. */
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Ledger } from "../../ledger/api/mod.ts";
import type { Lines } from "./report.ts";

/** Does what is due. Errors are reported, and never thrown: the next trigger follows anyway. */
export const doDueWork = async (ledger: Ledger, { report }: Lines): Promise<void> => {
  try {
    await ledger.work.run();
  } catch (error) {
    // It was reported when the log went away.
    if (!(error instanceof Unavailable)) report("looking for work", error);
  }
};
