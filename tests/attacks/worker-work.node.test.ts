/** A carrier that hangs: a worker's background work leaves callers their places. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestClock } from "../../adapters/clock/test.ts";
import { ADMIN_TOKEN } from "../support/app.ts";
import { startPostgres } from "../support/postgres.ts";
import { openTelnyx } from "../harness/emulators/telnyx/mod.ts";
import { serveTelnyx } from "../support/telnyx-server.ts";
import { startWorker } from "../support/workerd.ts";
import { clientOf } from "../runtimes/conformance/target.ts";
import { eventually } from "../support/eventually.ts";
import { pause } from "../support/pause.ts";

const LIST = "/v1/phone-numbers";
const RECOVERY_MS = 200;
/** How many requests an isolate serves for one organization. */
const EACH = 12;
/** One look runs two calls of an organization at the same time, and others leave them to it. */
const ORDERS = 2 * (EACH + 2);

test(
  "callers of a worker are answered while its carrier hangs",
  { timeout: 600_000 },
  async (t) => {
    // Its clock is stopped, so that no order is ever settled.
    const telnyx = await openTelnyx({ clock: openTestClock(Date.now()) });
    const carrier = await serveTelnyx(telnyx);
    t.after(() => carrier.close());
    t.after(telnyx.close);
    const postgres = await startPostgres();
    t.after(postgres.stop);
    const variables = {
      ADMIN_TOKEN,
      DATABASE_URL: await postgres.database(),
      CARRIER: "telnyx",
      TELNYX_API_KEY: telnyx.apiKey,
      TELNYX_BASE_URL: carrier.baseUrl,
      PURCHASE_WAIT_MS: "0",
      RECOVERY_MS: String(RECOVERY_MS),
    };
    const worker = await startWorker({ variables });
    t.after(worker.stop);
    const client = clientOf({ url: worker.url, adminToken: ADMIN_TOKEN });
    const token = await client.organization("acme", "Scale");
    const search = `${LIST}/available?areaCode=415&limit=${ORDERS}`;
    const { json: offers } = await client.request("GET", search, { token });
    assert.equal(offers.length, ORDERS);
    for (const { e164 } of offers) {
      const { status } = await client.request("POST", LIST, { token, body: { e164 } });
      assert.equal(status, 200);
    }

    telnyx.fail("any", { kind: "delay", ms: 3_600_000 });
    const list = () => client.request("GET", LIST, { token });
    await eventually(list, () => (telnyx.faults().get("delay") ?? 0) > 0);
    const statuses = new Set<number>();
    for (let count = 0; count < EACH + 2; count++) {
      statuses.add((await list()).status);
      await pause(RECOVERY_MS, "an isolate takes a turn in it, which nothing outside shows");
    }
    const all = await Promise.all(Array.from({ length: EACH }, list));
    for (const { status } of all) statuses.add(status);
    assert.deepEqual(statuses, new Set([200]));
  },
);
