/** A purchase at a database that is stopped while the carrier has it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import { until } from "../support/eventually.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { run } from "./session.ts";

let postgres: PostgresServer;
before(async () => {
  postgres = await startPostgres();
});
after(() => postgres.stop());

test("a purchase that Ctrl-C stops is made once, however often it is asked for again", {
  timeout: 600_000,
}, async () => {
  const url = await postgres.database();
  await (await openPostgresLog({ url })).close();
  const environment = {
    DATABASE_URL: url,
    LEDGERLINE_ORGANIZATION: "acme",
    PURCHASE_WAIT_MS: "60000",
  };
  await run(["organization", "open", "acme", "--plan", "Growth"], environment);
  // Confirmed by the carrier three seconds after it was ordered.
  const words = ["buy", "+14155550113", "--yes"];
  const stopping = new AbortController();
  const buying = run(words, environment, { stopped: stopping.signal });
  const orders = "select e164 from ledgerline.sandbox_order";
  await until(async () => (await postgres.run(url, orders)).length === 1);
  stopping.abort();
  const { status, err } = await buying;
  const [, key = ""] = /with --key (\S+) has it done once/.exec(err) ?? [];
  assert.equal(status, 130, err);
  for (let again = 0; again < 2; again += 1) {
    const { status, out, err } = await run([...words, "--key", key], environment);
    assert.equal(status, 0, err);
    assert.match(out.join("\n"), /^STATUS +(?:active|purchasing)$/m);
  }
  assert.equal((await postgres.run(url, orders)).length, 1);
  assert.equal((await run(["list", "--json"], environment)).out.length, 1);
});
