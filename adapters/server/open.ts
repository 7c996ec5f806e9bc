import { openPgliteLog } from "../log/pglite/mod.ts";
import type { Application } from "./application.ts";
import type { Settings } from "./settings.ts";

/** Opens what the settings describe: the database and all that answers over it. */
export const open = async (settings: Settings): Promise<Application> => {
  const { dataDir: folder, durability } = settings;
  // The database is compiled beside this thread, which meanwhile loads the rest.
  const [log, { openApplication }] = await Promise.all([
    openPgliteLog({ folder, durability }),
    import("./application.ts"),
  ]);
  return await openApplication(log, settings);
};
