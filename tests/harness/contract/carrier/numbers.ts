/** What every carrier keeps for us, and how it lists it. */
import assert from "node:assert/strict";
import type { CarrierNumber } from "../../../../core/ports/mod.ts";
import type { Test } from "../../runner.ts";
import { buy, type CarrierSubject, first, inventoryOf, valueOf } from "../carrier-support.ts";

/** A number without the fields that only some carriers report. */
const seenOf = (number: CarrierNumber | null) => {
  assert.ok(number);
  const { e164, carrierId, status, orderKey, connectionId } = number;
  return { e164, carrierId, status, orderKey, connectionId };
};

export const keeping = (test: Test, subject: () => CarrierSubject): void => {
  test("inventory has a number once it is bought, with its key, until it is released", async () => {
    const bought = await buy(subject(), (await first(subject())).e164);
    const { key: orderKey, e164, carrierId } = bought;
    const kept = { e164, carrierId, status: "active", orderKey, connectionId: null };
    const find = async () =>
      (await inventoryOf(subject())).filter((number) => number.e164 === e164).map(seenOf);
    assert.deepEqual(await find(), [kept]);
    assert.deepEqual(seenOf(valueOf(await subject().carrier.findNumber(e164))), kept);
    await subject().carrier.release(bought);
    assert.deepEqual(await find(), []);
    assert.equal(valueOf(await subject().carrier.findNumber(e164)), null);
  });

  test("inventory has each number once", async () => {
    await buy(subject(), (await first(subject())).e164);
    const ids = (await inventoryOf(subject())).map(({ carrierId }) => carrierId);
    assert.equal(new Set(ids).size, ids.length);
  });

  test("has returns whether a number is ours under its id, until it is released", async () => {
    const { carrier } = subject();
    const bought = await buy(subject(), (await first(subject())).e164);
    assert.equal(valueOf(await carrier.has(bought)), true);
    const { e164 } = bought;
    assert.equal(valueOf(await carrier.has({ e164, carrierId: "contract_unknown" })), false);
    await carrier.release(bought);
    assert.equal(valueOf(await carrier.has(bought)), false);
    const later = await buy(subject(), e164);
    assert.equal(valueOf(await carrier.has(bought)), false);
    assert.equal(valueOf(await carrier.has(later)), true);
  });

  test("connect changes the connection that findNumber returns", async () => {
    const bought = await buy(subject(), (await first(subject())).e164);
    const { carrier } = subject();
    assert.equal(valueOf(await carrier.connect(bought, "1494404757140276705")), "connected");
    const found = valueOf(await carrier.findNumber(bought.e164));
    assert.equal(found?.connectionId, "1494404757140276705");
    await carrier.release(bought);
    assert.equal(valueOf(await carrier.connect(bought, "1494404757140276705")), "gone");
  });

  test("findNumber gives null when the number is not ours", async () => {
    const { e164 } = await first(subject());
    assert.equal(valueOf(await subject().carrier.findNumber(e164)), null);
  });
};
