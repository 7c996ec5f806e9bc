/** A server that buys from Telnyx, as the settings have it (adapters/carrier/telnyx/README.md). */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { openTestClock } from "../../adapters/clock/test.ts";
import { removeServers, startServer, type TestServer } from "../support/server.ts";
import { serveTelnyx } from "../support/telnyx-server.ts";
import { openTelnyx } from "../harness/emulators/telnyx/mod.ts";

// The server's webhooks are checked by the machine's time.
const clock = openTestClock(Date.now());
const telnyx = await openTelnyx({ orderMs: 0, clock });
const carrier = await serveTelnyx(telnyx);

const start = (): Promise<TestServer> =>
  startServer({
    folder: "memory",
    environment: {
      CARRIER: "telnyx",
      TELNYX_API_KEY: telnyx.apiKey,
      TELNYX_BASE_URL: `${carrier.baseUrl}/`,
      TELNYX_PUBLIC_KEY: telnyx.webhooks.publicKey,
    },
  });

const buy = async (server: TestServer, token: string, areaCode: string) => {
  const search = `/v1/phone-numbers/available?areaCode=${areaCode}&limit=1`;
  const offers = await server.request("GET", search, { token });
  const { e164 } = offers.json[0];
  const bought = await server.request("POST", "/v1/phone-numbers", { token, body: { e164 } });
  assert.equal(bought.status, 200, JSON.stringify(bought.json));
  return bought.json;
};

describe("a server with Telnyx", { timeout: 600_000 }, () => {
  after(async () => {
    await removeServers();
    await carrier.close();
  });

  test("buys there, takes its webhooks, and buys from the sandbox for a sandbox token", async () => {
    const server = await start();
    const token = await server.organization("acme");
    const number = await buy(server, token, "415");
    const [owned] = telnyx.numbers();
    assert.deepEqual(
      [number.e164, number.telnyxPhoneNumberId, number.providerResourceId],
      [owned?.e164, owned?.id, owned?.id],
    );

    const body = JSON.stringify({ data: { event_type: "message.sent" } });
    const headers = await telnyx.webhooks.sign(body, Date.now());
    const path = "/webhooks/telnyx";
    assert.equal((await server.request("POST", path, { body, headers })).status, 200);
    assert.equal((await server.request("POST", path, { body, headers })).status, 200);

    const user = { email: "bob@example.com", name: "Bob", sandbox: true };
    const issued = await server.admin("POST", "/admin/organizations/acme/tokens", user);
    assert.equal((await buy(server, issued.token, "212")).telnyxPhoneNumberId, null);
    assert.equal(telnyx.numbers().length, 1);

    const released = await server.request("DELETE", `/v1/phone-numbers/${number.id}`, { token });
    assert.deepEqual(released.json, { released: true });
    assert.equal(telnyx.numbers().length, 0);
    assert.doesNotMatch(server.printed().err, new RegExp(telnyx.apiKey));
    await server.kill("SIGTERM");
  });
});
