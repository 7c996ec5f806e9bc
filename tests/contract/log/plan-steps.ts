/** Plans of statements, read for what a test expects of them. */
import assert from "node:assert/strict";
import type { Database, Parameter, Statement } from "../../../adapters/log/sql/database.ts";

const quoted = (value: string | null): string => value === null ? "null" : `'${value}'`;

const literal = (value: Parameter): string =>
  Array.isArray(value)
    ? `array[${value.map(quoted).join(", ")}]::text[]`
    : quoted(value === null ? null : String(value));

/** What a search found, and a page for each set of tags, must be put in order. */
const hasOrderToMake = (sql: string): boolean => /from found s|= t\.tags/.test(sql);

/** Whether a step reads a whole table; or, for a page, puts in order what an index has in order. */
const isSlow = (step: string, sql: string): boolean =>
  /Seq Scan on (?:event|state|claim|put|listed|answer|token_use|delivery\w*)\b/.test(step) ||
  sql.includes("limit") && (/Hash .*Join/.test(step) ||
      !hasOrderToMake(sql) && /^ *(?:-> *)?Sort *$/.test(step));

/** The steps of the plan that a session makes of a statement that it has prepared. */
export const planOf = async (
  { query }: Database,
  { sql, parameters }: Statement,
): Promise<string[]> => {
  const values = parameters.length === 0 ? "" : `(${parameters.map(literal).join(", ")})`;
  await query(`prepare planned as ${sql}`, []);
  const steps = await query(`explain (costs off) execute planned${values}`, []);
  await query("deallocate planned", []);
  return steps.map((step) => step["QUERY PLAN"] ?? "");
};

/** Asserts that the statement is found by these indexes, and by no reading of a whole table. */
export const assertByIndex = async (
  database: Database,
  statement: Statement,
  indexes: readonly string[],
): Promise<void> => {
  const plan = await planOf(database, statement);
  const used = plan.flatMap((step) =>
    /Index(?: Only)? Scan(?: Backward)? (?:using|on) (\w+)/.exec(step)?.[1] ?? []
  );
  for (const index of indexes) assert.ok(used.includes(index), plan.join("\n"));
  assert.ok(plan.some((step) => step.includes("Index")), plan.join("\n"));
  assert.ok(!plan.some((step) => isSlow(step, statement.sql)), plan.join("\n"));
  if (!statement.sql.includes("= t.tags")) return;
  // Of each set of tags, no more is put in order than a page has.
  assert.match(
    plan.join("\n"),
    /-> +Limit\n(?: +InitPlan .*\n +-> .*\n)* +-> +Index (?:Only )?Scan .*using state_tags/,
  );
};
