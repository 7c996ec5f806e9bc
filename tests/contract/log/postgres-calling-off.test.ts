/** Which sessions of a PostgreSQL are called off with a statement that takes too long. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import postgres from "postgres";
import { callOffAfter } from "../../../adapters/log/postgres/statement-timeout.ts";
import { CalledOff } from "../../../adapters/log/sql/database.ts";
import { until } from "../../support/eventually.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";

let server: PostgresServer;
let url = "";
let otherUrl = "";
let roleUrl = "";
let role = "";
let calling: postgres.Sql;
const sessions: postgres.Sql[] = [];

const open = (at: string): postgres.Sql => {
  const session = postgres(at, { max: 1, onnotice: () => {} });
  sessions.push(session);
  return session;
};

before(async () => {
  server = await startPostgres();
  [url, otherUrl] = [await server.database(), await server.database()];
  role = `role_${new URL(url).pathname.slice(1)}`;
  await server.run(url, `create role ${role} login password 'secret'`);
  const own = new URL(url);
  [own.username, own.password] = [role, "secret"];
  roleUrl = own.href;
  calling = open(url);
});
after(async () => {
  await Promise.all(sessions.map((session) => session.end({ timeout: 0 })));
  await server.run(url, `drop role ${role}`);
  await server.stop();
});

const SLEEP = "select pg_sleep(600)";

const pidOf = async (session: postgres.Sql): Promise<number> => {
  const [row] = await session.unsafe("select pg_backend_pid() as pid");
  return Number(row?.["pid"]);
};

/** Has a session run a statement; gives its id once it does, or once it is idle after that. */
const run = async (session: postgres.Sql, text: string, state = "active"): Promise<number> => {
  const pid = await pidOf(session);
  session.unsafe(text).catch(() => {});
  await until(async () => {
    const found = await server.run(
      url,
      `select state, query from pg_stat_activity where pid = ${pid}`,
    );
    return found[0]?.["state"] === state && found[0]["query"] === text;
  });
  return pid;
};

type Asked = {
  readonly text?: string;
  readonly isPooled?: boolean;
  /** Does what the driver does with the text; gives the id of the session that it is sent to. */
  readonly send: (text: string) => Promise<number>;
};

/** How many sessions are called off with a statement that never gets an answer. */
const countCalledOff = async ({ text = SLEEP, isPooled = false, send }: Asked): Promise<number> => {
  let answer = (): void => {};
  let give: (count: number) => void = () => {};
  const count = new Promise<number>((resolve) => {
    give = resolve;
  });
  const sql = {
    unsafe: (sent: string) => {
      const state: { pid?: number } = {};
      void send(sent).then((pid) => Object.assign(state, { pid }));
      const answered = new Promise<readonly postgres.Row[]>((resolve) => {
        answer = () => resolve([]);
      });
      return Object.assign(answered, { state });
    },
  } as unknown as postgres.Sql;
  const counting = {
    unsafe: (...asked: Parameters<postgres.Sql["unsafe"]>) => {
      const called = calling.unsafe(...asked);
      void called.then((rows) => give(rows.length), () => give(-1));
      return called;
    },
  } as unknown as postgres.Sql;
  const outcome = callOffAfter(sql, counting, [text, []], 1, isPooled);
  const counted = await count;
  answer();
  assert.deepEqual(await outcome, []);
  return counted;
};

describe("a statement that takes too long", { timeout: 600_000 }, () => {
  test("is called off alone", async () => {
    await run(open(url), SLEEP);
    const called = callOffAfter(open(url), calling, [SLEEP, []], 1, false);
    await assert.rejects(called, CalledOff);
    assert.equal(await countCalledOff({ send: () => run(open(url), SLEEP) }), 1);
  });

  test("is called off alone behind a pooler, by what it begins with", async () => {
    await run(open(url), SLEEP);
    const called = callOffAfter(open(url), calling, [SLEEP, []], 1, true);
    await assert.rejects(called, CalledOff);
    const send = async (text: string) => await run(open(url), text) && 0;
    assert.equal(await countCalledOff({ isPooled: true, send }), 1);
  });

  const others: Readonly<Record<string, (text: string) => Promise<number>>> = {
    "of another database": (text) => run(open(otherUrl), text),
    "of another role": (text) => run(open(roleUrl), text),
    "that is idle": (text) => run(open(url), text.replace("pg_sleep(600)", "1"), "idle"),
  };
  for (const [which, send] of Object.entries(others)) {
    for (const isPooled of [false, true]) {
      test(`calls off no session ${which}${isPooled ? ", behind a pooler" : ""}`, async () => {
        assert.equal(await countCalledOff({ isPooled, send }), 0);
      });
    }
  }

  test("calls off no session that is at another statement by now", async () => {
    const send = () => run(open(url), `with one as (select 1) ${SLEEP}`);
    assert.equal(await countCalledOff({ send }), 0);
  });

  test("calls off no session but that of the driver, nor the one that does it", async () => {
    await run(open(url), SLEEP);
    assert.equal(await countCalledOff({ send: () => Promise.resolve(1) }), 0);
    const text = `\n${SLEEP}`;
    assert.equal(await countCalledOff({ text, send: () => pidOf(calling) }), 0);
  });
});
