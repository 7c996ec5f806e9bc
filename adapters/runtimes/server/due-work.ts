/** Looking for work when the world asks for it, as a cron does. */
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Ledger } from "../../ledger/api/mod.ts";
import { report } from "./report.ts";

/** Does what is due. What goes wrong is reported, and never thrown: the next look comes anyway. */
export const lookForWork = async (ledger: Ledger): Promise<void> => {
  try {
    await ledger.work.run();
  } catch (error) {
    // That the log is away was told when it went.
    if (!(error instanceof Unavailable)) report("looking for work", error);
  }
};
