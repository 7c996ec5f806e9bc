/** The log in a PostgreSQL that is known to be away: calls fail immediately until it is back. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { KnownAway } from "../../../adapters/log/postgres/outage.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { type Proxy, startProxy } from "../../support/proxy.ts";
import {
  appendTo,
  appendUntilDone,
  eventsIn,
  newOrganization,
} from "../../harness/contract/log/support.ts";
import { until } from "../../support/eventually.ts";

let server: PostgresServer;
let proxy: Proxy;

before(async () => {
  server = await startPostgres();
  proxy = await startProxy(await server.database());
});
after(async () => {
  await proxy.stop();
  await server.stop();
});

/** Asks until what is asked is refused, since the database is known to be away. */
const untilKnown = async (log: EventLog, organization: string): Promise<void> => {
  for (;;) {
    try {
      await log.load(organization, {});
    } catch (error) {
      if (error instanceof KnownAway) return;
    }
  }
};

describe("the log in a PostgreSQL that is known to be away", { timeout: 600_000 }, () => {
  test("refuses calls immediately once that is known, and goes on automatically", async () => {
    const notices: string[] = [];
    const log = await openPostgresLog({
      url: proxy.url,
      onUnavailable: () => notices.push("unavailable"),
      onAvailable: () => notices.push("available"),
    });
    const organization = newOrganization();
    proxy.close();
    await assert.rejects(log.append(appendTo(organization)), Unavailable);
    await untilKnown(log, organization);
    for (let turn = 0; turn < 50; turn++) {
      await assert.rejects(log.append(appendTo(organization)), KnownAway);
      await assert.rejects(log.load(organization, {}), KnownAway);
    }
    await assert.rejects(log.writable?.() ?? Promise.resolve(), Unavailable);
    assert.deepEqual(notices, ["unavailable"]);
    proxy.open();
    // Nothing is asked meanwhile: it looks on its own schedule.
    await until(() => notices.length >= 2);
    assert.deepEqual(notices, ["unavailable", "available"]);
    await appendUntilDone(log, appendTo(organization));
    assert.equal((await eventsIn(log, organization)).length, 1);
    await log.close();
  });

  test("is found to be there again by who asks whether it can be written", async () => {
    const log = await openPostgresLog({ url: proxy.url });
    const organization = newOrganization();
    proxy.close();
    await untilKnown(log, organization);
    proxy.open();
    await log.writable?.();
    assert.equal((await log.append(appendTo(organization))).outcome, "appended");
    await log.close();
  });
});
