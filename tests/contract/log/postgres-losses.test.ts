/** The log in PostgreSQL while connections are lost: nothing is lost, nothing is there twice. */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { EMPTY_HEAD, verifyChain } from "../../../core/log/chain.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { digest } from "../../../adapters/log/digest.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { type Fate, type Proxy, startProxy, type Way } from "../../support/proxy.ts";
import { seededRandom } from "../../harness/emulators/telnyx/faults.ts";
import {
  appendTo,
  appendUntilDone,
  eventsIn,
  headOf,
  newOrganization,
} from "../../harness/contract/log/support.ts";
import { until, untilReached } from "../../support/eventually.ts";

const CALLERS = 10;
const APPENDS = 300;
/** So many are begun between two troubles, so that some get through on a machine however slow. */
const BETWEEN = 20;

/** What a caller knows of its appends by the number in their events. */
type Known = { readonly done: Set<number>; readonly unknown: Set<number> };

/** Writes until `until`, each append with its own number, in each of the ways there are. */
const write = async (
  log: EventLog,
  organization: string,
  known: Known,
  next: () => number | null,
): Promise<void> => {
  for (let index = next(); index !== null; index = next()) {
    const append = appendTo(organization, {
      expected: index % 3 === 0 ? "any" : EMPTY_HEAD,
      command: index % 2 === 0 ? { id: `c-${index}`, fingerprint: "f" } : null,
      events: [{ type: "Tested", version: 1, data: { index } }],
    });
    try {
      const { outcome } = await appendUntilDone(log, append);
      assert.equal(outcome, "appended");
      known.done.add(index);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      known.unknown.add(index);
    }
  }
};

const assertOnce = async (
  log: EventLog,
  organization: string,
  { done, unknown }: Known,
): Promise<void> => {
  // Its backends may have been terminated a moment ago.
  const events = await untilReached(() => eventsIn(log, organization));
  const head = await untilReached(() => headOf(log, organization));
  assert.deepEqual(verifyChain(events, EMPTY_HEAD, digest), { ok: true, value: head });
  const found = events.map(({ data }) => (data as { readonly index: number }).index);
  assert.equal(new Set(found).size, found.length, "an append is there twice");
  for (const index of done) assert.ok(found.includes(index), `append ${index} is lost`);
  for (const index of found) assert.ok(done.has(index) || unknown.has(index), String(index));
};

/**
 * Writes from many callers to a few organizations, with `trouble` after every few appends. Gives
 * how many were acknowledged.
 */
const writeAll = async (log: EventLog, trouble: () => Promise<void>): Promise<number> => {
  const organizations = Array.from({ length: 5 }, () => newOrganization());
  const known = organizations.map((): Known => ({ done: new Set(), unknown: new Set() }));
  let taken = 0;
  const next = (): number | null => taken < APPENDS ? taken++ : null;
  let writing = true;
  const untilMore = (before: number): Promise<void> =>
    until(() => !writing || taken >= before + BETWEEN);
  const troubled = (async (): Promise<void> => {
    while (writing) {
      await trouble();
      await untilMore(taken);
    }
  })();
  await Promise.all(Array.from({ length: CALLERS }, (_, caller) => {
    const place = caller % organizations.length;
    const [organization, notes] = [organizations[place], known[place]];
    assert.ok(organization !== undefined && notes !== undefined);
    return write(log, organization, notes, next);
  })).finally(() => {
    writing = false;
  });
  await troubled;
  for (const [place, organization] of organizations.entries()) {
    await assertOnce(log, organization, known[place] ?? assert.fail());
  }
  return known.reduce((sum, { done }) => sum + done.size, 0);
};

let server: PostgresServer | undefined;
let url = "";
let proxy: Proxy | undefined;

before(async () => {
  server = await startPostgres();
  url = await server.database();
  proxy = await startProxy(url);
});
after(async () => {
  await proxy?.stop();
  await server?.stop();
});

