import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as runner from "node:test";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { appendTo, newOrganization } from "../../harness/contract/log/support.ts";
import { eventLogContract } from "../../harness/contract/log/suite.ts";

let server: PostgresServer | undefined;

before(async () => {
  server = await startPostgres();
});
after(() => server?.stop());

eventLogContract(runner, "postgres", async () => {
  if (server === undefined) throw new Error("PostgreSQL did not start");
  return await openPostgresLog({ url: await server.database() });
});

// As behind a pooler in transaction mode, where the next statement may be another session's.
eventLogContract(runner, "postgres, without sessions", async () => {
  if (server === undefined) throw new Error("PostgreSQL did not start");
  return await openPostgresLog({ url: `${await server.database()}?prepare=false` });
});

test("the log in PostgreSQL leaves nothing in its sessions when it is to prepare nothing", async () => {
  if (server === undefined) throw new Error("PostgreSQL did not start");
  const url = `${await server.database()}?prepare=false`;
  const log = await openPostgresLog({ url, connections: 1 });
  const organization = newOrganization();
  await log.append(appendTo(organization));
  await log.load(organization, { kinds: ["number"] });
  const [left] = await log.database.query(
    `select (select count(*) from pg_prepared_statements) as statements,
      (select count(*) from pg_listening_channels()) as channels`,
    [],
  );
  assert.deepEqual({ ...left }, { statements: "0", channels: "0" });
  const sessions = await server.run(
    url.replace("?prepare=false", ""),
    `select count(*)::int as others from pg_stat_activity
      where datname = current_database() and application_name = 'ledgerline'`,
  );
  assert.deepEqual({ ...sessions[0] }, { others: 1 });
  await log.close();
});
