/** Databases on which an append never ends: it fails, and says that this is a bug. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Database, ResultRow } from "../../../adapters/log/sql/database.ts";
import { openSqlLog } from "../../../adapters/log/sql/log.ts";
import {
  appended,
  appendTo,
  newNumber,
  newOrganization,
} from "../../harness/contract/log/support.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();

const isAppend = (sql: string): boolean => sql.includes("insert into ledgerline.event");

/** A log on a database whose rows are altered on their way here. */
const openAltered = (alter: (rows: readonly ResultRow[], sql: string) => readonly ResultRow[]) => {
  let sent = 0;
  const query: Database["query"] = async (sql, parameters) => {
    if (isAppend(sql)) sent += 1;
    return alter(await database().query(sql, parameters), sql);
  };
  return { log: openSqlLog({ query }, () => Promise.resolve()), sent: () => sent };
};

const mapTexts = (alter: (text: string) => string) => (rows: readonly ResultRow[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, text]) => [name, text === null ? null : alter(text)]),
    )
  );

/** What is not given back as it was written. */
const ALTERED: Readonly<Record<string, (text: string) => string>> = {
  "without a byte order mark": (text) => text.replace(/^\uFEFF/, ""),
  "normalized": (text) => text.normalize("NFC"),
  "in lower case": (text) => text.toLowerCase(),
  "trimmed": (text) => text.trim(),
};

describe("an append", { timeout: 600_000 }, () => {
  for (const [how, alter] of Object.entries(ALTERED)) {
    for (const expected of [undefined, "any"] as const) {
      test(`fails when texts come back ${how}, ${expected ?? "at a head"}`, async () => {
        const { log, sent } = openAltered(mapTexts(alter));
        const organization = `\uFEFFA\u0301 ${newOrganization()} `;
        const append = appendTo(organization, expected && { expected });
        await assert.rejects(log.append(append), (error: Error) => {
          assert.ok(!(error instanceof Unavailable));
          assert.ok(error.message.includes(JSON.stringify(organization)), error.message);
          assert.match(error.message, /bug/);
          return true;
        });
        assert.ok(sent() <= 12, `${sent()} statements`);
        // The others are not kept waiting by it.
        const other = openAltered((rows) => rows).log;
        await appended(other, appendTo(newOrganization()));
        await log.close();
      });
    }
  }

  test("fails when its head moves with every look at it", async () => {
    let position = 0;
    const { log, sent } = openAltered((rows, sql) => {
      if (isAppend(sql)) return [];
      return sql.includes("order by h.position desc")
        ? rows.map((row) => ({ ...row, position: String(position += 1), hash: "0".repeat(64) }))
        : rows;
    });
    const organization = newOrganization();
    const { log: plain } = openAltered((rows) => rows);
    await appended(plain, appendTo(organization));
    await assert.rejects(log.append(appendTo(organization, { expected: "any" })), /bug/);
    assert.ok(sent() <= 1_001, `${sent()} statements`);
  });

  test("fails as the database failed where it takes no several numbers to get in part", async () => {
    const [error, one] = [new Error("invalid input syntax"), {
      key: newNumber(),
      holder: "pn_1",
    }];
    Object.assign(error, { code: "22P02" });
    for (const claims of [[], [one]]) {
      let sent = 0;
      const query: Database["query"] = (sql, parameters) => {
        if (!isAppend(sql)) return database().query(sql, parameters);
        sent += 1;
        return Promise.reject(error);
      };
      const log = openSqlLog({ query }, () => Promise.resolve());
      const append = appendTo(newOrganization(), { claims });
      await assert.rejects(log.append(append), (thrown) => thrown === error);
      assert.equal(sent, 1);
    }
  });

  test("fails when its outcome can never be read", { timeout: 600_000 }, async () => {
    let sent = 0;
    const query: Database["query"] = (sql, parameters) => {
      if (!isAppend(sql)) return Promise.reject(new Unavailable("the connection was lost"));
      sent += 1;
      return database().query(sql, parameters).then(() => []);
    };
    const log = openSqlLog({ query }, () => Promise.resolve());
    await assert.rejects(log.append(appendTo(newOrganization())), Unavailable);
    assert.ok(sent <= 12, `${sent} statements`);
  });
});
