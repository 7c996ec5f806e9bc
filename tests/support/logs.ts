/** A log of each engine, for tests of what has to be the same on all of them. */
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { postgresLogs } from "./on-postgres.ts";

/** Opens an empty log of each engine, by its name, while the tests of a file run. */
export const everyLog = (): Readonly<Record<string, () => EventLog | Promise<EventLog>>> => ({
  memory: openMemoryLog,
  PGlite: () => openPgliteLog({ folder: "memory" }),
  PostgreSQL: postgresLogs(),
});
