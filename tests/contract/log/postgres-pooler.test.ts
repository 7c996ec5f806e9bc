/** The log behind a pooler that is there wherever the tests run. */
import { after, before, describe } from "node:test";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import type { Pooler } from "../../support/pgbouncer.ts";
import { startPooler } from "../../support/pooler.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { type OpenTwo, twoPooledLogs } from "./pooled.ts";

let server: PostgresServer;
const poolers: Pooler[] = [];

const openTwo: OpenTwo = async () => {
  const url = await server.database();
  const pooler = await startPooler(url);
  poolers.push(pooler);
  const open = () => openPostgresLog({ url: pooler.of(url) });
  return await Promise.all([open(), open()]);
};

before(async () => {
  server = await startPostgres();
});
after(async () => {
  for (const pooler of poolers) await pooler.stop();
  await server.stop();
});

describe("two logs behind a pooler", { timeout: 600_000 }, () => twoPooledLogs(openTwo));
