import type { Application } from "./application.ts";
import { openLog } from "./log.ts";
import type { Settings } from "./settings.ts";

/** Opens what the settings describe: the database and all that answers over it. */
export const open = async (settings: Settings): Promise<Application> => {
  // An embedded database is compiled beside this thread, which meanwhile loads the rest.
  const [log, { openApplication }] = await Promise.all([
    openLog(settings),
    import("./application.ts"),
  ]);
  return await openApplication(log, settings);
};
