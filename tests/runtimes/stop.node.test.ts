/** Stopping a server with SIGTERM: what is under way is finished, and nothing new begins. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, describe, test } from "node:test";
import { removeServers, startServer, type TestServer } from "../support/server.ts";
import { inTime } from "../harness/contract/transport.ts";
import { LIMIT_MS, until } from "../support/eventually.ts";
import { pause } from "../support/pause.ts";

// The sandbox's magic numbers whose orders stay pending for 3 s, and for a day.
const SLOW = "+14155550113";
const ENDLESS = "+14155559001";
/** As long as a server may wait for a purchase: many times what the two signals take. */
const WAIT_MS = 60_000;

const connected = async ({ port }: TestServer): Promise<Socket> => {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
};

/** Waits until a signal has arrived, which may take a while on a busy machine. */
const closed = async (server: TestServer): Promise<void> => {
  await until(async () => {
    const socket = await connected(server).catch(() => null);
    socket?.destroy();
    return socket === null;
  });
};

/** Asks for a slow number, and waits until the order is under way. */
const buySlowly = async (server: TestServer, token: string, phoneNumber: string = SLOW) => {
  const body = { phoneNumber, teamId: "acme" };
  const answer = server.request("POST", "/api/phone-numbers/purchase", { token, body })
    .catch(() => "gone" as const);
  await until(async () =>
    (await server.request("GET", "/v1/phone-numbers", { token })).json.length === 1
  );
  return { answer };
};

const endOf = (server: TestServer): Promise<unknown> => inTime(() => server.ended, LIMIT_MS);

const RUNTIMES = ["node", "deno"] as const;

for (const runtime of RUNTIMES) {
  describe(
    `a server on ${runtime} that is stopped during a purchase`,
    { timeout: 600_000 },
    () => {
      after(removeServers);

      test("answers the purchase under way and takes no new connection", async () => {
        const server = await startServer({ runtime, environment: { PURCHASE_WAIT_MS: "60000" } });
        const token = await server.organization("acme");
        const buying = await buySlowly(server, token);
        const ending = server.kill("SIGTERM");
        await closed(server);
        await assert.rejects(connected(server), { code: "ECONNREFUSED" });
        const answer = await buying.answer;
        assert.ok(answer !== "gone");
        const { status, json } = answer;
        assert.equal(status, 200);
        assert.equal(json.phoneNumber.status, "active");
        assert.deepEqual(await ending, { code: 0, signal: null });
        assert.equal(server.printed().err, "");

        const again = await startServer({ runtime, folder: server.folder });
        const { json: listed } = await again.request(
          "GET",
          "/api/phone-numbers/purchase?teamId=acme",
          {
            token,
          },
        );
        assert.deepEqual(
          listed.numbers.map(({ id, status }: { id: string; status: string }) => ({ id, status })),
          [{ id: json.phoneNumber.id, status: "active" }],
        );
        await again.kill("SIGTERM");
      });

      test("leaves a purchase whose wait is over to the next start", async () => {
        const server = await startServer({ runtime, environment: { PURCHASE_WAIT_MS: "50" } });
        const token = await server.organization("acme");
        const body = { phoneNumber: SLOW, teamId: "acme" };
        const { status } = await server.request("POST", "/api/phone-numbers/purchase", {
          token,
          body,
        });
        assert.equal(status, 202);
        assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
        const again = await startServer({
          runtime,
          folder: server.folder,
          environment: { RECOVERY_MS: "50" },
        });
        await until(async () => {
          const { json } = await again.request("GET", "/v1/phone-numbers", { token });
          return json[0]?.setupStatus.issues.includes("PURCHASE_PENDING") === false;
        });
        await again.kill("SIGTERM");
      });

      test("ends with status 130 when it is signalled twice", async () => {
        const environment = { PURCHASE_WAIT_MS: String(WAIT_MS) };
        const server = await startServer({ runtime, environment });
        const token = await server.organization("acme");
        const buying = await buySlowly(server, token, ENDLESS);
        void server.kill("SIGINT");
        await closed(server);
        assert.deepEqual(await server.kill("SIGINT"), { code: 130, signal: null });
        assert.equal(await buying.answer, "gone");
      });
    },
  );
}

for (const runtime of RUNTIMES) {
  describe(
    `a server on ${runtime} that is stopped and has idle clients`,
    { timeout: 600_000 },
    () => {
      after(removeServers);

      test("ends immediately when clients keep connections open without asking", async () => {
        // So long that only a stop that does not wait for them is in time.
        const server = await startServer({ runtime, environment: { PURCHASE_WAIT_MS: "60000" } });
        const silent = await connected(server);
        const idle = await connected(server);
        idle.write("GET /v1/phone-numbers HTTP/1.1\r\nHost: x\r\n\r\n");
        await once(idle, "data");
        void server.kill("SIGTERM");
        assert.deepEqual(await endOf(server), { code: 0, signal: null });
        silent.destroy();
        idle.destroy();
      });

      test("ends when a client never finishes its request", async () => {
        const server = await startServer({ runtime, environment: { PURCHASE_WAIT_MS: "100" } });
        const token = await server.organization("acme");
        const half = await connected(server);
        half.on("error", () => {});
        half.write(
          "POST /v1/phone-numbers HTTP/1.1\r\nHost: x\r\n" +
            `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
            'Content-Length: 100\r\n\r\n{"e164":',
        );
        await pause(200, "the request begins in it, which nothing outside shows");
        void server.kill("SIGTERM");
        assert.deepEqual(await endOf(server), { code: 0, signal: null });
        half.destroy();
      });
    },
  );
}
