/** What one organization has to write is held by another session, or its commits do not end. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import postgres from "postgres";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { gate } from "../../support/gate.ts";
import { openIdleLedger } from "../../support/ledger.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { appended, appendTo, eventsIn, rowOf } from "../../harness/contract/log/support.ts";

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(async () => {
  await Promise.all(logs.map((log) => log.close()));
  await server.stop();
});

const logs: PostgresLog[] = [];

const BLOCKED = "acme";
const OTHERS = ["hooli", "initech", "umbrella"];
const ALL = [BLOCKED, ...OTHERS];

/** An append at any head that writes the organization's row. */
const write = (organization: string, is = 0) =>
  appendTo(organization, { expected: "any", rows: [rowOf("a", { is }, "tested")] });

/** Two ways to come to the database: the second is how it is behind a pooler. */
const WAYS = { "in sessions": "", "without sessions": "?prepare=false" };

/** A log in which each organization has a row. */
const openWritten = async (suffix: string): Promise<{ url: string; log: PostgresLog }> => {
  const url = await server.database();
  const log = await openPostgresLog({ url: url + suffix });
  logs.push(log);
  for (const organization of ALL) await appended(log, write(organization));
  return { url, log };
};

/** Locks the rows of the blocked organization in a separate session, until it is let go. */
const lockRows = async (url: string): Promise<() => Promise<void>> => {
  const session = postgres(url, { max: 1, onnotice: () => {} });
  const [locked, released] = [gate(), gate()];
  const done = session.begin(async (own) => {
    await own.unsafe(
      `select from ledgerline.state where organization = '${BLOCKED}' for update`,
    );
    locked.open();
    await released.opened;
  });
  await locked.opened;
  return async () => {
    released.open();
    await done;
    await session.end();
  };
};

const assertOnce = async (log: PostgresLog, organization: string, count: number): Promise<void> => {
  assert.equal((await eventsIn(log, organization)).length, count, organization);
};

/** They mostly wait. */
const TOGETHER = { timeout: 120_000, concurrency: true };

const locks = (way: string, suffix: string): void => {
  describe(`a row that another session locks, ${way}`, TOGETHER, () => {
    test("keeps none of the others waiting, not even those that were sent with it", async () => {
      const { url, log } = await openWritten(suffix);
      const letGo = await lockRows(url);
      const order: string[] = [];
      const note = (what: string) => () => void order.push(what);
      const blocked = log.append(write(BLOCKED)).then(note("blocked"));
      const others = OTHERS.map((each) => log.append(write(each)).then(note(each)));
      await Promise.all(others);
      for (let turn = 0; turn < 10; turn++) {
        await Promise.all(OTHERS.map((each) => appended(log, write(each, turn))));
      }
      assert.equal((await log.heads("", 9)).length, ALL.length);
      order.push("let go");
      await letGo();
      await blocked;
      assert.deepEqual(order.toSorted(), ["blocked", "let go", ...OTHERS].toSorted());
      assert.deepEqual(order.slice(-2), ["let go", "blocked"]);
      await assertOnce(log, BLOCKED, 2);
      for (const each of OTHERS) await assertOnce(log, each, 12);
      await log.close();
    });

    test("makes its own organization Unavailable in time, however many wait", async () => {
      const { url, log } = await openWritten(suffix);
      const letGo = await lockRows(url);
      const waiting = Array.from({ length: 5 }, () => log.append(write(BLOCKED)));
      for (const outcome of await Promise.allSettled(waiting)) {
        assert.ok(outcome.status === "rejected" && outcome.reason instanceof Unavailable);
        assert.match(outcome.reason.message, /acme.*another session/);
      }
      await Promise.all(OTHERS.map((each) => appended(log, write(each))));
      await letGo();
      await assertOnce(log, BLOCKED, 1);
      await appended(log, write(BLOCKED));
      await assertOnce(log, BLOCKED, 2);
      await log.close();
    });
  });
};

/** More than there are connections. */
const MANY_BLOCKED = Array.from({ length: 14 }, (_, index) => `stuck-${index}`);

/** Has the commits of appends hang, of organizations that fit the condition. */
const hangCommits = (url: string, condition: string) =>
  server.run(
    url,
    `create function public.hang() returns trigger language plpgsql as $$
      begin perform pg_sleep(3600); return null; end $$;
    create constraint trigger hang after insert on ledgerline.event
      deferrable initially deferred for each row
      when (new.organization ${condition}) execute function public.hang()`,
  );

