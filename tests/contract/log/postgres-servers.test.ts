/** Several servers on one PostgreSQL, each with its own log. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { SCHEMA_VERSION } from "../../../adapters/log/sql/schema.ts";
import type { AppendOutcome, Head } from "../../../core/ports/mod.ts";
import { appendTo, headOf, newOrganization, rowOf } from "../../harness/contract/log/support.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { runs } from "../../support/runs.ts";

const AT_ONCE = 250;
const RACES = Math.ceil(runs(10_000) / AT_ONCE) * AT_ONCE;

let server: PostgresServer;
let url = "";
const logs: PostgresLog[] = [];

const open = async (at = url): Promise<PostgresLog> => {
  const log = await openPostgresLog({ url: at, connections: 4 });
  logs.push(log);
  return log;
};

before(async () => {
  server = await startPostgres();
  url = await server.database();
});
after(async () => {
  await Promise.all(logs.map((log) => log.close()));
  await server.stop();
});

const outcomesOf = (outcomes: readonly AppendOutcome[]): string =>
  outcomes.map(({ outcome }) => outcome).sort().join(" ");

describe("servers on one PostgreSQL", { timeout: 600_000 }, () => {
  test("may be eight that start at the same time on an empty database", async () => {
    const empty = await server.database();
    const opened = await Promise.all(Array.from({ length: 8 }, () => open(empty)));
    const organization = newOrganization();
    for (const log of opened) await log.append(appendTo(organization, { expected: "any" }));
    assert.equal((await headOf(opened[0] ?? assert.fail(), organization)).position, 8);
    const versions = await server.run(empty, "select version from ledgerline.migration");
    assert.equal(versions.length, SCHEMA_VERSION);
  });

  test(`let exactly one create a log when two race for it, ${RACES} times`, async () => {
    const [one, other] = await Promise.all([open(), open()]);
    for (let round = 0; round < RACES / AT_ONCE; round += 1) {
      await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        const organization = newOrganization();
        const outcomes = await Promise.all(
          [one, other].map((log) => log.append(appendTo(organization))),
        );
        assert.equal(outcomesOf(outcomes), "appended conflict");
      }));
    }
    const [row] = await server.run(
      url,
      "select count(*)::int as events, max(position)::int as highest from ledgerline.event",
    );
    assert.deepEqual({ ...row }, { events: RACES, highest: 1 });
  });

  test("keep appends out while one of them replaces an organization's rows", async () => {
    const [one, other] = await Promise.all([open(), open()]);
    const organization = newOrganization();
    // Whatever wrote the row last, it is as the head says that it must be.
    const look = async (log: PostgresLog): Promise<Head> => {
      const { head, rows: [row] } = await log.load(organization, { kinds: ["number"] });
      const { position } = head;
      assert.equal((row?.data as { readonly round: number } | undefined)?.round ?? 0, position);
      return head;
    };
    const row = (round: number, by: string) => [rowOf("round", { round, by })];
    let replaced = 0;
    let writing = true;
    const replacing = (async (): Promise<void> => {
      while (writing) {
        const head = await look(other);
        if (head.position === 0) continue;
        const rows = row(head.position, "a replacement");
        if (await other.replaceRows(organization, head, rows, [])) replaced += 1;
      }
    })();
    const appending = async (): Promise<void> => {
      for (let round = 1; round <= 300 || replaced === 0; round += 1) {
        const rows = row(round, "an append");
        const { outcome } = await one.append(appendTo(organization, { expected: "any", rows }));
        assert.equal(outcome, "appended");
        await look(one);
      }
    };
    await appending().finally(() => {
      writing = false;
    });
    await replacing;
  });
});
