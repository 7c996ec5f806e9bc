/** Settings of a PostgreSQL that the log has to tolerate, or must not. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPool } from "../../../adapters/log/postgres/connection.ts";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { pause } from "../../support/pause.ts";

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

/** A database with a setting that is not the default. */
const databaseWith = async (setting: string): Promise<string> => {
  const url = await server.database();
  await server.run(url, `alter database ${new URL(url).pathname.slice(1)} set ${setting}`);
  return url;
};

const assertNotOpened = async (level: string): Promise<void> => {
  const url = await databaseWith(`default_transaction_isolation = '${level}'`);
  const refusal = new RegExp(`default_transaction_isolation is ${level}`);
  await assert.rejects(openPostgresLog({ url }), refusal);
};

describe("the log in PostgreSQL", { timeout: 600_000 }, () => {
  for (const level of ["repeatable read", "serializable"]) {
    test(`is not opened where transactions are ${level}`, () => assertNotOpened(level));
  }

  test("takes the end of a session that was idle for a lost connection", async () => {
    const url = await databaseWith("idle_session_timeout = '40ms'");
    const pool = openPool({ url, connections: 1 });
    const outcomes = new Set<string>(["answered"]);
    // Some are asked just when the server ends the session, and are answered with why it does.
    for (let index = 0; index < 60; index += 1) {
      outcomes.add(await pool.query("select 1", []).then(() => "answered", ({ name }) => name));
      const until = performance.now() + 39 + index / 24;
      await pause(36, "a little less than the time after which an idle connection is closed");
      while (performance.now() < until);
    }
    outcomes.delete("Unavailable");
    assert.deepEqual([...outcomes], ["answered"]);
    await pool.close();
  });
});
