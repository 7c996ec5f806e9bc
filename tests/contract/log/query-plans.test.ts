/** Statements over tables that grow find what they give by an index, however much there is. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { openPool } from "../../../adapters/log/postgres/connection.ts";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { listStatement } from "../../../adapters/log/sql/listing.ts";
import { LAGS } from "../../../adapters/log/sql/rebuild-tables.ts";
import { migrate } from "../../../adapters/log/sql/schema.ts";
import { ABOUT, BEGINNINGS } from "../../../adapters/log/sql/statements.ts";
import { startPostgres } from "../../support/postgres.ts";
import { FILL } from "./filled.ts";
import { assertByIndex, planOf } from "./plan-steps.ts";
import { BEHIND_ITEM, STATEMENTS } from "./planned-statements.ts";

type Opened = { readonly database: Database; readonly close: () => Promise<void> };

/** The planner learns how few rows there are. */
const ANALYZE = [
  "event",
  "state",
  "claim",
  "listed",
  "answer",
  "token_use",
  "delivery",
  "delivery_attempt",
].map((table) => `analyze ledgerline.${table}`);

type Planning = {
  /** Whether its indexes do not depend on how much there is (`PLANNING`). */
  readonly isFixed: boolean;
  /** What happened to the tables before the statements are prepared. */
  readonly made: readonly string[];
  /** Statements that are not looked at. */
  readonly without: readonly string[];
};

/**
 * A session may plan a statement for its values, and plans one that it has had five times for any
 * values: what is planned while tables are new is used until there is very much in them.
 */
const plansOn = (name: string, { isFixed, made, without }: Planning, open: () => Promise<Opened>) =>
  describe(`in ${name}, an index finds`, { timeout: 600_000 }, () => {
    let opened: Opened | undefined;
    const database = (): Database => opened?.database ?? assert.fail("it is not open");
    before(async () => {
      opened = await open();
      for (const sql of made) await opened.database.query(sql, []);
    });
    after(() => opened?.close());

    for (const mode of isFixed ? [null] : ["custom", "generic"]) {
      describe(mode === null ? "by its plan" : `by a ${mode} plan`, () => {
        before(async () => {
          if (mode !== null) {
            await database().query(`set plan_cache_mode = force_${mode}_plan`, []);
          }
        });

        for (const [what, [statement, ...indexes]] of Object.entries(STATEMENTS)) {
          if (without.includes(statement.sql)) continue;
          test(what, () => assertByIndex(database(), statement, isFixed ? indexes : []));
        }
        test("a page of a search and its count, which reads the texts once", async () => {
          const parts = [{ text: 1, part: "xt 42" }];
          const page = { limit: 20, isCounted: true };
          const plan = await planOf(
            database(),
            listStatement("org_listed", "number", { parts }, page),
          );
          const text = plan.join("\n");
          assert.equal(text.match(/Scan using state_tags /g)?.length, 1, text);
          assert.doesNotMatch(text, /Seq Scan on state|Bitmap/);
        });
        test("where a page of what is due begins", async () => {
          const plan = await planOf(database(), BEHIND_ITEM);
          assert.match(plan.join("\n"), /Index Cond: .*due >= /);
        });
      });
    }
  });

const openPgliteHere = async (): Promise<Opened> => {
  const { database, close } = await openPgliteLog({ folder: "memory" });
  return { database, close };
};

const openPostgresHere = (isDirect: boolean) => async (): Promise<Opened> => {
  const server = await startPostgres();
  const database = openPool({ url: await server.database(), connections: 1, isDirect });
  await migrate(database);
  const close = async (): Promise<void> => {
    await database.close();
    await server.stop();
  };
  return { database, close };
};

const FILLED = { isFixed: true, made: FILL, without: [] };
/** A rebuild is not under way. */
const NEW = { isFixed: true, made: [], without: [LAGS] };
/** With few events, their order is as good an index: it is planned again where they become more. */
const FEW = { isFixed: true, made: ANALYZE, without: [LAGS, ABOUT, BEGINNINGS] };

plansOn("PGlite", FILLED, openPgliteHere);
plansOn("PGlite whose tables are new", NEW, openPgliteHere);
plansOn("PGlite whose tables are known to be empty", FEW, openPgliteHere);
plansOn("PostgreSQL", FILLED, openPostgresHere(true));
plansOn("PostgreSQL whose tables are new", NEW, openPostgresHere(true));
plansOn("PostgreSQL whose tables are known to be empty", FEW, openPostgresHere(true));
plansOn("PostgreSQL behind a pooler", { ...FILLED, isFixed: false }, openPostgresHere(false));
