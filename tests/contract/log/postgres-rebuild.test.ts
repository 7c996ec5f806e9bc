/** A rebuild of a database that others use meanwhile, and what may come in its way. */
import { installTrunk } from "../../harness/sip.ts";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import postgres from "postgres";
import type { Caller, Ledger } from "../../../adapters/ledger/mod.ts";
import { rebuildAll } from "../../../adapters/ledger/rebuild/mod.ts";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { untilReached } from "../../support/eventually.ts";
import { openIdleLedger } from "../../support/ledger.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { assertReplayed } from "../../support/replayed.ts";
import { startRebuilder } from "./processes.ts";

let server: PostgresServer | undefined;

const theServer = (): PostgresServer => {
  if (server === undefined) throw new Error("PostgreSQL did not start");
  return server;
};

const callerOf = (organization: string): Caller => ({
  organization,
  actor: { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice Johnson" },
});

const TRUNK = { sipTrunk: "trunk-1" };

const NUMBERS: readonly E164[] = ["+14155550001", "+14155550002", "+14155550003"];

/**
 * Takes and gives back numbers that others want as well, until `isOver`. Returns how often it did.
 */
const competeForNumbers = async (
  ledger: Ledger,
  organization: string,
  isOver: () => boolean,
): Promise<number> => {
  const caller = callerOf(organization);
  let done = 0;
  for (let turn = 0; !isOver(); turn++) {
    const e164 = NUMBERS[turn % NUMBERS.length] ?? "+1";
    // A server that is not answered in time, as on a busy machine, and finds that another has the
    // number now, cannot say whether its import is committed: its caller repeats the command.
    const once = { commandId: `import-${turn}` };
    const imported = await untilReached(() => ledger.import(caller, { e164, via: TRUNK }, once));
    if (!imported.ok) {
      const taken = ["NUMBER_ALREADY_OWNED", "NUMBER_ALREADY_YOURS"];
      assert.ok(taken.includes(imported.error.code), JSON.stringify(imported));
      continue;
    }
    const { id } = imported.value.holding;
    const label = `turn ${turn}`;
    const routed = await untilReached(() => ledger.route(caller, id, { label }));
    assert.ok(routed.ok, JSON.stringify(routed));
    let asked = 0;
    const released = await untilReached(() => {
      asked += 1;
      return ledger.release(caller, id);
    });
    const isRepeated = asked > 1 && !released.ok && released.error.code === "NUMBER_UNKNOWN";
    assert.ok(released.ok || isRepeated, JSON.stringify(released));
    done += 1;
  }
  return done;
};

const openOrganizations = async (ledger: Ledger, names: readonly string[]): Promise<void> => {
  for (const name of names) {
    const opened = await ledger.operator.open(name, { name, plan: "Scale" });
    assert.ok(opened.ok, JSON.stringify(opened));
    assert.ok((await installTrunk(ledger, name, TRUNK.sipTrunk)).ok);
  }
};

/** How the tables and indexes are defined. */
const definitions = async ({ database }: PostgresLog) =>
  await database.query(
    `
    select c.relname, c.relkind, c.reloptions::text, c.relacl::text, obj_description(c.oid) as comment,
      pg_get_indexdef(x.indexrelid) as index, pg_get_constraintdef(k.oid) as rule,
      (select json_agg(json_build_array(attname, atttypid::regtype, attnotnull, attcollation) order by attnum)
        from pg_attribute a where a.attrelid = c.oid and attnum > 0) as columns
    from pg_class c left join pg_index x on x.indexrelid = c.oid
    left join pg_constraint k on k.conindid = c.oid and k.contype in ('p', 'u')
    where c.relnamespace = 'ledgerline'::regnamespace order by c.relname`,
    [],
  );

const leftovers = async ({ database }: PostgresLog): Promise<number> =>
  (await database.query("select from pg_namespace where nspname = 'ledgerline_next'", [])).length;

/** Runs `work` with a separate database, in which three organizations are open. */
const withDatabase = async (
  work: (at: { url: string; log: PostgresLog; ledger: Ledger }) => Promise<void>,
): Promise<void> => {
  const url = await theServer().database();
  const log = await openPostgresLog({ url });
  const ledger = openIdleLedger(log);
  try {
    await openOrganizations(ledger, ["acme", "initech", "umbrella"]);
    await work({ url, log, ledger });
  } finally {
    await ledger.close();
  }
};

const serving = (): void => {
  test("servers go on while all rows are rebuilt, and nothing is lost", () =>
    withDatabase(async ({ url, log, ledger }) => {
      const other = openIdleLedger(await openPostgresLog({ url }));
      const organizations = ["acme", "initech", "umbrella", "hooli"];
      await openOrganizations(other, ["hooli"]);
      await log.database.query("grant select on ledgerline.state to public", []);
      const before = await definitions(log);
      let isOver = false;
      const competing = organizations.map((organization, index) =>
        competeForNumbers(index % 2 === 0 ? ledger : other, organization, () => isOver)
      );
      // Rows that are wrong, of an organization that does nothing meanwhile.
      const idle = { name: "Idle", plan: "Scale" };
      await ledger.operator.open("idle", idle);
      await log.database.query(
        "update ledgerline.state set data = '{}' where organization = 'idle'",
        [],
      );
      const rebuilder = await openPostgresLog({ url });
      for (let round = 0; round < 3; round++) await rebuildAll(rebuilder);
      await rebuilder.close();
      isOver = true;
      const done = await Promise.all(competing);
      assert.ok(done.some((count) => count > 0), `${done}`);
      await assertReplayed(log, NUMBERS);
      assert.deepEqual(await definitions(log), before);
      assert.equal(await leftovers(log), 0);
      await other.close();
    }));
};

const narrow = (): void => {
  test("a rebuild goes on where the log has one connection, and appends wait in it", () =>
    withDatabase(async ({ url }) => {
      const log = await openPostgresLog({ url, connections: 1 });
      const ledger = openIdleLedger(log);
      let isOver = false;
      const competing = competeForNumbers(ledger, "acme", () => isOver);
      for (let round = 0; round < 3; round++) await rebuildAll(log);
      isOver = true;
      assert.ok(await competing > 0);
      await assertReplayed(log, NUMBERS);
      await ledger.close();
    }));
};

const waiting = (): void => {
  test("a rebuild lets servers go on while a long read keeps it from swapping", () =>
    withDatabase(async ({ url, log, ledger }) => {
      const reader = postgres(url, { max: 1, onnotice: () => {} });
      const rebuilder = await openPostgresLog({ url });
      let rebuilding: Promise<unknown> = Promise.resolve();
      await reader.begin(async (read) => {
        await read`select from ledgerline.state`;
        rebuilding = rebuildAll(rebuilder);
        for (let blocked = false; !blocked;) {
          const [row] = await log.database.query(
            "select from pg_locks where not granted and relation = 'ledgerline.state'::regclass",
            [],
          );
          blocked = row !== undefined;
        }
        const caller = callerOf("acme");
        const imported = await ledger.import(caller, { e164: "+14155550001", via: TRUNK });
        assert.ok(imported.ok);
      });
      await rebuilding;
      await rebuilder.close();
      await reader.end();
      await assertReplayed(log, NUMBERS);
    }));
};

/**
 * Notes how far a transaction waits for its commit, whenever one of the next rows' tables is
 * filled.
 */
const TELLING = [
  "create table public.told (relation text, setting text)",
  `create function public.tell() returns trigger language plpgsql as $$
  begin
    insert into public.told values (tg_table_name, current_setting('synchronous_commit'));
    return null;
  end $$`,
  ...["put", "claim"].map((table) =>
    `create trigger tell after insert on ledgerline_next.${table} execute function public.tell()`
  ),
];

const syncing = (): void => {
  test("a swap is synced to the disk, though nothing is that was put before", () =>
    withDatabase(async ({ log }) => {
      await log.rebuild(async (next) => {
        for (const statement of TELLING) await log.database.query(statement, []);
        const [lag] = await next.lags("", 1);
        assert.ok(lag !== undefined);
        const { organization, put: from, head } = lag;
        await next.swap(() =>
          next.put([{ organization, from, head, rows: [], taken: [], freed: [] }])
        );
      });
      // The claims that came late are added by the swap itself.
      assert.deepEqual(
        (await log.database.query("select relation, setting from public.told", []))
          .map(({ relation, setting }) => `${relation} ${setting}`),
        ["put off", "claim on"],
      );
    }));
};

const failing = (): void => {
  test("a rebuild whose connections are cut changes nothing, and can be begun again", () =>
    withDatabase(async ({ url, log }) => {
      const rebuilder = await openPostgresLog({ url });
      const cut = rebuilder.rebuild(async (next) => {
        await next.lags("", 10);
        await log.database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and state = 'idle in transaction'`,
          [],
        );
        await next.swap(() => Promise.resolve());
      });
      await assert.rejects(cut);
      await assertReplayed(log);
      await rebuildAll(rebuilder);
      await assertReplayed(log);
      await rebuilder.close();
    }));

  test("a rebuild is given up when the schema is migrated meanwhile", () =>
    withDatabase(async ({ log }) => {
      const migrated = log.rebuild(async (next) => {
        await log.database.query("insert into ledgerline.migration values (999)", []);
        await next.swap(() => Promise.resolve());
      });
      await assert.rejects(migrated, /the schema was migrated during the rebuild/);
      await assertReplayed(log);
    }));

  for (const where of ["put", "swap"] as const) {
    test(`a rebuild that is killed at its ${where} is in the way of another no longer`, () =>
      withDatabase(async ({ url, log, ledger }) => {
        const killed = await startRebuilder(url, where);
        await assert.rejects(rebuildAll(log), /^Error: another rebuild is under way/);
        await killed.kill();
        await openOrganizations(ledger, ["hooli"]);
        for (let isFree = false; !isFree;) {
          // PostgreSQL detects that the process no longer exists.
          isFree = await rebuildAll(log).then(() => true, (error: Error) => {
            assert.match(error.message, /^another rebuild is under way/);
            return false;
          });
        }
        await assertReplayed(log);
        assert.equal(await leftovers(log), 0);
      }));
  }
};

describe("a rebuild on PostgreSQL", { timeout: 600_000 }, () => {
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  serving();
  narrow();
  waiting();
  syncing();
  failing();
});
