/** Stopping a server with SIGTERM: what is under way is finished, and nothing new begins. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import {
  newFolder,
  removeServers,
  startProcess,
  startServer,
  type TestServer,
} from "../support/server.ts";
import { inTime } from "../harness/contract/transport.ts";
import { until } from "../support/eventually.ts";
import { pause } from "../support/pause.ts";

// The sandbox's magic numbers whose orders stay pending for 3 s, and for a day.
const [SLOW, OTHER_SLOW] = ["+14155550113", "+12125550113"];
const ENDLESS = "+14155559001";
/**
 * As long as a server may wait for a purchase: many times what its other work takes. A stop that
 * waits for a client takes 3 s more.
 */
const WAIT_MS = 60_000;
const WAITS = { PURCHASE_WAIT_MS: String(WAIT_MS) };

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

const listOf = async (server: TestServer, { token }: User) =>
  (await server.request("GET", "/v1/phone-numbers", { token })).json;

/** A program of an organization's user. */
type User = { readonly teamId: string; readonly token: string };

const userOf = async (server: TestServer, teamId: string): Promise<User> => ({
  teamId,
  token: await server.organization(teamId),
});

const purchase = (server: TestServer, { teamId, token }: User, phoneNumber: string) =>
  server.request("POST", "/api/phone-numbers/purchase", { token, body: { phoneNumber, teamId } });

/** Asks for a number, and waits until the order is under way. */
const buySlowly = async (server: TestServer, user: User, phoneNumber: string) => {
  const { length } = await listOf(server, user);
  const answer = purchase(server, user, phoneNumber).catch(() => "gone" as const);
  await until(async () => (await listOf(server, user)).length > length);
  return { answer };
};

/** Opens a connection on which nothing is sent, and one on which a request was answered. */
const openIdle = async (server: TestServer): Promise<readonly Socket[]> => {
  const [silent, idle] = [await connected(server), await connected(server)];
  idle.write("GET /v1/phone-numbers HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(idle, "data");
  return [silent, idle];
};

/** Opens a connection on which a request was begun, and is never finished. */
const openHalf = async (server: TestServer, { token }: User): Promise<Socket> => {
  const half = await connected(server);
  half.on("error", () => {});
  half.write(
    "POST /v1/phone-numbers HTTP/1.1\r\nHost: x\r\n" +
      `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
      'Content-Length: 100\r\n\r\n{"e164":',
  );
  await pause(200, "the request begins in it, which nothing outside shows");
  return half;
};

/** A database that takes connections and says nothing, so that a start does not go on. */
const openSilent = async () => {
  const silent = createServer();
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  return {
    silent,
    asked: once(silent, "connection"),
    environment: { DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/d` },
  };
};

const ENDED = { code: 0, signal: null };

for (const runtime of ["node", "deno"] as const) {
  describe(`a server on ${runtime} that is stopped`, { timeout: 600_000 }, () => {
    // A start is dear, so each server has more than one thing to do when it is stopped.
    let folder = "";
    before(() => {
      folder = newFolder();
    });
    after(removeServers);
    const start = (environment: Readonly<Record<string, string>>) =>
      startServer({ runtime, folder, environment });

    test("answers the purchase under way, takes no new connection, and waits for no client", async () => {
      const server = await start(WAITS);
      const acme = await userOf(server, "acme");
      const buying = await buySlowly(server, acme, SLOW);
      const ending = server.kill("SIGTERM");
      await closed(server);
      await assert.rejects(connected(server), { code: "ECONNREFUSED" });
      const answer = await buying.answer;
      assert.ok(answer !== "gone");
      const { status, json: { phoneNumber } } = answer;
      assert.equal(status, 200);
      assert.equal(phoneNumber.status, "active");
      assert.deepEqual(await ending, ENDED);
      assert.equal(server.printed().err, "");

      const again = await start(WAITS);
      const path = "/api/phone-numbers/purchase?teamId=acme";
      const { json } = await again.request("GET", path, { token: acme.token });
      assert.deepEqual(
        json.numbers.map(({ id, status }: { id: string; status: string }) => ({ id, status })),
        [{ id: phoneNumber.id, status: "active" }],
      );
      const clients = await openIdle(again);
      void again.kill("SIGTERM");
      assert.deepEqual(await inTime(() => again.ended, WAIT_MS), ENDED);
      for (const client of clients) client.destroy();
    });

    test("leaves what takes too long to the next start, and ends at the second signal", async () => {
      const server = await start({ PURCHASE_WAIT_MS: "50" });
      const globex = await userOf(server, "globex");
      assert.equal((await purchase(server, globex, OTHER_SLOW)).status, 202);
      const half = await openHalf(server, globex);
      void server.kill("SIGTERM");
      assert.deepEqual(await inTime(() => server.ended, WAIT_MS), ENDED);
      half.destroy();

      const again = await start({ ...WAITS, RECOVERY_MS: "50" });
      await until(async () => {
        const [number] = await listOf(again, globex);
        return number?.setupStatus.issues.includes("PURCHASE_PENDING") === false;
      });
      const buying = await buySlowly(again, globex, ENDLESS);
      void again.kill("SIGINT");
      await closed(again);
      assert.deepEqual(await again.kill("SIGINT"), { code: 130, signal: null });
      assert.equal(await buying.answer, "gone");
    });

    test("ends immediately at a signal before it listens, also as process 1 of a container", async () => {
      const { silent, asked, environment } = await openSilent();
      const starting = startProcess(folder, { runtime, environment });
      const [socket] = await asked;
      assert.deepEqual(await starting.kill("SIGTERM"), { code: 130, signal: null });
      assert.deepEqual(starting.printed(), { out: "", err: "" });
      socket.destroy();
      silent.close();
    });
  });
}
