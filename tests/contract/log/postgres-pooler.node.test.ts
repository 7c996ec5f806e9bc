/** The log behind a real pooler in transaction mode, which nobody told it of. */
import assert from "node:assert/strict";
import * as runner from "node:test";
import { after, before, describe, test } from "node:test";
import { followAll } from "../../../adapters/ledger/following.ts";
import { rebuildAll } from "../../../adapters/ledger/rebuild.ts";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { appendTo, newOrganization } from "../../harness/contract/log/support.ts";
import { eventLogContract } from "../../harness/contract/log/suite.ts";
import { openIdleLedger } from "../../support/ledger.ts";
import { type Pooler, startPgbouncer } from "../../support/pgbouncer.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { findProgram } from "../../support/program.ts";
import { assertReplayed } from "../../support/replayed.ts";

const NO_POOLER = "NO PGBOUNCER FOUND: set PGBOUNCER_PATH, or put pgbouncer on the PATH";

const program = findProgram(["pgbouncer"], "PGBOUNCER_PATH");

/** Longer than any test takes. */
const LONG_MS = 600_000;

let server: PostgresServer;
let pooler: Pooler;

const start = async (): Promise<void> => {
  server = await startPostgres();
  pooler = await startPgbouncer(program ?? "", await server.database());
};

const stop = async (): Promise<void> => {
  await pooler.stop();
  await server.stop();
};

const open = (url: string): Promise<PostgresLog> => openPostgresLog({ url: pooler.of(url) });

/** Runs `work` with two logs on a new database. */
const withTwo = (work: (one: PostgresLog, other: PostgresLog) => Promise<void>) => async () => {
  const url = await server.database();
  const [one, other] = await Promise.all([open(url), open(url)]);
  try {
    await work(one, other);
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
};

const sharing = (): void => {
  test(
    "lease to one holder at a time",
    withTwo(async (one, other) => {
      const keys = [{ organization: newOrganization(), kind: "number", key: "pn_1" }];
      assert.deepEqual(await one.leases?.take(keys, LONG_MS), keys);
      assert.deepEqual(await other.leases?.take(keys, LONG_MS), []);
      await one.leases?.end(keys);
      assert.deepEqual(await other.leases?.take(keys, LONG_MS), keys);
    }),
  );

  test(
    "follow what the other appends, though they hear nothing of it",
    withTwo(async (one, other) => {
      const organizations = Array.from({ length: 20 }, () => newOrganization());
      const followed = new Set<string>();
      const ending = new AbortController();
      const following = (async () => {
        for await (
          const { organization } of followAll(other, { pollMs: 100, signal: ending.signal })
        ) {
          followed.add(organization);
          if (organizations.every((each) => followed.has(each))) ending.abort();
        }
      })();
      for (const each of organizations) await one.append(appendTo(each));
      await following;
    }),
  );

  test(
    "leave nothing in the sessions",
    withTwo(async (one) => {
      await Promise.all(Array.from({ length: 60 }, () => one.load("acme", { kinds: ["number"] })));
      const [left] = await one.database.query(
        `select (select count(*) from pg_prepared_statements) as statements,
        (select count(*) from pg_listening_channels()) as channels`,
        [],
      );
      assert.deepEqual({ ...left }, { statements: "0", channels: "0" });
    }),
  );

  test(
    "rebuild while the other serves",
    withTwo(async (one, other) => {
      const ledger = openIdleLedger(other);
      const caller = { organization: "acme", actor: { kind: "operator" } } as const;
      await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
      let isOver = false;
      const serving = (async (): Promise<void> => {
        for (let turn = 0; !isOver; turn++) {
          await ledger.operator.nameAssistant("acme", { assistant: "as_1", name: `Turn ${turn}` });
        }
      })();
      assert.ok((await ledger.purchase(caller, { e164: "+14155550101" })).ok);
      for (let round = 0; round < 3; round++) await rebuildAll(one);
      isOver = true;
      await serving;
      await assertReplayed(one, ["+14155550101"]);
    }),
  );
};

describe("behind PgBouncer", { skip: program === null && NO_POOLER, timeout: 240_000 }, () => {
  before(start);
  after(stop);

  eventLogContract(runner, "pooled postgres", async () => open(await server.database()));

  describe("two logs", sharing);
});
