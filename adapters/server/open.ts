import type { Application } from "./application.ts";
import { type OnLost, openLog } from "./log.ts";
import type { Settings } from "./settings.ts";

/**
 * Opens what the settings describe: the database and all that answers over it. Left out, `onLost`
 * writes a line to the program's log.
 */
export const open = async (settings: Settings, onLost?: OnLost): Promise<Application> => {
  // An embedded database is compiled beside this thread, which meanwhile loads the rest.
  const [log, { openApplication }] = await Promise.all([
    openLog(settings, { onLost }),
    import("./application.ts"),
  ]);
  return await openApplication(log, settings);
};
