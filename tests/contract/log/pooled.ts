/** Two logs behind a pooler in transaction mode, which they have to detect. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { followAll } from "../../../adapters/ledger/feed/follow.ts";
import { rebuildAll } from "../../../adapters/ledger/rebuild/mod.ts";
import type { PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { appendTo, newOrganization } from "../../harness/contract/log/support.ts";
import { openIdleLedger } from "../../support/ledger.ts";
import { assertReplayed } from "../../support/replayed.ts";

/** Longer than any test takes. */
const LONG_MS = 600_000;

/** Opens two logs on a new database. */
export type OpenTwo = () => Promise<readonly [PostgresLog, PostgresLog]>;

type Work = (one: PostgresLog, other: PostgresLog) => Promise<void>;

/** Runs `work` with two logs, which are closed afterwards. */
const withTwo = (open: OpenTwo) => (work: Work) => async () => {
  const [one, other] = await open();
  try {
    await work(one, other);
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
};

/** Declares what two logs must do that share a database behind a pooler. */
export const twoPooledLogs = (open: OpenTwo): void => {
  const onTwo = withTwo(open);
  test(
    "lease to one holder at a time",
    onTwo(async (one, other) => {
      const keys = [{ organization: newOrganization(), kind: "number", key: "pn_1" }];
      assert.deepEqual(await one.leases?.take(keys, LONG_MS), keys);
      assert.deepEqual(await other.leases?.take(keys, LONG_MS), []);
      await one.leases?.end(keys);
      assert.deepEqual(await other.leases?.take(keys, LONG_MS), keys);
    }),
  );

  test(
    "follow what the other appends, though they receive no notification",
    onTwo(async (one, other) => {
      const organizations = Array.from({ length: 20 }, () => newOrganization());
      const followed = new Set<string>();
      const ending = new AbortController();
      const following = (async () => {
        for await (
          const { organization } of followAll(other, { pollMs: 100, signal: ending.signal })
        ) {
          followed.add(organization);
          if (organizations.every((each) => followed.has(each))) ending.abort();
        }
      })();
      for (const each of organizations) await one.append(appendTo(each));
      await following;
    }),
  );

  test(
    "leave nothing in the sessions",
    onTwo(async (one) => {
      await Promise.all(Array.from({ length: 60 }, () => one.load("acme", { kinds: ["number"] })));
      const [left] = await one.database.query(
        `select (select count(*) from pg_prepared_statements) as statements,
        (select count(*) from pg_listening_channels()) as channels`,
        [],
      );
      assert.deepEqual({ ...left }, { statements: "0", channels: "0" });
    }),
  );

  test(
    "rebuild while the other serves",
    onTwo(async (one, other) => {
      const ledger = openIdleLedger(other);
      const caller = { organization: "acme", actor: { kind: "operator" } } as const;
      await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
      let isOver = false;
      const serving = (async (): Promise<void> => {
        for (let turn = 0; !isOver; turn++) {
          await ledger.operator.nameAssistant("acme", { assistant: "as_1", name: `Turn ${turn}` });
        }
      })();
      assert.ok((await ledger.purchase(caller, { e164: "+14155550101" })).ok);
      await rebuildAll(one);
      isOver = true;
      await serving;
      await assertReplayed(one, ["+14155550101"]);
    }),
  );
};
