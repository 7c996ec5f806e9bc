/** The connections that the sender of Node and Deno keeps. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WebhookAnswer, WebhookFailure, WebhookSender } from "../../../core/ports/mod.ts";
import type { Result } from "../../../core/values/result.ts";
import { openWebhookSender } from "../../../adapters/webhooks/node/sender.ts";
import type { EndpointBehaviour } from "../../harness/contract/webhook-endpoints.ts";
import { until } from "../../support/eventually.ts";
import { CERTIFICATE } from "./certificate.ts";
import { openEndpoint } from "./endpoint.ts";

type Outcome = Result<WebhookAnswer, WebhookFailure>;

const sendTo = (sender: WebhookSender, url: string, endpoint = "wh_1"): Promise<Outcome> =>
  sender.send({ endpoint, url, headers: { "webhook-id": "ev_1" }, body: "{}" });

const said = (outcome: Outcome): number | string =>
  outcome.ok ? outcome.value.status : outcome.error.code;

const openOver = async (behaviour: EndpointBehaviour, isSecure = true) => {
  const endpoint = await openEndpoint(behaviour, { isSecure });
  const sender = openWebhookSender({ allowsPrivate: true, authorities: CERTIFICATE });
  const url = `${isSecure ? "https" : "http"}://127.0.0.1:${endpoint.port}/`;
  const close = async () => {
    sender.close();
    await endpoint.close();
  };
  return { endpoint, sender, url, close };
};

describe("connections", () => {
  for (const isSecure of [true, false]) {
    const scheme = isSecure ? "https" : "http";
    it(`are kept for the next message (${scheme})`, async () => {
      const { endpoint, sender, url, close } = await openOver("accepts", isSecure);
      for (let sent = 0; sent < 5; sent++) assert.equal(said(await sendTo(sender, url)), 200);
      assert.deepEqual([endpoint.received.length, endpoint.connections()], [5, 1]);
      await close();
    });

    it(`that the endpoint closed meanwhile cost no message (${scheme})`, async () => {
      const { endpoint, sender, url, close } = await openOver("accepts", isSecure);
      for (let sent = 0; sent < 10; sent++) {
        assert.equal(said(await sendTo(sender, url)), 200);
        endpoint.dropIdle();
      }
      assert.equal(endpoint.received.length, 10);
      await close();
    });
  }

  it("of an answer that is cut off are closed", async () => {
    const { endpoint, sender, url, close } = await openOver("neverEnds");
    for (let sent = 0; sent < 3; sent++) assert.equal(said(await sendTo(sender, url)), 200);
    await until(() => endpoint.open() === 0);
    await close();
  });

  it("are as many as there are messages under way, and few are kept", async () => {
    const { endpoint, sender, url, close } = await openOver("accepts");
    const outcomes = await Promise.all(
      Array.from({ length: 64 }, (_, at) => sendTo(sender, url, `wh_${at}`)),
    );
    assert.deepEqual(outcomes.map(said), outcomes.map(() => 200));
    await until(() => endpoint.open() <= 8);
    await close();
  });

  it("over all endpoints have an end too", async () => {
    const endpoint = await openEndpoint("isSilent", { isSecure: false });
    const options = { allowsPrivate: true, timeoutMs: 2_000, places: 5, placesEach: 2 };
    const sender = openWebhookSender(options);
    const url = `http://127.0.0.1:${endpoint.port}/`;
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, at) => sendTo(sender, url, `wh_${at}`)),
    );
    assert.deepEqual(outcomes.map(said), [
      ...Array.from({ length: 5 }, () => "TIMED_OUT"),
      ...Array.from({ length: 5 }, () => "BUSY"),
    ]);
    sender.close();
    await endpoint.close();
  });

  it("to a server without TLS, or one that hangs in it, have an outcome", async () => {
    const plain = await openEndpoint("isSilent", { isSecure: false });
    const sender = openWebhookSender({ allowsPrivate: true, connectMs: 1_500 });
    const url = `https://127.0.0.1:${plain.port}/`;
    assert.equal(said(await sendTo(sender, url)), "TIMED_OUT");
    const speaking = await openEndpoint("greets", { isSecure: false });
    const other = `https://127.0.0.1:${speaking.port}/`;
    assert.equal(said(await sendTo(sender, other)), "TLS_FAILED");
    sender.close();
    await plain.close();
    await speaking.close();
  });
});
