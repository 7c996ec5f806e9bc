/** Telnyx's webhooks: which are accepted, which order each is about, and what is remembered. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSeenSignatures } from "../../../adapters/carrier/telnyx/seen-signatures.ts";
import { openSeen, openTelnyxWebhook } from "../../../adapters/carrier/telnyx/webhook.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { openTelnyx } from "../../harness/emulators/telnyx/mod.ts";

const TOLERANCE_MS = 300_000;
const BODY = "{}";

const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
const { webhooks: { publicKey, sign } } = await openTelnyx({ clock });

type Headers = Readonly<Record<string, string>>;

/** The outcome of one webhook: new, repeated, or the sentence of its refusal. */
const verifier = (seen = openSeen()) => {
  const webhook = openTelnyxWebhook({ publicKey, now: clock.now, seen });
  return async (headers: Headers, body = BODY) => {
    const bytes = new TextEncoder().encode(body);
    const verified = await webhook.verify((name) => headers[name] ?? null, bytes);
    if (!verified.ok) return verified.error.message;
    return verified.value.isRepeated ? "repeated" : "new";
  };
};

describe("a webhook", () => {
  test("is new once, also where another verifier shares what was seen", async () => {
    const seen = openSeen();
    const headers = await sign(BODY);
    assert.equal(await verifier(seen)(headers), "new");
    assert.equal(await verifier(seen)(headers), "repeated");
    assert.equal(await verifier()(headers), "new");
  });

  test("is refused for its form, its time or its signature, each in a sentence", async () => {
    const verify = verifier();
    const { now } = clock;
    assert.match(await verify({}), /not signed as Telnyx signs/);
    for (const off of [-TOLERANCE_MS - 1_000, TOLERANCE_MS + 1_000]) {
      assert.match(await verify(await sign(BODY, now() + off)), /more than five minutes/);
    }
    for (const off of [-TOLERANCE_MS, TOLERANCE_MS]) {
      assert.equal(await verify(await sign(BODY, now() + off)), "new");
    }
    assert.match(await verify(await sign(BODY), `${BODY} `), /signature is not good/);
  });

  test("is about the order whose key it names, or about something else", () => {
    const { orderKeyOf } = openTelnyxWebhook({ publicKey, now: clock.now });
    const event = (event_type: string, customer_reference: unknown) => ({
      data: { event_type, payload: { customer_reference } },
    });
    assert.equal(orderKeyOf(event("number_order.complete", "od_1")), "od_1");
    assert.equal(orderKeyOf(event("sub_number_order.updated", "od_1")), "od_1");
    for (
      const other of [null, {}, event("message.received", "od_1"), event("number_order.x", 5)]
    ) {
      assert.equal(orderKeyOf(other), null);
    }
  });
});

describe("the signatures that were seen", () => {
  test("forgets old values, and the oldest when there are too many", () => {
    const { isNew, forget } = openSeenSignatures({ limit: 3, lastsMs: 100 });
    assert.deepEqual(["a", "a"].map((what) => isNew(what, 0)), [true, false]);
    assert.equal(isNew("a", 100), false);
    assert.equal(isNew("a", 101), true);
    assert.deepEqual(["b", "c"].map((what) => isNew(what, 101)), [true, true]);
    assert.equal(isNew("a", 101), false);
    assert.equal(isNew("d", 101), true);
    assert.equal(isNew("c", 101), false);
    assert.equal(isNew("a", 101), true);
    forget("a");
    assert.deepEqual(["a", "a"].map((what) => isNew(what, 101)), [true, false]);
  });
});
