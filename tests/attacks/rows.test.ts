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

/** What is done to the database, how it is undone, and the line or lines that name it. */
const TAMPERINGS: Readonly<
  Record<string, { readonly sql: readonly string[]; readonly says: readonly (string | RegExp)[] }>
> = {
  "a token is inserted": {
    sql: [`insert into ledgerline.state (organization, kind, key, data)
      values ('acme', 'token', 'tk_evil', '{"id":"tk_evil","hash":"secret-hash"}')`],
    says: ['"acme": "token" "tk_evil" is there, and no event leads to it'],
  },
  "a balance is changed": {
    sql: [`update ledgerline.state
      set data = jsonb_set(data::jsonb, '{credits,micros}', '99000000')::text
      where organization = 'acme' and kind = 'organization'`],
    says: [/^"acme": "organization" "[^"]+" differs from its log in credits$/],
  },
  "a number is deleted": {
    sql: ["delete from ledgerline.state where organization = 'acme' and kind = 'number'"],
    says: [/^"acme": "number" "pn_\w+" is not there, and its log leads to it$/],
  },
  "a renewal is postponed": {
    sql: [`update ledgerline.state set due = due + 1
      where organization = 'acme' and kind = 'number'`],
    says: [/^"acme": "number" "pn_\w+" differs from its log in \(due\)$/],
  },
  "an automation is removed from its list": {
    sql: [`update ledgerline.state set automation = null, due = null
      where organization = 'acme' and kind = 'number'`],
    says: [/^"acme": "number" "pn_\w+" differs from its log in \(automation\), \(due\)$/],
  },
  "a number is listed as another's, under other tags": {
    sql: [`update ledgerline.state set grp = 'other', tags = E'\\nworld:live\\n'
      where organization = 'acme' and kind = 'number'`],
    says: [/^"acme": "number" "pn_\w+" differs from its log in \(listing\)$/],
  },
  "a number is in no list": {
    sql: [`update ledgerline.state set sort = null, grp = null, tags = null, texts = null
      where organization = 'acme' and kind = 'number'`],
    says: [/^"acme": "number" "pn_\w+" differs from its log in \(listing\)$/],
  },
  "a token is listed": {
    sql: [`update ledgerline.state set grp = 'agent'
      where organization = 'acme' and kind = 'token'`],
    says: [/^"acme": "token" "tk_\w+" differs from its log in \(listing\)$/],
  },
  "a row of an unknown kind is inserted": {
    sql: [`insert into ledgerline.state (organization, kind, key, data)
      values ('acme', 'backdoor', E'a\\nb', 'not JSON')`],
    says: ['"acme": "backdoor" "a\\nb" is there, and no event leads to it'],
  },
  "a row is not JSON": {
    sql: [`update ledgerline.state set data = 'x'
      where organization = 'acme' and kind = 'token'`],
    says: [/^"acme": "token" "[^"]+" differs from its log in data$/],
  },
  "a claim is added, and one is moved": {
    sql: [
      "insert into ledgerline.claim values ('+14155559999', 'acme', 'pn_evil')",
      "update ledgerline.claim set holder = 'pn_evil' where e164 = 'sandbox:+14155550101'",
    ],
    says: [
      '"acme": "claim" "+14155559999" is there, and no event leads to it',
      '"acme": "claim" "sandbox:+14155550101" differs from its log in holder',
    ],
  },
  "a claim is deleted": {
    sql: ["delete from ledgerline.claim where e164 = 'sandbox:+14155550101'"],
    says: ['"acme": "claim" "sandbox:+14155550101" is not there, and its log leads to it'],
  },
  "rows and claims are inserted for organizations that have no log": {
    sql: [
      `insert into ledgerline.state (organization, kind, key, data)
        values ('ghost', 'token', 'tk_ghost', '{}'), ('aaa', 'token', 'tk_aaa', '{}')`,
      "insert into ledgerline.claim values ('+14155558888', 'phantom', 'pn_1')",
    ],
    says: [
      '"aaa": "token" "tk_aaa" is there, and no event leads to it',
      '"ghost": "token" "tk_ghost" is there, and no event leads to it',
      '"phantom": "claim" "+14155558888" is there, and no event leads to it',
    ],
  },
  "an event is changed": {
    sql: [`update ledgerline.event set at = at + 1 where organization = 'acme' and position = 2`],
    says: [
      '"acme": the log cannot be followed: the event at position 2 does not fit its hash and ' +
      "the event before it",
    ],
  },
  ...Object.fromEntries(
    [["data", "{"], ["data", ""], ["data", '1],[{"a":2'], ["actor", "{"], ["actor", "{}\\n{}"]].map(
      (
        [column, value],
      ) => [
        `an event's ${column} is not JSON (${value}), and a row of another organization differs`,
        {
          sql: [
            `update ledgerline.event set ${column} = E'${value}'
          where organization = 'acme' and position = 3`,
            "delete from ledgerline.state where organization = 'other' and kind = 'token'",
          ],
          says: [
            '"acme": the log cannot be followed: the event of "acme" at position 3 cannot be read: ' +
            `its ${column} is not JSON`,
            /^"other": "token" "[^"]+" is not there, and its log leads to it$/,
          ],
        },
      ],
    ),
  ),
  "an event's hash would end the list of them": {
    sql: [`update ledgerline.event set hash = 'a","b'
      where organization = 'acme' and position = 3`],
    says: [/^"acme": the log cannot be followed: the event at position 3 does not fit its hash/],
  },
  "a command is said to have had more events": {
    sql: [`update ledgerline.event set size = size + 1 where position = (
      select min(position) from ledgerline.event where organization = 'acme' and size is not null
    ) and organization = 'acme'`],
    says: [/^"acme": the event at position \d+ is not marked with its command as .*: size$/],
  },
  "a command is no longer known": {
    sql: [`update ledgerline.event set size = null, fingerprint = null where position = (
      select min(position) from ledgerline.event where organization = 'acme' and size is not null
    ) and organization = 'acme'`],
    says: [/^"acme": the event at position \d+ is not marked .*: size, fingerprint$/],
  },
  "an event without a command is marked with one": {
    sql: [`update ledgerline.event set size = 1 where position = (
      select min(position) from ledgerline.event where organization = 'acme' and command is null
    ) and organization = 'acme'`],
    says: [/^"acme": the event at position \d+ is not marked .*: size$/],
  },
  "an event is deleted": {
    sql: ["delete from ledgerline.event where organization = 'acme' and position = 2"],
    says: ['"acme": the log cannot be followed: position 2 is missing: the next event is at 3'],
  },
};

/** As adapters/runtimes/README.md says, of `ledgerline check`. */
const NOT_COVERED = ["clock", "lease", "migration", "rate", "row_version", "sandbox_order"];

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
    assert.equal(checked, 24);
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
        for (const table of ["state", "claim", "event"]) {
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
          for (const table of ["state", "claim", "event"]) {
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
