/** Servers on one PostgreSQL, of which one is always faster. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { money } from "../../core/values/money.ts";
import { openTestApp } from "../support/app.ts";
import { openIdleLedger } from "../support/ledger.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";

let postgres: PostgresServer;

before(async () => {
  postgres = await startPostgres();
});
after(() => postgres.stop());

test("a server that always comes too late answers 503 with Retry-After, and changes nothing", {
  timeout: 120_000,
}, async () => {
  const url = await postgres.database();
  const faster = openIdleLedger(await openPostgresLog({ url }));
  const log = await openPostgresLog({ url });
  let isLate = false;
  let appends = 0;
  /** Between each decision and its append, the other server appends. */
  const late: EventLog = {
    ...log,
    append: async (append) => {
      if (isLate && append.organization === "acme") {
        assert.ok((await faster.operator.addCredits("acme", { amount: money(1) })).ok);
        appends += 1;
      }
      return await log.append(append);
    },
  };
  const app = openTestApp({ log: late });
  try {
    const token = await app.organization("acme");
    const body = { phoneNumber: "+14155550101", teamId: "acme" };
    const buy = () => app.request("POST", "/api/phone-numbers/purchase", { token, body });
    isLate = true;
    const { status, headers } = await buy();
    assert.deepEqual([status, headers.get("retry-after")], [503, "1"]);
    assert.ok(appends > 1 && appends <= 100, `${appends} attempts`);
    const types = (await log.events("acme", 0, 1_000)).map(({ type }) => type);
    assert.equal(types.filter((type) => type === "CreditsAdded").length, appends);
    assert.ok(!types.includes("PurchaseRequested"));
    isLate = false;
    assert.equal((await buy()).status, 200);
  } finally {
    await app.close();
    await faster.close();
  }
});
