import type { DatabaseLog } from "../log/sql/log.ts";
import { note } from "./report.ts";
import type { Settings } from "./settings.ts";

/**
 * Opens the log where the settings say that it is: in a PostgreSQL, or embedded in a folder. Only
 * that adapter is loaded, for the sake of the start.
 */
export const openLog = async (settings: Settings): Promise<DatabaseLog> => {
  const { databaseUrl: url, dataDir: folder, durability } = settings;
  if (url === null) {
    const { openPgliteLog } = await import("../log/pglite/mod.ts");
    return await openPgliteLog({ folder, durability });
  }
  const { openPostgresLog } = await import("../log/postgres/mod.ts");
  return await openPostgresLog({
    url,
    onUnavailable: note,
    onAvailable: () => note("the database answers again"),
  });
};
