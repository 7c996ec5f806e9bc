/** The rows of a statement that follows upon one whose rows were cut off. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPool } from "../../../adapters/log/postgres/connection.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

const FAILS_AFTER_TWO = "select 1 / (3 - x) as found from generate_series(1, 5) x";

const askTwice = async (suffix: string): Promise<void> => {
  const pool = openPool({ url: await server.database() + suffix, connections: 1 });
  for (const isLong of [false, true]) {
    await assert.rejects(pool.query(FAILS_AFTER_TWO, [], isLong), { code: "22012" });
    const two = "select 'a' as name union all select 'b' order by 1";
    const rows = await pool.query(two, [], isLong);
    assert.deepEqual(rows.map((row) => row["name"]), ["a", "b"]);
    assert.equal(rows[0]?.["name"], "a");
    assert.equal(rows.length, 2);
  }
  await pool.close();
};

for (const suffix of ["", "?prepare=false"]) {
  test(
    `the first row is the statement's own ${suffix}`,
    { timeout: 600_000 },
    () => askTwice(suffix),
  );
}

test("the first row of an append is its own", { timeout: 600_000 }, async () => {
  const pool = openPool({ url: await server.database(), connections: 2 });
  await assert.rejects(pool.query(FAILS_AFTER_TWO, [], false, 5_000), { code: "22012" });
  const rows = await pool.query("select 'a' as name", [], false, 5_000);
  assert.equal(rows[0]?.["name"], "a");
  assert.equal(rows.length, 1);
  await pool.close();
});
