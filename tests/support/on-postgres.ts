import { after, before } from "node:test";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import type { DatabaseLog } from "../../adapters/log/sql/log.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";

/**
 * Runs a PostgreSQL while the tests of a file run; the returned function opens a log in a new
 * database of it, in a hook or a test.
 */
export const postgresLogs = (): () => Promise<DatabaseLog> => {
  let server: PostgresServer | undefined;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());
  return async () => {
    if (server === undefined) throw new Error("PostgreSQL does not run yet");
    return await openPostgresLog({ url: await server.database() });
  };
};
