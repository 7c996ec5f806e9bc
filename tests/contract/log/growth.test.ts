/** adapters/log/README.md says of everything that is kept how far it grows. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PAST } from "../../../adapters/ledger/engine/past-rows.ts";
import { MIGRATIONS } from "../../../adapters/log/sql/migrations.ts";
import { SUBJECTS } from "../../../core/registry/subjects.ts";

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

const [, section = ""] = read("adapters/log/README.md").split("\n## What grows\n");
const rows = section.split("\n## ")[0]?.split("\n").filter((line) => line.startsWith("| ")) ?? [];
const named = new Set(
  rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name)
  ),
);

const made = (sql: string): readonly string[] =>
  [...sql.matchAll(/create (?:unlogged )?table (?:if not exists )?ledgerline\.(\w+)/g)]
    .map(([, table = ""]) => table);

test("each table and each kind of row is in the list of what grows", () => {
  const tables = [
    ...MIGRATIONS.flatMap(({ sql }) => made(sql)),
    ...made(read("adapters/log/sql/schema.ts")),
    ...made(read("adapters/carrier/sandbox/sql.ts")),
  ].filter((table) => table !== "state");
  const kinds = [...SUBJECTS.map(({ kind }) => kind), ...Object.values(PAST)];
  assert.deepEqual(named, new Set([...named, ...tables, ...kinds]));
  assert.ok(tables.length >= 8 && kinds.length >= 17);
  assert.deepEqual([...named].filter((name) => ![...tables, ...kinds].includes(name ?? "")), []);
});

test("each entry of the list names a test", () => {
  for (const row of rows.slice(1)) {
    if (row.includes("---")) continue;
    assert.match(row, /\]\(\.\.\/\.\.\/tests\/[\w/.-]+\.test\.ts\)/, row);
  }
});
