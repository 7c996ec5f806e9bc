/** Public reports about workers: connections that are lost, and webhooks in any script. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openTestClock } from "../../adapters/clock/test.ts";
import { clientOf } from "../runtimes/conformance/target.ts";
import { ADMIN_TOKEN } from "../support/app.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { startProxy } from "../support/proxy.ts";
import { openTelnyx } from "../harness/emulators/telnyx/mod.ts";
import { startWorker } from "../support/workerd.ts";
import { eventually } from "../support/eventually.ts";

let server: PostgresServer | undefined;
const database = (): Promise<string> => {
  if (server === undefined) throw new Error("PostgreSQL did not start");
  return server.database();
};

const REQUESTS = 200;

describe("a worker", { timeout: 600_000 }, () => {
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  // https://github.com/cloudflare/workers-sdk/issues/6179 and
  // https://github.com/porsager/postgres/issues/1013
  test(`answers each of ${REQUESTS} requests when its database is cut midway, and recovers`, async () => {
    const proxy = await startProxy(await database());
    const worker = await startWorker({ variables: { ADMIN_TOKEN, DATABASE_URL: proxy.url } });
    try {
      const client = clientOf({ url: worker.url, adminToken: ADMIN_TOKEN });
      const token = await client.organization("acme", "Scale");
      let answered = 0;
      const list = async () => {
        const { status, headers } = await client.request("GET", "/v1/phone-numbers", { token });
        answered += 1;
        if (answered === REQUESTS / 4) proxy.close();
        if (status !== 503) return status;
        assert.match(headers.get("retry-after") ?? "", /^\d+$/);
        return status;
      };
      const statuses = await Promise.all(Array.from({ length: REQUESTS }, list));
      assert.deepEqual(statuses.filter((status) => status !== 200 && status !== 503), []);
      proxy.open();
      await eventually(list, (status) => status === 200);
    } finally {
      await worker.stop();
      await proxy.stop();
    }
  });

  // https://github.com/team-telnyx/telnyx-node/issues/81
  test("takes a webhook with any text as it was signed, over its bytes", async () => {
    const telnyx = await openTelnyx({ clock: openTestClock(Date.now()) });
    const { publicKey, sign } = telnyx.webhooks;
    const variables = {
      ADMIN_TOKEN,
      DATABASE_URL: await database(),
      TELNYX_PUBLIC_KEY: publicKey,
    };
    const worker = await startWorker({ variables });
    try {
      const { request } = clientOf({ url: worker.url, adminToken: ADMIN_TOKEN });
      for (const text of ["Zoë Müller", "李小龍", "🦜👩‍👩‍👧", "\u2028 \u202e", "ﬁ Å"]) {
        const body = JSON.stringify({
          data: { event_type: "message.received", payload: { text } },
        });
        const headers = await sign(body, Date.now());
        const { status } = await request("POST", "/webhooks/telnyx", { body, headers });
        assert.equal(status, 200, text);
        const forged = await request("POST", "/webhooks/telnyx", { body: `${body} `, headers });
        assert.equal(forged.status, 400, text);
      }
    } finally {
      await worker.stop();
      telnyx.close();
    }
  });
});
