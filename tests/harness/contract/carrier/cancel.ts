/** How every carrier cancels orders that can. */
import assert from "node:assert/strict";
import type { Cancellation, Carrier } from "../../../../core/ports/carrier.ts";
import { skip, type Test } from "../../runner.ts";
import { ALL_FAULTS, TRANSPORT_FAULTS } from "../transport.ts";
import { buy, type CarrierSubject, first, newKey, settled, valueOf } from "../carrier-support.ts";

import { failing } from "./faults-support.ts";

/** The call that cancels orders; skips the test where the carrier leaves it out. */
const callOf = ({ carrier }: CarrierSubject): NonNullable<Carrier["cancel"]> =>
  carrier.cancel?.bind(carrier) ?? skip("the carrier has no `cancel`");

/** Cancels an order. */
const cancel = async (subject: CarrierSubject, key: string): Promise<Cancellation> =>
  valueOf(await callOf(subject)(key));

/** An order that is pending, if the carrier has any such, and its number. */
const orderSlowly = async (subject: CarrierSubject) => {
  const key = newKey();
  const { slow, carrier } = subject;
  // It may be sold, as long as one that was ordered earlier is on its way.
  const isOffered = slow !== undefined && valueOf(await carrier.quote(slow)) !== null;
  const e164 = isOffered ? slow : (await first(subject)).e164;
  const order = valueOf(await carrier.order({ key, e164, connectionId: null }));
  return { key, e164, isPending: order.status === "pending" };
};

/** Asserts that the number of a cancelled order is not kept for us, and can be sold again. */
const assertFree = async (subject: CarrierSubject, key: string, e164: `+${string}`) => {
  const { carrier, pass } = subject;
  const order = await settled(subject, key);
  assert.equal(order.status, "failed", "a cancelled order is to have failed");
  await pass();
  assert.equal((await settled(subject, key)).status, "failed", "a cancelled order stays failed");
  assert.equal(valueOf(await carrier.findNumber(e164)), null, `${e164} is kept anyway`);
  assert.notEqual(valueOf(await carrier.quote(e164)), null, `${e164} is not offered again`);
};

export const cancelling = (test: Test, subject: () => CarrierSubject): void => {
  test("cancellation of an order that was never made finds none", async () => {
    assert.equal(await cancel(subject(), newKey()), "none");
  });

  test("cancellation of an order that is filled comes too late, and its number stays", async () => {
    callOf(subject());
    const { key, e164, carrierId } = await buy(subject(), (await first(subject())).e164);
    assert.equal(await cancel(subject(), key), "filled");
    const order = valueOf(await subject().carrier.findOrder(key));
    assert.deepEqual(order, { status: "confirmed", carrierId });
    assert.equal(valueOf(await subject().carrier.has({ carrierId, e164 })), true);
  });

  test("cancellation returns how the order ends, however often it is repeated", async () => {
    callOf(subject());
    const { key, e164, isPending } = await orderSlowly(subject());
    const answer = await cancel(subject(), key);
    assert.notEqual(answer, "none", "the carrier has the order");
    assert.equal(answer === "filled", !isPending, `it answered ${answer}`);
    if (answer !== "cancelled") {
      assert.equal((await settled(subject(), key)).status, "confirmed");
      return;
    }
    assert.equal(await cancel(subject(), key), "cancelled", "the second time");
    await assertFree(subject(), key, e164);
    assert.equal(await cancel(subject(), key), "cancelled", "after its time");
  });

  test("cancellation of one order leaves a later one of its number alone", async () => {
    callOf(subject());
    const earlier = await orderSlowly(subject());
    if (await cancel(subject(), earlier.key) !== "cancelled") {
      skip("the carrier could not cancel an order that was just made");
    }
    const later = await buy(subject(), earlier.e164);
    assert.equal(await cancel(subject(), earlier.key), "cancelled");
    const { carrierId, e164 } = later;
    assert.equal(valueOf(await subject().carrier.has({ carrierId, e164 })), true);
    // Others are to find it for sale.
    valueOf(await subject().carrier.release({ carrierId, e164 }));
  });
};

/** Cancellations over a transport that fails: they are asked for until an answer comes. */
export const cancellingWhileFailing = (test: Test, subject: () => CarrierSubject): void => {
  for (const fault of ALL_FAULTS) {
    test(`cancellation may be repeated until it is answered when ${TRANSPORT_FAULTS[fault]}`, async () => {
      const call = callOf(subject());
      const { key, e164 } = await orderSlowly(subject());
      const ask = () => call(key);
      const answer = await failing(subject(), fault, ["cancel"], ask);
      const again = valueOf(await ask());
      if (answer.ok) assert.equal(again, answer.value, "another word than the first time");
      if (again === "cancelled") await assertFree(subject(), key, e164);
      else assert.equal((await settled(subject(), key)).status, "confirmed");
    });
  }
};
