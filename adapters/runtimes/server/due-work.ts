/** Looking for work when the world asks for it, as a cron does. */
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Ledger } from "../../ledger/api/mod.ts";
import { report } from "./report.ts";

/** Does what is due. What goes wrong is reported, and never thrown: the next look comes anyway. */
export const lookForWork = async (ledger: Ledger): Promise<void> => {
  try {
    await ledger.work.run();
  } catch (error) {
    // It was reported when the log went away.
    if (!(error instanceof Unavailable)) report("looking for work", error);
  }
};
