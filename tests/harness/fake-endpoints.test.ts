/** The endpoints of the kit behave as real ones: their sender passes the contract. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as runner from "node:test";
import { openWebhookNotifier } from "../../adapters/notifier/webhook.ts";
import { openFetchSender } from "../../adapters/webhooks/fetch.ts";
import type { WebhookSender } from "../../core/ports/mod.ts";
import { submission } from "./contract/notifier.ts";
import type { EndpointBehaviour, WebhookSenderSubject } from "./contract/webhook-endpoints.ts";
import { webhookSenderContract } from "./contract/webhook-sender.ts";
import { openFakeEndpoints } from "./fake-endpoints.ts";
import { ANSWERS } from "./planted/endpoint-answers.ts";

const URL = "https://hooks.example/hook?token=secret";

const PLACES_EACH = 3;

const open = (behaviour: EndpointBehaviour): Promise<WebhookSenderSubject> => {
  const endpoints = openFakeEndpoints({ placesEach: PLACES_EACH });
  const hook = endpoints.at(URL);
  hook.answers(ANSWERS[behaviour]);
  return Promise.resolve({
    sender: endpoints.sender,
    url: URL,
    received: () => hook.received,
    placesEach: PLACES_EACH,
    close: () => Promise.resolve(),
  });
};

webhookSenderContract(runner, "in memory", open, {
  withoutNames: "there are no names and no addresses in memory",
});

const sendTo = async (sender: WebhookSender, url: string): Promise<number | string> => {
  const outcome = await sender.send({ endpoint: "wh_1", url, headers: {}, body: "{}" });
  return outcome.ok ? outcome.value.status : outcome.error.code;
};

describe("endpoints in memory", () => {
  it("answer one after the other as they were told, and then go on with the last", async () => {
    const endpoints = openFakeEndpoints();
    const hook = endpoints.at(URL);
    const said: (number | string)[] = [await sendTo(endpoints.sender, URL)];
    hook.answers(500, "drops", "hangs", { fails: "TLS_FAILED" }, 200);
    for (let sent = 0; sent < 6; sent++) said.push(await sendTo(endpoints.sender, URL));
    assert.deepEqual(said, [204, 500, "UNREACHABLE", "TIMED_OUT", "TLS_FAILED", 200, 200]);
    assert.equal(hook.received.length, 6);
  });

  it("are as many as there are URLs, and a URL without one is unreachable and noted", async () => {
    const { at, sender, strays } = openFakeEndpoints();
    const [one, other] = [at("https://a.example/"), at("https://b.example/hook")];
    assert.equal(at("https://A.example"), one);
    other.answers(410);
    const urls = ["https://a.example", "https://b.example/hook", "https://c.example/"];
    const said: (number | string)[] = [];
    for (const url of urls) said.push(await sendTo(sender, url));
    assert.deepEqual(said, [204, 410, "UNREACHABLE"]);
    assert.deepEqual([one.received.length, other.received.length, strays], [1, 1, [urls[2]]]);
  });

  it("let time pass as they are told to, up to the time limit", async () => {
    const slept: number[] = [];
    const sleep = (ms: number): Promise<void> => {
      slept.push(ms);
      return Promise.resolve();
    };
    const { at, sender } = openFakeEndpoints({ sleep, timeoutMs: 10_000 });
    at(URL).answers({ status: 200, lateMs: 3_000 }, { status: 200, lateMs: 30_000 }, "hangs");
    const said = [await sendTo(sender, URL), await sendTo(sender, URL), await sendTo(sender, URL)];
    assert.deepEqual([said, slept], [[200, "TIMED_OUT", "TIMED_OUT"], [3_000, 10_000, 10_000]]);
  });
});

describe("their fetch", () => {
  it("gives senders and notifiers over fetch the same outcomes", async () => {
    const endpoints = openFakeEndpoints();
    const hook = endpoints.at(URL);
    const sender = openFetchSender({ fetch: endpoints.fetch, timeoutMs: 2_000 });
    hook.answers(200, 429, "drops", "hangs", "redirects", 204);
    const said: (number | string)[] = [];
    for (let sent = 0; sent < 6; sent++) said.push(await sendTo(sender, URL));
    assert.deepEqual(said, [200, 429, "UNREACHABLE", "TIMED_OUT", 302, 204]);
    assert.deepEqual(endpoints.strays, []);
    const notifier = openWebhookNotifier({ url: URL, fetch: endpoints.fetch });
    assert.equal((await notifier.announce(submission)).ok, true);
    const last = hook.received.at(-1);
    assert.equal(last?.headers["idempotency-key"], submission.id);
    assert.equal(JSON.parse(last?.body ?? "").type, "verification.submitted");
  });

  it("shows where a redirect was followed", async () => {
    const endpoints = openFakeEndpoints();
    endpoints.at(URL).answers("redirects");
    await assert.rejects(endpoints.fetch(URL), TypeError);
    assert.deepEqual(endpoints.strays, ["http://127.0.0.1/"]);
    await assert.rejects(endpoints.fetch(URL, { redirect: "error" }), TypeError);
    assert.equal((await endpoints.fetch(URL, { redirect: "manual" })).status, 302);
    assert.equal(endpoints.strays.length, 1);
  });

  it("ends a request that hangs or is late when it is called off", async () => {
    const sleep = () => new Promise<never>(() => {});
    const endpoints = openFakeEndpoints({ sleep });
    endpoints.at(URL).answers("hangs", { status: 200, lateMs: 1_000 });
    for (let asked = 0; asked < 2; asked++) {
      const ending = new AbortController();
      const answer = endpoints.fetch(URL, { signal: ending.signal });
      ending.abort(new Error("called off"));
      await assert.rejects(answer);
    }
  });
});
