import { after, before } from "node:test";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import type { DatabaseLog } from "../../adapters/log/sql/log.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";

/** Runs a PostgreSQL while the tests of a file run; gives it in a hook or a test. */
export const filePostgres = (): () => PostgresServer => {
  let server: PostgresServer | undefined;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());
  return () => {
    if (server === undefined) throw new Error("PostgreSQL does not run yet");
    return server;
  };
};

/** The same for logs: opens one in a new database of it. */
export const postgresLogs = (): () => Promise<DatabaseLog> => {
  const server = filePostgres();
  return async () => await openPostgresLog({ url: await server().database() });
};
