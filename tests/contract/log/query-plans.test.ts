/** Statements over tables that grow find what they give by an index, however much there is. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { openPool } from "../../../adapters/log/postgres/connection.ts";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { ANALYZE_NEXT, BEGIN_NEXT, INDEX_NEXT } from "../../../adapters/log/sql/rebuild-schema.ts";
import { LAGS } from "../../../adapters/log/sql/rebuild-tables.ts";
import { migrate } from "../../../adapters/log/sql/schema.ts";
import {
  COMMAND,
  DUE,
  DUE_AFTER,
  EVENTS,
  FIND_BY_INDEX,
  HEADS,
  HEADS_AFTER,
  NEXT_DUE,
  ROWS_BY_INDEX,
  SCAN,
} from "../../../adapters/log/sql/statements.ts";
import { startPostgres } from "../../support/postgres.ts";

/** Organizations with events, rows and a claim, one of them with many events; and a rebuild. */
const FILL = [
  `insert into ledgerline.event
    (organization, position, type, version, data, at, actor, command, fingerprint, size, hash)
  select 'org_' || o, p, 'Tested', 1, '{}', 1, '{}', 'command-' || p, 'f', 1, md5(o || '.' || p)
  from generate_series(1, 1500) o, generate_series(1, case when o = 7 then 3000 else 4 end) p`,
  `insert into ledgerline.state (organization, kind, key, data, automation, due)
  select 'org_' || o, kind, kind || '_' || o, '{}', 'tested', o
  from generate_series(1, 1500) o, unnest(array['number', 'order', 'plan']) kind`,
  `insert into ledgerline.claim (e164, organization, holder)
  select '+1555' || o, 'org_' || o, 'number_' || o from generate_series(1, 1500) o`,
  "analyze",
  BEGIN_NEXT,
  "insert into ledgerline_next.state select * from ledgerline.state",
  "insert into ledgerline_next.claim select * from ledgerline.claim",
  `insert into ledgerline_next.put (organization, position, hash)
  select organization, position, hash from ledgerline.event where position = 4`,
  INDEX_NEXT,
  ANALYZE_NEXT,
];

/** A statement, and a literal for each of its parameters. */
type Planned = readonly [string, ...string[]];

const STATEMENTS: Readonly<Record<string, Planned>> = {
  "logs that a rebuild has not put": [LAGS, "'org_1'", "100"],
  "the events of an organization": [EVENTS, "'org_7'", "1", "100"],
  "the events of all": [SCAN, "'org_1'", "1", "100"],
  "the events of a command": [COMMAND, "'org_7'", "'command-2'"],
  "the heads of some organizations": [HEADS, "'{org_7,org_8}'"],
  "the heads of all": [HEADS_AFTER, "'org_1'", "100"],
  "the row of a key": [FIND_BY_INDEX, "'number'", "'number_7'"],
  "rows of a range of keys": [ROWS_BY_INDEX, "'number'", "'number_'", "'number`'", "100"],
  "what is due": [DUE, "1000", "100"],
  "what is due behind an item": [DUE_AFTER, "1000", "100", "5", "'org_5'", "'plan'", "'plan_5'"],
  "when something is due next": [NEXT_DUE, "500"],
};

/** Whether a step reads a whole table; or, for a page, puts in order what an index has in order. */
const isSlow = (step: string, isPage: boolean): boolean =>
  /Seq Scan on|Hash .*Join/.test(step) || isPage && /^ *(?:-> *)?Sort *$/.test(step);

const planOf = async ({ query }: Database, [sql, ...values]: Planned): Promise<string[]> => {
  await query(`prepare planned as ${sql}`, []);
  const steps = await query(`explain (costs off) execute planned(${values.join(", ")})`, []);
  await query("deallocate planned", []);
  return steps.map((step) => step["QUERY PLAN"] ?? "");
};

const assertByIndex = async (database: Database, statement: Planned): Promise<void> => {
  const plan = await planOf(database, statement);
  const isPage = statement[0].includes("limit");
  assert.ok(plan.some((step) => step.includes("Index")), plan.join("\n"));
  assert.ok(!plan.some((step) => isSlow(step, isPage)), plan.join("\n"));
};

type Opened = { readonly database: Database; readonly close: () => Promise<void> };

const plansOn = (name: string, open: () => Promise<Opened>) =>
  describe(`in ${name}, an index finds`, { timeout: 600_000 }, () => {
    let opened: Opened | undefined;
    const database = (): Database => opened?.database ?? assert.fail("it is not open");
    before(async () => {
      opened = await open();
      for (const sql of FILL) await opened.database.query(sql, []);
    });
    after(() => opened?.close());

    for (const [what, statement] of Object.entries(STATEMENTS)) {
      test(what, () => assertByIndex(database(), statement));
    }
  });

plansOn("PGlite", async () => {
  const { database, close } = await openPgliteLog({ folder: "memory" });
  return { database, close };
});

plansOn("PostgreSQL", async () => {
  const server = await startPostgres();
  const database = openPool({ url: await server.database(), connections: 1 });
  await migrate(database);
  const close = async (): Promise<void> => {
    await database.close();
    await server.stop();
  };
  return { database, close };
});
