/**
 * The log in your own PostgreSQL, which any number of servers may share.
 *
 * @module
 */
export { openPostgresLog, type PostgresLog, type PostgresOptions } from "../log/postgres/mod.ts";
export type { Database, Parameter, ResultRow, Transact } from "../log/sql/database.ts";
export type { DatabaseLog } from "../log/sql/log.ts";
export type { Made, OnOtherRows } from "../log/sql/row-version.ts";
export { openDatabaseAnswers } from "../answers/database.ts";