describe("the log in PostgreSQL", { timeout: 600_000 }, () => {
  test("loses nothing and doubles nothing when its backends are terminated", async () => {
    const log = await openPostgresLog({ url });
    const terminate = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'ledgerline'`;
    let terminated = 0;
    const done = await writeAll(log, async () => {
      terminated += (await server?.run(url, terminate))?.length ?? 0;
    });
    assert.ok(terminated > 0);
    assert.ok(done > APPENDS / 4, `only ${done} were acknowledged`);
    await log.close();
  });

  test("loses nothing and doubles nothing when the network cuts its connections", async () => {
    assert.ok(proxy !== undefined);
    const seed = Number(process.env["SEED"] ?? randomInt(2 ** 31));
    console.log(`cuts drawn from SEED=${seed}`);
    const random = seededRandom(seed);
    const log = await openPostgresLog({ url: proxy.url });
    const cuts: Record<Way, number> = { "to the server": 0, "to the client": 0 };
    proxy.decide((way): Fate => {
      if (random() > 0.01) return "arrives";
      cuts[way] += 1;
      return random() < 0.5 ? "cut" : "arrives, then cut";
    });
    const done = await writeAll(log, () => Promise.resolve());
    proxy.decide(() => "arrives");
    assert.ok(cuts["to the server"] > 0 && cuts["to the client"] > 0);
    assert.ok(done > APPENDS / 4, `only ${done} were acknowledged`);
    await log.close();
  });
});

describe("the log in a PostgreSQL that is away", { timeout: 600_000 }, () => {
  test("says Unavailable while nothing answers, and goes on when it does", async () => {
    assert.ok(proxy !== undefined);
    const notices: string[] = [];
    const log = await openPostgresLog({
      url: proxy.url,
      onUnavailable: () => notices.push("unavailable"),
      onAvailable: () => notices.push("available"),
    });
    const organization = newOrganization();
    proxy.close();
    await Promise.all([
      assert.rejects(log.append(appendTo(organization)), Unavailable),
      assert.rejects(log.load(organization, {}), Unavailable),
      assert.rejects(log.health(), Unavailable),
    ]);
    assert.deepEqual(notices, ["unavailable"]);
    proxy.open();
    // It may be known to be away until it was looked at again.
    await until(() => notices.length >= 2);
    assert.equal((await log.append(appendTo(organization))).outcome, "appended");
    assert.equal((await eventsIn(log, organization)).length, 1);
    assert.deepEqual(notices, ["unavailable", "available"]);
    await log.close();
  });

  test("says so, and goes on, also where the handler throws", async () => {
    assert.ok(proxy !== undefined);
    const notices: string[] = [];
    const failing = (what: string) => () => {
      notices.push(what);
      throw new Error("nobody is there to be notified");
    };
    const log = await openPostgresLog({
      url: proxy.url,
      onUnavailable: failing("unavailable"),
      onAvailable: failing("available"),
    });
    const organization = newOrganization();
    proxy.close();
    await assert.rejects(log.health(), Unavailable);
    await assert.rejects(log.health(), Unavailable);
    proxy.open();
    assert.equal((await log.append(appendTo(organization))).outcome, "appended");
    assert.deepEqual(notices, ["unavailable", "available"]);
    await log.close();
  });
});

describe("the log in a PostgreSQL that refuses it", { timeout: 600_000 }, () => {
  test("says Unavailable while its tables or its rights are missing, and goes on when they are back", async () => {
    assert.ok(server !== undefined);
    const whole = await server.database();
    await openPostgresLog({ url: whole }).then((log) => log.close());
    // A role of every PostgreSQL that may read all and write nothing.
    const reader = `${whole}?role=pg_read_all_data`;
    const log = await openPostgresLog({ url: reader, isMigrated: true });
    const organization = newOrganization();
    await assert.rejects(log.append(appendTo(organization)), Unavailable);
    assert.deepEqual(await eventsIn(log, organization), []);
    const grant = "grant insert, update, delete on all tables in schema ledgerline";
    await server.run(whole, `${grant} to pg_read_all_data`);
    assert.equal((await log.append(appendTo(organization))).outcome, "appended");
    await server.run(whole, "alter schema ledgerline rename to elsewhere");
    await assert.rejects(log.load(organization, {}), Unavailable);
    await server.run(whole, "alter schema elsewhere rename to ledgerline");
    assert.equal((await eventsIn(log, organization)).length, 1);
    await log.close();
  });

  test("leaves an error that the work of a transaction throws as it is", async () => {
    const notices: string[] = [];
    const log = await openPostgresLog({ url, onUnavailable: (why) => notices.push(why) });
    const mistake = new Error("the work went wrong");
    const { transaction } = log.database;
    assert.ok(transaction !== undefined);
    await assert.rejects(
      transaction(async (within) => {
        await within.query("create table public.undone ()", []);
        throw mistake;
      }),
      (error) => error === mistake,
    );
    const [row] = await log.database.query("select to_regclass('public.undone') as name", []);
    assert.equal(row?.["name"], null);
    assert.deepEqual(notices, []);
    await log.close();
  });

  test("is not opened in a database that cannot hold every name", async () => {
    assert.ok(server !== undefined);
    const { pathname } = new URL(url);
    const name = `${pathname.slice(1)}_latin1`;
    const make = `create database ${name} encoding 'LATIN1' locale 'C' template template0`;
    await server.run(url, make);
    await assert.rejects(openPostgresLog({ url: url.replace(pathname, `/${name}`) }), {
      message: "the database has the encoding LATIN1, it must be UTF8",
    });
    await server.run(url, `drop database ${name}`);
  });

  test("is not opened, and says why without the password, when nothing is there", async () => {
    const nowhere = "postgres://someone:secret@127.0.0.1:1/ledgerline";
    await assert.rejects(openPostgresLog({ url: nowhere }), (error) => {
      assert.ok(error instanceof Unavailable);
      assert.match(error.message, /ECONNREFUSED 127\.0\.0\.1:1/);
      assert.doesNotMatch(`${error.stack}`, /secret/);
      return true;
    });
  });
});
