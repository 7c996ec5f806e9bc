/**
 * A PostgreSQL whose role allows statements, locks and transactions little time: what takes long by
 * its nature has separate limits, and what serves callers says which limit it met.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import postgres from "postgres";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { MIGRATIONS } from "../../../adapters/log/sql/migrations.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import {
  appended,
  appendTo,
  eventsIn,
  newOrganization,
} from "../../harness/contract/log/support.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { pause } from "../../support/pause.ts";

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

/** What operators limit, and so does PostgreSQL from this version on. */
const LIMITS: Readonly<Record<string, number>> = {
  statement_timeout: 9,
  lock_timeout: 9,
  idle_in_transaction_session_timeout: 9,
  transaction_timeout: 17,
};

/** How long each is, and how long it is exceeded. */
const LIMIT = "150ms";
const EXCEEDED_SECONDS = 0.5;

const nameIn = (url: string): string => new URL(url).pathname.slice(1);

/** A database with limits, or one of them. */
const limited = async (...names: readonly string[]): Promise<string> => {
  const url = await server.database();
  const [row] = await server.run(url, "select current_setting('server_version_num') as version");
  const version = Math.floor(Number(row?.["version"]) / 10_000);
  for (const [name, since] of Object.entries(LIMITS)) {
    if (version < since || names.length > 0 && !names.includes(name)) continue;
    await server.run(url, `alter database ${nameIn(url)} set ${name} = '${LIMIT}'`);
  }
  return url;
};

const WAITING = `select from pg_locks l join pg_database d on d.oid = l.database
  where not l.granted and d.datname = current_database()`;

/** Does something that waits for what this statement locks for longer than any limit. */
const whileLocked = async <Value>(
  url: string,
  lock: string,
  work: () => Promise<Value>,
): Promise<Value> => {
  const locker = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const begun = await locker.begin(async (held) => {
      await held.unsafe(
        "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0",
      );
      await held.unsafe(
        "select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout'",
      );
      await held.unsafe(lock);
      const working = work();
      working.catch(() => {});
      let isOver = false;
      const over = working.then(() => {}, () => {}).finally(() => {
        isOver = true;
      });
      while (!isOver && (await server.run(url, WAITING)).length === 0);
      if (!isOver) await held.unsafe(`select pg_sleep(${EXCEEDED_SECONDS})`);
      void over;
      return { working };
    });
    return await begun.working;
  } finally {
    await locker.end();
  }
};

const hasNext = async (url: string): Promise<boolean> => {
  const sql = "select to_regnamespace('ledgerline_next') is not null as there";
  return (await server.run(url, sql))[0]?.["there"] === true;
};

const rebuildLimited = async (suffix: string): Promise<void> => {
  const url = await limited();
  const log = await openPostgresLog({ url: url + suffix });
  const organization = newOrganization();
  await appended(log, appendTo(organization));
  // Waits for it where it begins, while it holds the lock that keeps out others.
  const lock = "lock table ledgerline.migration in access exclusive mode";
  const done = await whileLocked(url, lock, () =>
    log.rebuild(async (next) => {
      await pause(1_000 * EXCEEDED_SECONDS, "longer than any statement may take");
      const [lag] = await next.lags("", 10);
      return lag?.organization;
    }));
  assert.equal(done, organization);
  assert.ok(!await hasNext(url));
  // And where it reads all events.
  const reading = "lock table ledgerline.event in access exclusive mode";
  const found = await whileLocked(
    url,
    reading,
    () => log.scan({ organization: "", position: 0 }, 10),
  );
  assert.equal(found.length, 1);
  await log.close();
};

const startLimited = async (): Promise<void> => {
  const url = await limited();
  await openPostgresLog({ url }).then((log) => log.close());
  await server.run(url, `delete from ledgerline.migration where version = ${MIGRATIONS.length}`);
  await server.run(
    url,
    "drop table ledgerline.webhook_key, ledgerline.delivery, ledgerline.delivery_attempt",
  );
  // The advisory lock of migrations, as another server has it that starts at the same time.
  const lock = "select pg_advisory_xact_lock(7153446201)";
  const log = await whileLocked(url, lock, () => openPostgresLog({ url }));
  await appended(log, appendTo(newOrganization()));
  await log.close();
};

