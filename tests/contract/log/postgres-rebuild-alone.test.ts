/** What a rebuild on PostgreSQL leaves as it was, and what it says when it is not the only one. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { NextRows } from "../../../core/ports/mod.ts";
import {
  appended,
  appendTo,
  changesOf,
  newOrganization,
  rowOf,
} from "../../harness/contract/log/support.ts";
import { gate } from "../../support/gate.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

/** Puts how far each log is, and of its rows nothing but this one. */
const putAll = async (next: NextRows, data: unknown): Promise<void> => {
  for (const { organization, put, head } of await next.lags("", 1_000)) {
    const rows = changesOf({ rows: [rowOf("a", data)] });
    await next.put([{ organization, from: put, head, rows, taken: [], freed: [] }]);
  }
};

/** Takes the connection away that keeps other rebuilds out. */
const terminateHolder = (url: string) =>
  server.run(
    url,
    `select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
      where l.locktype = 'advisory' and d.datname = current_database()`,
  );

const dataOf = async (log: PostgresLog, organization: string): Promise<readonly unknown[]> =>
  (await log.load(organization, { kinds: ["number"] })).rows.map(({ data }) => data);

const leaving = (): void => {
  test("fails with what its work throws, which is not an error of the database", async () => {
    const notices: string[] = [];
    const log = await openPostgresLog({
      url: await server.database(),
      onUnavailable: (why) => notices.push(why),
    });
    const enough = new Error("enough");
    await assert.rejects(log.rebuild(() => Promise.reject(enough)), enough);
    await assert.rejects(log.rebuild((next) => next.swap(() => Promise.reject(enough))), enough);
    const second = log.rebuild(() => log.rebuild(() => Promise.resolve()));
    await assert.rejects(second, (error) => {
      assert.ok(!(error instanceof Unavailable));
      assert.match(String(error), /^Error: another rebuild is under way$/);
      return true;
    });
    assert.deepEqual(notices, []);
    await log.close();
    await assert.rejects(log.rebuild(() => Promise.resolve()), /closed/);
  });

  test("leaves the tables to who owned them, with what was granted on them meanwhile", async () => {
    const url = await server.database();
    const log = await openPostgresLog({ url });
    const role = `owner_${new URL(url).pathname.slice(1)}`;
    await server.run(url, `create role ${role} login password 'secret'`);
    await server.run(url, `alter schema ledgerline owner to ${role}`);
    const tables = await server.run(
      url,
      "select tablename from pg_tables where schemaname = 'ledgerline'",
    );
    for (const { tablename } of tables) {
      await server.run(url, `alter table ledgerline.${tablename} owner to ${role}`);
    }
    const owned = new URL(url);
    [owned.username, owned.password] = [role, "secret"];
    const owner = await openPostgresLog({ url: owned.href });
    const grants = `select relname, pg_get_userbyid(relowner) as owner, relacl::text as grants
      from pg_class where relnamespace = 'ledgerline'::regnamespace order by relname`;
    const organization = newOrganization();
    const rows = [rowOf("a", "before")];
    const { head } = await appended(owner, appendTo(organization, { rows }));
    const given = await log.rebuild(async (next) => {
      const grant = "grant select, update on ledgerline.state to pg_monitor with grant option";
      await server.run(owned.href, grant);
      const before = await server.run(url, grants);
      await next.swap(() => putAll(next, "rebuilt"));
      return before;
    });
    assert.deepEqual(await server.run(url, grants), given);
    assert.deepEqual(await dataOf(owner, organization), ["rebuilt"]);
    const later = { expected: head, rows: [rowOf("a", "after")] };
    await appended(owner, appendTo(organization, later));
    assert.deepEqual(await dataOf(owner, organization), ["after"]);
    await Promise.all([owner.close(), log.close()]);
    await server.run(url, `drop owned by ${role} cascade`);
    await server.run(url, `drop role ${role}`);
  });
};

const losing = (): void => {
  test("touches nothing of another that began when its own lock was lost", async () => {
    const url = await server.database();
    const [one, other] = [await openPostgresLog({ url }), await openPostgresLog({ url })];
    const organization = newOrganization();
    await appended(one, appendTo(organization));
    const [begun, isLost, ended] = [gate(), gate(), gate()];
    const lost = one.rebuild(async (next) => {
      await putAll(next, "lost");
      begun.open();
      await isLost.opened;
      await assert.rejects(putAll(next, "lost"), Unavailable);
      await assert.rejects(next.swap(() => Promise.resolve()), Unavailable);
      ended.open();
    });
    const isTold = assert.rejects(lost, Unavailable);
    await begun.opened;
    await terminateHolder(url);
    await isTold;
    await other.rebuild(async (next) => {
      await putAll(next, "rebuilt");
      isLost.open();
      await ended.opened;
      await next.swap(() => putAll(next, "rebuilt"));
    });
    assert.deepEqual(await dataOf(one, organization), ["rebuilt"]);
    await Promise.all([one.close(), other.close()]);
  });

  test("lets no other begin between its last look at its lock and its swap", async () => {
    const url = await server.database();
    const [one, other] = [await openPostgresLog({ url }), await openPostgresLog({ url })];
    const organization = newOrganization();
    await appended(one, appendTo(organization));
    const ended = gate();
    let next: Promise<unknown> = Promise.resolve();
    const lost = one.rebuild(async (rows) => {
      await putAll(rows, "rebuilt");
      await rows.swap(async () => {
        await terminateHolder(url);
        next = other.rebuild(() => Promise.resolve());
        for (let isWaiting = false; !isWaiting;) {
          const waiting = `select from pg_locks l join pg_database d on d.oid = l.database
            where not l.granted and d.datname = current_database()`;
          isWaiting = (await server.run(url, waiting)).length > 0;
        }
      });
      ended.open();
    });
    await assert.rejects(lost, Unavailable);
    await ended.opened;
    await next;
    assert.deepEqual(await dataOf(other, organization), ["rebuilt"]);
    await Promise.all([one.close(), other.close()]);
  });
};

describe("a rebuild on PostgreSQL", { timeout: 600_000 }, () => {
  leaving();
  losing();
});
