/** adapters/log/README.md shows the statements as they are made. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { prepare, toStatement } from "../../../adapters/log/sql/batch.ts";
import { loadStatement } from "../../../adapters/log/sql/load.ts";
import { MIGRATIONS } from "../../../adapters/log/sql/migrations.ts";
import { OPERATOR } from "../../../core/values/identity.ts";

const DOCUMENT = readFileSync(
  new URL("../../../adapters/log/README.md", import.meta.url),
  "utf8",
);

const [LOAD = "", APPEND = ""] = [...DOCUMENT.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql);

/** Without layout, and whatever the version of the rows is. */
const inOneLine = (sql: string): string =>
  sql.replaceAll(/\s+/g, " ").replaceAll(/\( | (?=\))/g, (space) => space.trim())
    .replace(/v\.version = \d+/, "v.version = 1").trim();

test("the load of a command that changes a number is the one in the document", () => {
  const rows = [{ kind: "organization", key: "self" }, {
    change: "put",
    kind: "number",
    key: "pn_1",
  }];
  const { sql, parameters } = loadStatement("acme", { rows });
  assert.equal(inOneLine(sql), inOneLine(LOAD));
  assert.equal(parameters.length, 3);
});

test("the append of one event with two rows is the one in the document", () => {
  const append = {
    organization: "acme",
    expected: { position: 5, hash: "5" },
    at: 0,
    actor: OPERATOR,
    command: null,
    events: [{ type: "Charged", version: 1, data: {} }],
    rows: [
      { change: "put", kind: "number", key: "pn_1", data: {}, work: null },
      { change: "put", kind: "charge", key: "pn_1:1", data: {}, work: null },
    ],
    claims: [],
    free: [],
  } as const;
  const { sql, parameters } = toStatement([prepare(append, append.expected)], true);
  assert.equal(inOneLine(sql), inOneLine(APPEND));
  assert.equal(parameters.length, 23);
});

test("the document has every table of the schema", () => {
  const [, table = ""] = /## The schema\n(.*?)\n## /s.exec(DOCUMENT) ?? [];
  const named = [...table.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
  const made = MIGRATIONS.flatMap(({ sql }) =>
    [...sql.matchAll(/create (?:unlogged )?table ledgerline\.(\w+)/g)].map(([, name]) => name)
  );
  assert.deepEqual(named.toSorted(), [...made, "migration"].toSorted());
});
