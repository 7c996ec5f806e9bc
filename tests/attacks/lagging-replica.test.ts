/**
 * A PostgreSQL that lost its last events, as on a replica that lagged: followers and heads notice.
 * (In PGlite only the process itself can remove them; restored folders are in `lost-tail.test.ts`.)
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ForkedLog } from "../../adapters/ledger/feed/cursor.ts";
import { follow, followAll } from "../../adapters/ledger/feed/follow.ts";
import { findLost, type Lost } from "../../adapters/ledger/rebuild/lost-tail.ts";
import type { DatabaseLog } from "../../adapters/log/sql/log.ts";
import type { EventLog, Head } from "../../core/ports/mod.ts";
import { HOUR_MS } from "../../core/values/calendar.ts";
import { appendTo, drafts, headOf, newOrganization } from "../harness/contract/log/support.ts";
import { postgresLogs } from "../support/on-postgres.ts";

const EVENTS = 6;
const LEFT = 4;

/** Removes the last events, as is impossible through the log, and appends others if asked. */
const setBack = async (
  { database }: DatabaseLog,
  log: EventLog,
  organization: string,
  others: number,
): Promise<void> => {
  const sql = "delete from ledgerline.event where organization = $1 and position > $2::bigint";
  await database.query(sql, [organization, LEFT]);
  if (others === 0) return;
  const data = { after: "the fork" };
  const events = drafts(others).map((draft) => ({ ...draft, data }));
  const outcome = await log.append(appendTo(organization, { expected: "any", events }));
  assert.equal(outcome.outcome, "appended");
};

const lostOf = async (log: EventLog, kept: ReadonlyMap<string, Head>): Promise<readonly Lost[]> => {
  const lost: Lost[] = [];
  for await (const page of findLost(log, kept)) lost.push(...page);
  return lost;
};

const suite = (name: string, open: () => Promise<DatabaseLog>): void => {
  describe(name, { timeout: 600_000 }, () => {
    const made: { log?: DatabaseLog } = {};
    before(async () => {
      made.log = await open();
    });
    after(() => made.log?.close());

    for (const [what, others] of Object.entries({ shorter: 0, "as long": 2, longer: 5 })) {
      test(`a log that is ${what} is distinguished from the original`, async () => {
        const log = made.log ?? assert.fail("no log");
        const organization = newOrganization();
        await log.append(appendTo(organization, { events: drafts(EVENTS) }));
        const handled = await headOf(log, organization);
        const kept = new Map([[organization, handled]]);
        assert.deepEqual(await lostOf(log, kept), []);
        await setBack(log, log, organization, others);
        const [lost, ...rest] = await lostOf(log, kept);
        assert.deepEqual([lost?.organization, lost?.kept, rest], [organization, handled, []]);
        const isFork = (error: unknown): boolean =>
          error instanceof ForkedLog && error.organization === organization;
        const options = { after: handled, pollMs: HOUR_MS };
        await assert.rejects(follow(log, organization, options).next(), isFork);
        const all = followAll(log, { after: { [organization]: handled }, pollMs: HOUR_MS });
        await assert.rejects(async () => {
          for await (const turn of all) assert.notEqual(turn.organization, organization);
        }, isFork);
      });
    }
  });
};

suite("PostgreSQL", postgresLogs());
