/** How every carrier takes orders. */
import assert from "node:assert/strict";
import type { Test } from "../../runner.ts";
import {
  buy,
  type CarrierSubject,
  first,
  inventoryOf,
  isListed,
  newKey,
  settled,
  valueOf,
} from "../carrier-support.ts";

const RACERS = 20;

const taking = (test: Test, subject: () => CarrierSubject): void => {
  test("order takes the number out of search and quote when it is confirmed", async () => {
    const { e164 } = await first(subject());
    await buy(subject(), e164);
    assert.equal(await isListed(subject(), e164), false);
    assert.equal(valueOf(await subject().carrier.quote(e164)), null);
  });

  test("order fails as not available when the number is sold", async () => {
    const { e164 } = await first(subject());
    const bought = await buy(subject(), e164);
    const again = await subject().carrier.order({ key: newKey(), e164, connectionId: null });
    const order = valueOf(again);
    assert.ok(order.status === "failed" && order.reason === "notAvailable");
    const kept = valueOf(await subject().carrier.findOrder(bought.key));
    assert.deepEqual(kept, { status: "confirmed", carrierId: bought.carrierId });
  });

  test("order fails as not available when the number is not offered", async () => {
    const { carrier, notOffered } = subject();
    const request = { key: newKey(), e164: notOffered, connectionId: null };
    const order = valueOf(await carrier.order(request));
    assert.ok(order.status === "failed" && order.reason === "notAvailable");
  });

  test("order gives different carrier ids for different numbers", async () => {
    const one = await buy(subject(), (await first(subject())).e164);
    const other = await buy(subject(), (await first(subject())).e164);
    assert.notEqual(one.e164, other.e164);
    assert.notEqual(one.carrierId, other.carrierId);
  });

  test("order confirms one of twenty when all want one number concurrently", async () => {
    const { e164 } = await first(subject());
    const keys = Array.from({ length: RACERS }, newKey);
    const answers = await Promise.all(
      keys.map((key) => subject().carrier.order({ key, e164, connectionId: null })),
    );
    const takenKeys = keys.filter((_, place) => {
      const answer = answers[place];
      return answer?.ok === true && answer.value.status !== "failed";
    });
    assert.equal(takenKeys.length, 1);
    const order = await settled(subject(), takenKeys[0] ?? "");
    assert.equal(order.status, "confirmed");
  });
};

/** Orders by their keys. */
const keys = (test: Test, subject: () => CarrierSubject): void => {
  test("findOrder distinguishes orders by their whole keys", async () => {
    const one = await buy(subject(), (await first(subject())).e164);
    const other = await buy(subject(), (await first(subject())).e164);
    for (const { key, carrierId, e164 } of [one, other]) {
      const order = valueOf(await subject().carrier.findOrder(key));
      assert.deepEqual(order, { status: "confirmed", carrierId });
      assert.equal(valueOf(await subject().carrier.findNumber(e164))?.orderKey, key);
      assert.equal(valueOf(await subject().carrier.findOrder(key.slice(0, -1))), null);
    }
  });

  test("order under one key buys one number once, however often it is given", async () => {
    const { e164 } = await first(subject());
    const { key, carrierId } = await buy(subject(), e164);
    await subject().carrier.order({ key, e164, connectionId: null });
    assert.deepEqual(await settled(subject(), key), { status: "confirmed", carrierId });
    const held = (await inventoryOf(subject())).filter(({ orderKey }) => orderKey === key);
    assert.deepEqual(held.map((number) => number.carrierId), [carrierId]);
  });

  test("findOrder gives null when the key is unknown", async () => {
    assert.equal(valueOf(await subject().carrier.findOrder(newKey())), null);
  });
};

/** Orders, and what is reported of them. */
export const ordering = (test: Test, subject: () => CarrierSubject): void => {
  taking(test, subject);
  keys(test, subject);
};
