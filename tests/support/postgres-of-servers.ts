import { after } from "node:test";
import { filePostgres } from "./on-postgres.ts";
import type { PostgresServer } from "./postgres.ts";
import { removeServers } from "./server.ts";

/** Runs a PostgreSQL while the tests of a file run, and ends all servers of theirs before it. */
export const postgresOfServers = (): () => PostgresServer => {
  after(removeServers);
  return filePostgres();
};
