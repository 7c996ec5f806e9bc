/**
 * The log in PGlite, a PostgreSQL within the process: on files in a folder, or in memory. For Node
 * and Deno.
 *
 * @module
 */
export {
  FolderLost,
  openPgliteLog,
  type PgliteLog,
  type PgliteOptions,
  prepareImage,
} from "../log/pglite/mod.ts";
export type { Database, Parameter, ResultRow, Transact } from "../log/sql/database.ts";
export type { DatabaseLog } from "../log/sql/log.ts";
export type { Made, OnOtherRows } from "../log/sql/row-version.ts";
export { openDatabaseAnswers } from "../answers/database.ts";