const hangMany = async (suffix: string): Promise<void> => {
  const { url, log } = await openWritten(suffix);
  for (const each of MANY_BLOCKED) await appended(log, write(each));
  await hangCommits(url, "like 'stuck-%'");
  let settled = 0;
  // Four of each, of which one is tried while the others wait for it.
  const asked = MANY_BLOCKED.flatMap((each) => Array.from({ length: 4 }, () => each));
  const blocked = asked.map((each) =>
    assert.rejects(
      log.append(write(each)).finally(() => settled += 1),
      (error) => error instanceof Unavailable && error.message.includes(each),
    )
  );
  // In the same batch as the first of them, and then one after the other.
  await Promise.all(OTHERS.map((each) => appended(log, write(each))));
  for (let turn = 0; turn < 10; turn++) {
    await Promise.all(OTHERS.map((each) => appended(log, write(each, turn))));
    assert.equal((await log.heads("", 99)).length, ALL.length + MANY_BLOCKED.length);
  }
  assert.equal(settled, 0, "others were answered only after some were given up");
  await Promise.all(blocked);
  await server.run(url, "drop trigger hang on ledgerline.event");
  await Promise.all(MANY_BLOCKED.map((each) => appended(log, write(each))));
  for (const each of MANY_BLOCKED) await assertOnce(log, each, 2);
  for (const each of OTHERS) await assertOnce(log, each, 12);
  await log.close();
};

const commits = (way: string, suffix: string): void => {
  describe(`a commit that does not end, ${way}`, TOGETHER, () => {
    test("is called off, and those that were sent with it are appended without it", async () => {
      const { url, log } = await openWritten(suffix);
      await hangCommits(url, `= '${BLOCKED}'`);
      const blocked = log.append(write(BLOCKED));
      blocked.catch(() => {});
      await Promise.all(OTHERS.map((each) => appended(log, write(each))));
      for (let turn = 0; turn < 5; turn++) {
        await Promise.all(OTHERS.map((each) => appended(log, write(each))));
      }
      await assert.rejects(blocked, Unavailable);
      await server.run(url, "drop trigger hang on ledgerline.event");
      for (const each of OTHERS) await assertOnce(log, each, 7);
      await assertOnce(log, BLOCKED, 1);
      await appended(log, write(BLOCKED));
      await log.close();
    });
  });
};

describe("the hanging commits of more organizations than there are connections", TOGETHER, () => {
  for (const [way, suffix] of Object.entries(WAYS)) {
    test(`end in time for each of them, and hold nobody else up, ${way}`, () => hangMany(suffix));
  }
});

describe("appends to PostgreSQL", TOGETHER, () => {
  for (const [way, suffix] of Object.entries(WAYS)) {
    locks(way, suffix);
    commits(way, suffix);
  }

  describe("a log whose appends are blocked", TOGETHER, () => {
    test("closes anyway, while the lock is held", async () => {
      const { url, log } = await openWritten("");
      const letGo = await lockRows(url);
      const blocked = log.append(write(BLOCKED));
      blocked.catch(() => {});
      await log.close();
      await assert.rejects(blocked, Unavailable);
      await letGo();
    });

    test("lets other organizations buy numbers", async () => {
      const url = await server.database();
      const ledger = openIdleLedger(await openPostgresLog({ url }));
      for (const name of ALL) {
        assert.ok((await ledger.operator.open(name, { name, plan: "Scale" })).ok);
      }
      const letGo = await lockRows(url);
      const order: string[] = [];
      const buy = async (organization: string, e164: E164): Promise<void> => {
        const caller = { organization, actor: { kind: "operator" } } as const;
        const bought = await ledger.purchase(caller, { e164 });
        assert.ok(bought.ok, JSON.stringify(bought));
        order.push(organization);
      };
      const blocked = buy(BLOCKED, "+14155550100");
      const buyings = OTHERS.map((each, index) => buy(each, `+1415555010${index + 1}`));
      await Promise.all(buyings);
      order.push("let go");
      await letGo();
      await blocked;
      assert.deepEqual(order.slice(-2), ["let go", BLOCKED]);
      await ledger.close();
    });
  });
});
