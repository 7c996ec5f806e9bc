/** Rows and claims that were written past the log: a check names each, in either database. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { check, exportLog } from "../../adapters/cli/commands.ts";
import { rebuildAll, rebuildOrganization } from "../../adapters/ledger/rebuild/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { openAudit } from "../../adapters/log/sql/audit.ts";
import type { DatabaseLog } from "../../adapters/log/sql/log.ts";
import { postgresLogs } from "../support/on-postgres.ts";
import { openTestApp, type TestApp } from "../support/app.ts";
import { TAMPERINGS } from "./tamperings.ts";

const all = async (log: DatabaseLog, organization?: string) => {
  const lines: string[] = [];
  const differences = await check(log, openAudit(log.database), organization, (line) => {
    lines.push(line);
  });
  const summary = lines.pop() ?? "";
  assert.equal(lines.length, differences);
  assert.match(
    summary,
    differences === 0
      ? /^\d+ rows and claims of \d+ organizations: all are what the log says$/
      : /^\d+ rows and claims of \d+ organizations: \d+ differences\. /,
  );
  // Rows are made from the log as it is: where that is wrong, the error does not suggest a rebuild.
  const isOfLog = lines.some((line) => /: the (log|event at position) /.test(line));
  if (isOfLog) assert.match(summary, /of the log itself: restore a backup/);
  else if (differences > 0) assert.match(summary, /"ledgerline rebuild" makes them anew/);
  return lines;
};

/** As adapters/runtimes/README.md says, of `ledgerline check`. */
const NOT_COVERED = [
  "answer",
  "clock",
  "delivery",
  "delivery_attempt",
  "lease",
  "migration",
  "rate",
  "row_version",
  "sandbox_order",
  "token_use",
  "webhook_key",
];

const fits = (line: string | undefined, said: string | RegExp): boolean =>
  line !== undefined && (typeof said === "string" ? line === said : said.test(line));

type Run = (sql: string) => Promise<void>;

const testUnreadable = (theLog: () => DatabaseLog, run: Run): void => {
  test("export and rebuild name an event that cannot be read", async () => {
    const data = "update ledgerline.event set data =";
    await run(`${data} '{' || data where organization = 'acme' and position = 3`);
    const reason =
      /^UnreadableEvent: the event of "acme" at position 3 cannot be read: its data is/;
    const printed: string[] = [];
    await assert.rejects(exportLog(theLog(), "acme", (line) => printed.push(line)), reason);
    assert.equal(printed.length, 2);
    await assert.rejects(rebuildAll(theLog()), reason);
    await assert.rejects(rebuildOrganization(theLog(), "acme"), reason);
    await run(`${data} substr(data, 2) where organization = 'acme' and position = 3`);
    assert.deepEqual(await all(theLog()), []);
  });
};

const testColumns = (theLog: () => DatabaseLog, run: Run): void => {
  test("every column of every table is checked, or not covered as a whole table", async () => {
    const columns = await theLog().database.query(
      `select table_name, column_name, data_type from information_schema.columns
        where table_schema = 'ledgerline' order by 1, ordinal_position`,
      [],
    );
    let checked = 0;
    for (const { table_name: table, column_name: column, data_type: type } of columns) {
      if (NOT_COVERED.includes(table ?? "")) continue;
      await run(`create table ledgerline.kept as table ledgerline.${table}`);
      const other = column === "fingerprint"
        ? "null"
        : type === "text"
        ? `${column} || 'x'`
        : type === "ARRAY"
        ? `array_append(${column}, 'x')`
        : `${column} + 1000`;
      await run(`update ledgerline.${table} set ${column} = ${other} where ctid = (
        select ctid from ledgerline.${table}
        where organization = 'acme' and ${column} is not null limit 1
      )`);
      assert.notEqual((await all(theLog())).length, 0, `${table}.${column}`);
      await run(`delete from ledgerline.${table}`);
      await run(`insert into ledgerline.${table} table ledgerline.kept`);
      await run("drop table ledgerline.kept");
      checked += 1;
    }
    assert.equal(checked, 28);
    assert.deepEqual(await all(theLog()), []);
  });
};

const suite = (name: string, open: () => Promise<DatabaseLog>): void => {
  describe(name, () => {
    const made: { log?: DatabaseLog; app?: TestApp } = {};
    const theLog = (): DatabaseLog => made.log ?? assert.fail("no log");
    const run = async (sql: string): Promise<void> => {
      await theLog().database.query(sql, []);
    };

    before(async () => {
      made.log = await open();
      made.app = openTestApp({ log: made.log });
      const token = await made.app.organization("acme");
      const body = { phoneNumber: "+14155550101", teamId: "acme" };
      const asked = { token, body, headers: { "idempotency-key": "order-1" } };
      const { status } = await made.app.request("POST", "/api/phone-numbers/purchase", asked);
      assert.equal(status, 200);
      const caller = await made.app.ledger.authenticate(token) ?? assert.fail();
      const [number] = await made.app.ledger.numbers.list(caller);
      await made.app.ledger.assign(caller, "agent", [number?.holding.id ?? ""]);
      await made.app.organization("other");
    });
    after(() => made.app?.close());

    test("every read equals the log, for all organizations and for one", async () => {
      assert.deepEqual(await all(theLog()), []);
      assert.deepEqual(await all(theLog(), "acme"), []);
    });

    for (const [what, { sql, says }] of Object.entries(TAMPERINGS)) {
      test(`${what}: reported, and no longer once it is undone`, async () => {
        for (const table of ["state", "claim", "event", "listed"]) {
          await run(`create table ledgerline.kept_${table} as table ledgerline.${table}`);
        }
        try {
          for (const statement of sql) await run(statement);
          const lines = (await all(theLog())).toSorted();
          assert.equal(lines.length, says.length, lines.join("\n"));
          for (const [place, said] of says.entries()) {
            assert.ok(fits(lines[place], said), `${lines[place]} is not ${said}`);
          }
          assert.doesNotMatch(lines.join("\n"), /secret-hash|99000000/);
        } finally {
          for (const table of ["state", "claim", "event", "listed"]) {
            await run(`delete from ledgerline.${table}`);
            await run(`insert into ledgerline.${table} table ledgerline.kept_${table}`);
            await run(`drop table ledgerline.kept_${table}`);
          }
        }
        assert.deepEqual(await all(theLog()), []);
      });
    }

    testUnreadable(theLog, run);
    testColumns(theLog, run);

    test("servers that append meanwhile cause no differences", async () => {
      const app = made.app ?? assert.fail("no app");
      let isOver = false;
      const writing = (async () => {
        for (let count = 0; !isOver; count += 1) {
          const body = { name: `Acme ${count}`, plan: "Growth" };
          await app.admin("PUT", "/admin/organizations/acme", body);
        }
      })();
      for (let round = 0; round < 10; round += 1) assert.deepEqual(await all(theLog()), []);
      isOver = true;
      await writing;
    });
  });
};

suite("PGlite", () => openPgliteLog({ folder: "memory" }));

suite("PostgreSQL", postgresLogs());
