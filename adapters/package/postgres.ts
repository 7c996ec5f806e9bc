/**
 * The log in a PostgreSQL of one's own, which any number of servers may share.
 *
 * @module
 */
export { openPostgresLog, type PostgresLog, type PostgresOptions } from "../log/postgres/mod.ts";
export type { Database, Parameter, ResultRow, Transact } from "../log/sql/database.ts";
export type { DatabaseLog } from "../log/sql/log.ts";
export type { Made, OnOtherRows } from "../log/sql/row-version.ts";
