/** A PostgreSQL that answers, and does not take what is written. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { appended, appendTo, eventsIn } from "../../harness/contract/log/support.ts";
import { until } from "../../support/eventually.ts";
import { pause } from "../../support/pause.ts";

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

/** A log, and its notices of unavailability; `name` is that of its database. */
const openWatched = async (suffix = "") => {
  const url = await server.database();
  const name = new URL(url).pathname.slice(1);
  await openPostgresLog({ url }).then((log) => log.close());
  const notices: string[] = [];
  const log = await openPostgresLog({
    url: url + suffix,
    isMigrated: true,
    onUnavailable: (why) => notices.push(why),
    onAvailable: () => notices.push("available"),
  });
  return { url, name, notices, log };
};

const write = (organization: string) => appendTo(organization, { expected: "any" });

const assertRefused = async (log: PostgresLog, how: RegExp): Promise<void> => {
  const isSaid = (error: unknown): boolean => {
    assert.ok(error instanceof Unavailable, String(error));
    assert.match(error.message, how);
    return true;
  };
  await assert.rejects(log.append(write("acme")), isSaid);
  await assert.rejects(log.writable?.() ?? Promise.resolve(), isSaid);
};

const untilAvailable = async (notices: readonly string[]): Promise<void> => {
  await until(() => notices.at(-1) === "available");
};

const DISK_IS_FULL = `
  create function public.full() returns trigger language plpgsql as $$
    begin raise 'could not extend file' using errcode = '53100'; end $$;
  create trigger full_disk before insert on ledgerline.event
    for each row when (new.organization <> 'little') execute function public.full();
  create function public.full_for_all() returns event_trigger language plpgsql as $$
    begin raise 'could not extend file' using errcode = '53100'; end $$;
  create event trigger full_for_all on ddl_command_start
    when tag in ('CREATE TABLE AS') execute function public.full_for_all()`;

const fillDisk = async (suffix: string): Promise<void> => {
  const { url, notices, log } = await openWatched(suffix);
  await server.run(url, DISK_IS_FULL);
  for (let turn = 0; turn < 20; turn++) {
    await assertRefused(log, /no space.*could not extend file/);
    // Neither a read nor a write that finds a little space shows that there is enough.
    await appended(log, write("little"));
    assert.equal((await eventsIn(log, "little")).length, turn + 1);
  }
  // A disk that was looked at again, and is still full.
  await pause(1_500, "the disk is looked at in it, and nothing is said of what stayed as it was");
  await assertRefused(log, /no space/);
  assert.equal(notices.length, 1, notices.join("; "));
  await server.run(url, "drop event trigger full_for_all");
  await server.run(url, "drop trigger full_disk on ledgerline.event");
  await untilAvailable(notices);
  await log.writable?.();
  await appended(log, write("acme"));
  assert.equal(notices.length, 2, notices.join("; "));
  await log.close();
};

const standBy = async (): Promise<void> => {
  const { url, name, notices, log } = await openWatched();
  await appended(log, write("acme"));
  await server.run(url, `alter database ${name} set default_transaction_read_only = on`);
  await server.run(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = '${name}' and application_name = 'ledgerline'`,
  );
  // Until the sessions are new ones, which do not write.
  while (await log.writable?.().then(() => true, (error) => !/read-only/.test(String(error))));
  await assertRefused(log, /read-only/);
  assert.equal((await eventsIn(log, "acme")).length, 1);
  await server.run(
    url,
    `set transaction read write; alter database ${name} reset default_transaction_read_only`,
  );
  await untilAvailable(notices);
  await log.writable?.();
  await appended(log, write("acme"));
  const lines = notices.filter((what) => what.includes("read-only"));
  assert.equal(lines.length, 1, notices.join("; "));
  await log.close();
};

const withdrawRights = async (): Promise<void> => {
  const { url, notices, log } = await openWatched("?role=pg_read_all_data");
  const isSaid = (error: Error): boolean => {
    assert.ok(error instanceof Unavailable);
    assert.match(error.message, /lacks a right.*insert on event/);
    return true;
  };
  await assert.rejects(log.writable?.() ?? Promise.resolve(), isSaid);
  await assertRefused(log, /lacks a right/);
  const grant = "grant insert, update, delete on all tables in schema ledgerline";
  await server.run(url, `${grant} to pg_read_all_data`);
  await untilAvailable(notices);
  await log.writable?.();
  await appended(log, write("acme"));
  assert.equal(notices.length, 2, notices.join("; "));
  await log.close();
};

const haveNoPlace = async (): Promise<void> => {
  const url = await server.database();
  const name = new URL(url).pathname.slice(1);
  await openPostgresLog({ url }).then((log) => log.close());
  await server.run(url, `create role few_${name} login password 'secret' connection limit 3`);
  await server.run(url, `grant usage on schema ledgerline to few_${name}`);
  const rights = "select, insert, update, delete on all tables in schema ledgerline";
  await server.run(url, `grant ${rights} to few_${name}`);
  const own = new URL(url);
  [own.username, own.password] = [`few_${name}`, "secret"];
  const notices: string[] = [];
  const log = await openPostgresLog({
    url: own.href,
    isMigrated: true,
    onUnavailable: (why) => notices.push(why),
    onAvailable: () => notices.push("available"),
  });
  await appended(log, write("acme"));
  for (let turn = 0; turn < 5; turn++) {
    await Promise.allSettled(Array.from({ length: 12 }, () => eventsIn(log, "acme")));
    await eventsIn(log, "acme").catch(() => {});
  }
  assert.equal(notices.length, 1, notices.join("; "));
  assert.match(notices[0] ?? "", /takes no more connections/);
  await log.close();
  await server.run(url, `drop owned by few_${name} cascade`);
  await server.run(url, `drop role few_${name}`);
};

describe("a PostgreSQL that takes no writes", { timeout: 120_000, concurrency: true }, () => {
  for (const suffix of ["", "?prepare=false"]) {
    test(`since its disk is full is Unavailable until it has space again ${suffix}`, () =>
      fillDisk(suffix));
  }
  test("since it is a standby says so before anything is written, and goes on", standBy);
  test(
    "since rights are missing names them before anything is written, and goes on",
    withdrawRights,
  );
  test("and has no place for more connections reports it once, and answers", haveNoPlace);
});
