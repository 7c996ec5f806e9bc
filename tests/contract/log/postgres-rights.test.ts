/** What the user of a PostgreSQL must be allowed to do, as adapters/runtimes/README.md has it. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openSqlOrderBook } from "../../../adapters/carrier/sandbox/sql.ts";
import { rebuildAll } from "../../../adapters/ledger/rebuild/mod.ts";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { openIdleLedger } from "../../support/ledger.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

/**
 * Runs `work` with the name of a new role of the database, and the URL with which it comes there.
 */
const withRole = async (
  url: string,
  work: (role: string, url: string) => Promise<void>,
): Promise<void> => {
  const role = `role_${new URL(url).pathname.slice(1)}`;
  const own = new URL(url);
  [own.username, own.password] = [role, "secret"];
  await server.run(url, `create role ${role} login password 'secret'`);
  try {
    await work(role, own.href);
  } finally {
    await server.run(url, `drop owned by ${role} cascade`);
    await server.run(url, `drop role ${role}`);
  }
};

/** Does what a server does: leases, sells, appends, reads and recomputes rows. */
const serve = async (log: PostgresLog, name: string): Promise<void> => {
  const orders = await openSqlOrderBook(log.database);
  const order = { e164: "+12125550101", connectionId: null, orderedAt: 1, machineOrderedAt: 2 };
  const sale = await orders.take(name, { ...order, e164: "+12125550101" });
  if (sale !== null) assert.equal(await orders.release(sale, 0), "released");
  const keys = [{ organization: name, kind: "number", key: "pn_1" }];
  assert.deepEqual(await log.leases?.take(keys, 1_000), keys);
  const ledger = openIdleLedger(log);
  const caller = { organization: name, actor: { kind: "operator" } } as const;
  assert.ok((await ledger.operator.open(name, { name, plan: "Growth" })).ok);
  const e164 = "+14155550101";
  const bought = await ledger.purchase(caller, { e164 });
  assert.ok(bought.ok);
  assert.ok((await ledger.release(caller, bought.value.number.holding.id)).ok);
  const { head, rows } = await log.load(name, { kinds: ["organization"] });
  assert.equal(rows.length, 1);
  assert.equal(await log.replaceRows(name, head, rows, []), true);
  const issued = await ledger.operator.issueToken(name, {
    email: "alice@example.com",
    name: "Alice Johnson",
    sandbox: false,
  });
  assert.ok(issued.ok && await ledger.authenticate(issued.value.token) !== null);
  const page = await ledger.operator.tokens(name);
  assert.ok(page !== null && page.tokens.every(({ lastUsedAt }) => lastUsedAt !== null));
  assert.ok((await ledger.operator.revokeToken(issued.value.id)).ok);
};

describe("a user of PostgreSQL", { timeout: 600_000 }, () => {
  test("makes, serves and rebuilds with CREATE on the database alone", async () => {
    const url = await server.database();
    await withRole(url, async (role, own) => {
      await server.run(
        url,
        `grant create on database ${new URL(url).pathname.slice(1)} to ${role}`,
      );
      const log = await openPostgresLog({ url: own });
      await serve(log, "acme");
      assert.ok((await rebuildAll(log)).events > 0);
      await log.close();
    });
  });

  test("serves with rights on the tables alone, where another has made them", async () => {
    const url = await server.database();
    const maker = await openPostgresLog({ url });
    await openSqlOrderBook(maker.database);
    await withRole(url, async (role, own) => {
      await server.run(url, `grant usage on schema ledgerline to ${role}`);
      // As if the last steps, which make tables, came after the role had its rights.
      await server.run(
        url,
        `drop table ledgerline.listed, ledgerline.answer, ledgerline.token_use,
          ledgerline.webhook_key, ledgerline.delivery, ledgerline.delivery_attempt`,
      );
      await server.run(url, "drop index ledgerline.state_tags, ledgerline.state_order");
      await server.run(url, "create index state_list on ledgerline.state (organization)");
      await server.run(url, "delete from ledgerline.migration where version >= 9");
      const rights = "select, insert, update, delete";
      await server.run(url, `grant ${rights} on all tables in schema ledgerline to ${role}`);
      await openPostgresLog({ url }).then((migrated) => migrated.close());
      const log = await openPostgresLog({ url: own });
      await serve(log, "acme");
      await assert.rejects(rebuildAll(log), Unavailable);
      await rebuildAll(maker);
      await serve(log, "initech");
      await log.close();
    });
    await maker.close();
  });
});