const isSaid = (words: RegExp) => (error: unknown): boolean => {
  assert.ok(error instanceof Unavailable, String(error));
  assert.match(error.message, words);
  return true;
};

/** What reads meets this limit, says so, and goes on afterwards. */
const readLimited = async (name: string, words: RegExp): Promise<void> => {
  const url = await limited(name);
  const log = await openPostgresLog({ url });
  const organization = newOrganization();
  await appended(log, appendTo(organization));
  const lock = "lock table ledgerline.event in access exclusive mode";
  const { database } = log;
  const reading = () => database.query("select 1 from ledgerline.event", []);
  await assert.rejects(whileLocked(url, lock, reading), isSaid(words));
  // A statement that took too long makes no other wait, or be refused.
  assert.equal((await eventsIn(log, organization)).length, 1);
  await log.close();
};

const terminateAll = (url: string) =>
  server.run(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'ledgerline'`,
  );

/** A rebuild whose connections are all ended when it has begun, and fails. */
const breakRebuild = async (url: string, log: PostgresLog): Promise<void> => {
  const broken = log.rebuild(async (next) => {
    assert.ok(await hasNext(url));
    await terminateAll(url);
    await next.lags("", 10);
  });
  await assert.rejects(
    broken,
    isSaid(/^the (?:database ended the connection|connection to the database was lost): /),
  );
};

describe("a PostgreSQL whose limits are short", { timeout: 600_000 }, () => {
  for (const suffix of ["", "?prepare=false"]) {
    test(`is rebuilt without them ${suffix}`, () => rebuildLimited(suffix));
  }
  test("is migrated without them", startLimited);

  const called = /^the database called a statement off: .*statement timeout/;
  test("says that a statement took longer than statement_timeout", () =>
    readLimited("statement_timeout", called));
  test("says that a lock took longer than lock_timeout", () =>
    readLimited("lock_timeout", /^the database did not give a lock in time: .*lock timeout/));
  test("says that a transaction took longer than transaction_timeout", async () => {
    const url = await server.database();
    const known = "select from pg_settings where name = 'transaction_timeout'";
    if ((await server.run(url, known)).length === 0) return;
    // The server ends the connection with it, and the driver rarely passes on the reason.
    const words =
      /^the (?:database ended a transaction for its time|connection to the database was lost): /;
    await readLimited("transaction_timeout", words);
  });
});

describe("a rebuild whose connections are ended", { timeout: 600_000 }, () => {
  test("says so, and leaves what the next start drops", async () => {
    const url = await server.database();
    const log = await openPostgresLog({ url });
    await appended(log, appendTo(newOrganization()));
    await breakRebuild(url, log);
    assert.ok(await hasNext(url));
    await openPostgresLog({ url }).then((other) => other.close());
    assert.ok(!await hasNext(url));
    await log.rebuild(async (next) => {
      assert.equal((await next.lags("", 10)).length, 1);
    });
    assert.ok(!await hasNext(url));
    await log.close();
  });

  test("keeps no start waiting where a statement of it goes on", async () => {
    const url = await server.database();
    const log = await openPostgresLog({ url });
    await breakRebuild(url, log);
    const going = postgres(url, { max: 1, onnotice: () => {} });
    await going.begin(async (held) => {
      await held.unsafe("lock table ledgerline_next.put in access share mode");
      await openPostgresLog({ url }).then((other) => other.close());
      assert.ok(await hasNext(url));
    });
    await going.end();
    await openPostgresLog({ url }).then((other) => other.close());
    assert.ok(!await hasNext(url));
    await log.close();
  });

  test("is left alone by a start while it is under way", async () => {
    const url = await server.database();
    const log = await openPostgresLog({ url });
    await log.rebuild(async (next) => {
      await openPostgresLog({ url }).then((other) => other.close());
      assert.ok(await hasNext(url));
      await next.lags("", 10);
    });
    assert.ok(!await hasNext(url));
    await log.close();
  });
});
