/** What servers on one PostgreSQL share: which server does which work, and that there is work. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import postgres from "postgres";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import type { Appended, LeaseKey, Leases } from "../../../core/ports/mod.ts";
import { appendTo, newOrganization, rowOf } from "../../harness/contract/log/support.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { startProxy } from "../../support/proxy.ts";
import { until } from "../../support/eventually.ts";

/** Longer than any test takes. */
const LONG_MS = 600_000;

let server: PostgresServer;
let url = "";
let one: PostgresLog;
let other: PostgresLog;

before(async () => {
  server = await startPostgres();
  url = await server.database();
  [one, other] = await Promise.all([openPostgresLog({ url }), openPostgresLog({ url })]);
});
after(async () => {
  await Promise.all([one, other].map((log) => log.close()));
  await server.stop();
});

/** A session that waits for another. */
const WAITING = `select from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where not l.granted and a.datname = current_database()`;

const leasesOf = ({ leases }: PostgresLog): Leases => leases ?? assert.fail("there are no leases");

const keysOf = (count: number): readonly LeaseKey[] => {
  const organization = newOrganization();
  return Array.from({ length: count }, (_, index) => ({
    organization,
    kind: "number",
    key: `pn_${index}`,
  }));
};

const namesOf = (keys: readonly LeaseKey[]): readonly string[] =>
  keys.map(({ key }) => key).toSorted();

describe("a lease", { timeout: 600_000 }, () => {
  test("is given to one holder, who may have it again, until it is ended", async () => {
    const keys = keysOf(3);
    assert.deepEqual(namesOf(await leasesOf(one).take(keys, LONG_MS)), namesOf(keys));
    assert.deepEqual(await leasesOf(other).take(keys, LONG_MS), []);
    assert.deepEqual(namesOf(await leasesOf(one).take(keys, LONG_MS)), namesOf(keys));
    await leasesOf(other).end(keys);
    assert.deepEqual(await leasesOf(other).take(keys, LONG_MS), []);
    await leasesOf(one).end(keys.slice(1));
    assert.deepEqual(
      namesOf(await leasesOf(other).take(keys, LONG_MS)),
      namesOf(keys.slice(1)),
    );
  });

  test("lapses, so that another takes over what a dead holder was at", async () => {
    const keys = keysOf(1);
    assert.equal((await leasesOf(one).take(keys, 300)).length, 1);
    while ((await leasesOf(other).take(keys, LONG_MS)).length === 0);
    assert.deepEqual(await leasesOf(one).take(keys, LONG_MS), []);
  });

  test("is not given to a server that adds it while another does", async () => {
    const [key = assert.fail()] = keysOf(1);
    const adding = postgres(url, { max: 1, onnotice: () => {} });
    let taking: ReturnType<Leases["take"]> | undefined;
    await adding.begin(async (held) => {
      await held`insert into ledgerline.lease (organization, kind, key, holder, until)
        values (${key.organization}, ${key.kind}, ${key.key}, 'another', 'infinity')`;
      taking = leasesOf(one).take([key], LONG_MS);
      await until(async () => (await server.run(url, WAITING)).length > 0);
    });
    assert.deepEqual(await taking, []);
    await adding.end();
  });

  test("is shared out among concurrent callers, and none waits for the others", async () => {
    const keys = keysOf(200);
    const asked = Array.from({ length: 20 }, (_, index) => index % 2 === 0 ? one : other);
    const given = await Promise.all(
      asked.map((log, index) => leasesOf(log).take(index < 10 ? keys : keys.toReversed(), LONG_MS)),
    );
    const of = (log: PostgresLog): Set<string> =>
      new Set(given.filter((_, index) => asked[index] === log).flatMap(namesOf));
    const [ours, theirs] = [of(one), of(other)];
    assert.equal(ours.size + theirs.size, 200);
    assert.equal(new Set([...ours, ...theirs]).size, 200);
  });
});

describe("an append of one server", { timeout: 600_000 }, () => {
  const noticeAt = (log: PostgresLog, organization: string): Promise<Appended> =>
    new Promise((resolve) => {
      const unwatch = log.watch((notice) => {
        const { organizations } = notice;
        if (organizations !== "many" && !organizations.includes(organization)) return;
        unwatch();
        resolve(notice);
      });
    });

  test("is notified to another, with when its work is due", async () => {
    const organization = newOrganization();
    const notice = noticeAt(other, organization);
    const rows = [{ ...rowOf("a", 1), work: { automation: "tested", due: 7 } }];
    await one.append(appendTo(organization, { rows }));
    assert.equal((await notice).due, 7);
  });

  test("is notified as one of many when they are too many to be named", async () => {
    const organizations = Array.from({ length: 300 }, () => newOrganization());
    const notices = organizations.map((each) => noticeAt(other, each));
    await Promise.all(organizations.map((each) => one.append(appendTo(each))));
    await Promise.all(notices);
  });

  test("is notified again when the connection was lost in between", async () => {
    const proxy = await startProxy(url);
    const far = await openPostgresLog({ url: proxy.url });
    try {
      proxy.cut();
      const organization = newOrganization();
      const notice = noticeAt(far, organization);
      let isNotified = false;
      void notice.then(() => {
        isNotified = true;
      });
      // A notification without a listener is lost.
      await until(async () => {
        await one.append(appendTo(organization, { expected: "any" }));
        return isNotified;
      });
    } finally {
      await far.close();
      await proxy.stop();
    }
  });
});
