/** What is under way: a key whose process was killed, and the work of others. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import type { Database } from "../../adapters/log/sql/database.ts";
import { postgresOfServers } from "../support/postgres-of-servers.ts";
import { newFolder } from "../support/server.ts";
import { listening } from "./listening.ts";
import { run } from "./session.ts";

const postgres = postgresOfServers();

/** As the answers are when the processes were killed that had just done what was asked for. */
const killAll = async (database: Database): Promise<void> => {
  await database.query(
    "update ledgerline.answer set status = null, headers = null, body = null, lease = 'l', " +
      "leased = clock_timestamp() + interval '9 s'",
    [],
  );
};

const LINES = [
  "buy +14155550101 --yes",
  "token issue acme --email a@b.example",
  "organization credit acme 5",
];

const keyOf = (line: string): string => line.replaceAll(" ", "_");

/** Does each of these once, in an organization of this place. */
const doAll = async (environment: Readonly<Record<string, string>>) => {
  await run(["organization", "open", "acme", "--plan", "Growth"], environment);
  for (const line of LINES) {
    const { status, err } = await run([...line.split(" "), "--key", keyOf(line)], environment);
    assert.equal(status, 0, `${line}: ${err}`);
  }
};

describe("a key whose process was killed", { timeout: 600_000 }, () => {
  test("is free without delay in a folder, and nothing is done twice", async () => {
    const folder = newFolder();
    const open = () => openPgliteLog({ folder });
    await (await open()).close();
    const environment = { DATA_DIR: folder, LEDGERLINE_ORGANIZATION: "acme" };
    await doAll(environment);
    const log = await open();
    await killAll(log.database);
    await log.close();
    for (const line of LINES) {
      const { status, err } = await run([...line.split(" "), "--key", keyOf(line)], environment);
      // Of the token only the first answer had the secret.
      assert.equal(status, line.startsWith("token") ? 1 : 0, `${line}: ${err}`);
      assert.doesNotMatch(err, /IN_USE/);
    }
    const linesOf = async (line: string) => (await run(line.split(" "), environment)).out;
    assert.equal((await linesOf("list --json")).length, 1);
    assert.equal((await linesOf("token list acme --json")).length, 1);
    assert.match((await linesOf("organization show acme")).join(), /CREDITS +5\.00/);
  });

  test("is busy for a while in a database that others use, and is named", async () => {
    const url = await postgres().database();
    await (await openPostgresLog({ url })).close();
    const environment = { DATABASE_URL: url, LEDGERLINE_ORGANIZATION: "acme" };
    await doAll(environment);
    const log = await openPostgresLog({ url });
    await killAll(log.database);
    await log.close();
    for (const line of LINES) {
      const words = [...line.split(" "), "--key", keyOf(line)];
      const { status, out, err } = await run(words, environment);
      assert.deepEqual([status, out], [3, []], err);
      assert.match(err, /\(IDEMPOTENCY_KEY_IN_USE\)\nWhether it was .* --key \S+ has it done once/);
    }
  });
});

test("what is busy is unavailable: later it is not", async (context) => {
  const busy: readonly (readonly [status: number, code: string])[] = [
    [409, "IDEMPOTENCY_KEY_IN_USE"],
    [409, "RECONCILIATION_RUNNING"],
    [408, "REQUEST_TIMEOUT"],
    [429, "RATE_LIMITED"],
    [503, "SERVICE_UNAVAILABLE"],
    [503, "CARRIER_UNREACHABLE"],
  ];
  for (const [status, code] of busy) {
    const { url, close } = await listening((_, response) => {
      response.writeHead(status, { "content-type": "application/json", "retry-after": "1" });
      response.end(JSON.stringify({ code, detail: "Later." }));
    });
    context.after(close);
    const environment = { LEDGERLINE_URL: url, LEDGERLINE_TOKEN: "x", ADMIN_TOKEN: "y" };
    for (const line of ["list", "reconcile", "buy +14155550101 --yes"]) {
      const { status, err } = await run(line.split(" "), environment);
      assert.equal(status, 3, `${line}: ${code}`);
      assert.ok(err.startsWith(`Later. (${code})`), err);
    }
  }
});
