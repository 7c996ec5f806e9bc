import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as runner from "node:test";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { type Proxy, startProxy } from "../../support/proxy.ts";
import type { LogFaults } from "../../harness/contract/log/faults.ts";
import { appendTo, newOrganization } from "../../harness/contract/log/support.ts";
import { eventLogContract } from "../../harness/contract/log/suite.ts";

let server: PostgresServer | undefined;

before(async () => {
  server = await startPostgres();
});
/** Before the server. */
let line: Proxy | undefined;

after(async () => {
  await line?.stop();
  await server?.stop();
});

const open = async () => {
  if (server === undefined) throw new Error("PostgreSQL did not start");
  line = await startProxy(await server.database());
  return await openPostgresLog({ url: line.url });
};

/** Which way of the data is cut: what is asked, or what is answered. */
const CUT = { lostBefore: "to the server", lostAfter: "to the client" } as const;

const faults = (): LogFaults => {
  const proxy = line ?? assert.fail("the proxy did not start");
  return {
    begin: (fault) => {
      if (fault === "noConnection") proxy.close();
      else proxy.decide((way) => way === CUT[fault] ? "cut" : "arrives");
    },
    end: () => {
      proxy.decide(() => "arrives");
      proxy.open();
    },
  };
};

eventLogContract(runner, "postgres", open, { faults });

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
