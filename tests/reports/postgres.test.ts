/** Public reports about logs in PostgreSQL: held commits, several servers, terminated sessions. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import postgres from "postgres";
import type { Ledger } from "../../adapters/ledger/mod.ts";
import { followAll } from "../../adapters/ledger/feed/follow.ts";
import { rebuildAll } from "../../adapters/ledger/rebuild/mod.ts";
import { openPostgresLog, type PostgresLog } from "../../adapters/log/postgres/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { money } from "../../core/values/money.ts";
import { appendTo, eventsIn, newOrganization } from "../harness/contract/log/support.ts";
import { until, untilReached } from "../support/eventually.ts";
import { openIdleLedger } from "../support/ledger.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { pause } from "../support/pause.ts";

let server: PostgresServer | undefined;

const theServer = (): PostgresServer => {
  if (server === undefined) throw new Error("PostgreSQL did not start");
  return server;
};

const append = async (log: EventLog, organization: string, index: number): Promise<void> => {
  const { outcome } = await log.append(appendTo(organization, {
    expected: "any",
    command: { id: `c-${index}`, fingerprint: "f" },
    events: [{ type: "Tested", version: 1, data: { index } }],
  }));
  assert.ok(outcome === "appended" || outcome === "repeated");
};

/** Uses logs on one database, and a connection of a superuser's beside them. */
const withLogs = async (
  count: number,
  use: (logs: readonly PostgresLog[], url: string, sql: postgres.Sql) => Promise<void>,
): Promise<void> => {
  const url = await theServer().database();
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const logs: PostgresLog[] = [];
  for (let index = 0; index < count; index++) logs.push(await openPostgresLog({ url }));
  try {
    await use(logs, url, sql);
  } finally {
    await Promise.all(logs.map((log) => log.close()));
    await sql.end();
  }
};

/** A dollar, in millionths. */
const ONE = 1_000_000;

const GATE = 4_711;

/**
 * Makes commits of one organization wait, at their very end, for as long as a session holds the
 * gate.
 */
const holdCommitsOf = (sql: postgres.Sql, organization: string) =>
  sql.unsafe(`
    create function public.wait_at_the_gate() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock_shared(${GATE}); return null; end $$;
    create constraint trigger gate after insert on ledgerline.event
      deferrable initially deferred for each row
      when (new.organization = '${organization}') execute function public.wait_at_the_gate();
    select pg_advisory_lock(${GATE})`);

const isWaiting = async (sql: postgres.Sql): Promise<boolean> => {
  const waiting = await sql`
    select from pg_locks where locktype = 'advisory' and objid = ${GATE} and not granted`;
  return waiting.length > 0;
};

const OTHERS = 200;

before(async () => {
  server = await startPostgres();
});
after(() => server?.stop());

// https://github.com/event-driven-io/emmett/issues/336,
// https://github.com/JasperFx/marten/issues/4964 and
// https://github.com/Eventuous/eventuous/issues/222
test("a log in PostgreSQL hides nothing from a follower of all when a commit is held while others commit", () =>
  withLogs(3, async ([here, one, other], _, sql) => {
    assert.ok(here && one && other);
    const [slow, quick] = [newOrganization(), newOrganization()];
    await append(one, slow, 0);
    await holdCommitsOf(sql, slow);
    const received: string[] = [];
    const following = (async () => {
      for await (const { organization, events } of followAll(here, { pollMs: 20 })) {
        for (const { position } of events) received.push(`${organization} ${position}`);
        if (received.length === 2 + OTHERS) return;
      }
    })();
    // It is given again as long as it is held: the log gives up what others hold for some seconds.
    const held = untilReached(() => append(one, slow, 1));
    await until(() => isWaiting(sql));
    for (let index = 0; index < OTHERS; index++) await append(other, quick, index);
    // All others are notified while the commit is still held.
    await until(() => received.length >= 1 + OTHERS);
    assert.ok(!received.includes(`${slow} 2`));
    await sql`select pg_advisory_unlock(${GATE})`;
    await held;
    await following;
    const positions = (organization: string, count: number) =>
      Array.from({ length: count }, (_each, index) => `${organization} ${index + 1}`);
    assert.deepEqual(
      received.toSorted(),
      [...positions(slow, 2), ...positions(quick, OTHERS)].toSorted(),
    );
  }));

// https://github.com/Eventuous/eventuous/issues/582
test("a log in PostgreSQL has each acknowledged one of 20 parallel commands on two servers", () =>
  withLogs(2, async ([one, other]) => {
    assert.ok(one && other);
    const organization = newOrganization();
    const indexes = Array.from({ length: 20 }, (_, index) => index);
    const sent = await Promise.allSettled(
      indexes.map((index) => append(index % 2 === 0 ? one : other, organization, index)),
    );
    const acknowledged = indexes.filter((index) => sent[index]?.status === "fulfilled");
    assert.ok(acknowledged.length > 0);
    const kept = (await eventsIn(one, organization)).map(({ data }) =>
      (data as { readonly index: number }).index
    );
    assert.deepEqual(kept.toSorted((a, b) => a - b), acknowledged);
  }));

// https://github.com/porsager/postgres/issues/1186 and
// https://github.com/porsager/postgres/issues/1215
test("a log in PostgreSQL hangs no caller when sessions are terminated in a rebuild under load, and recovers", () =>
  withLogs(2, async ([one, other], _, sql) => {
    assert.ok(one && other);
    const [ledger, beside] = [openIdleLedger(one), openIdleLedger(other)];
    const organizations = ["acme", "globex", "initech", "umbrella"];
    for (const name of organizations) {
      assert.ok((await ledger.operator.open(name, { name, plan: "Prepaid" })).ok);
    }
    let isOver = false;
    /** Adds dollars one by one, retrying each until it succeeds; returns how many. */
    const pay = async (organization: string, { operator }: Ledger): Promise<number> => {
      let count = 0;
      for (; !isOver; count++) {
        const once = { commandId: `dollar-${count}` };
        await untilReached(() => operator.addCredits(organization, { amount: money(ONE) }, once));
      }
      return count;
    };
    const rebuild = async () => {
      while (!isOver) await rebuildAll(other).catch(() => {});
    };
    const terminate = async () => {
      for (let round = 0; round < 8; round++) {
        await pause(100, "connections are opened again in it");
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`;
      }
      isOver = true;
    };
    const payers = organizations.map((each, place) => pay(each, place % 2 === 0 ? ledger : beside));
    const [, , ...paid] = await Promise.all([rebuild(), terminate(), ...payers]);
    await untilReached(() => rebuildAll(other));
    for (const [place, organization] of organizations.entries()) {
      const found = await ledger.operator.organization(organization);
      assert.equal(found?.credits.micros, (paid[place] ?? 0) * ONE, organization);
    }
  }));
