/** How every carrier answers an order while its transport fails, and its state afterwards. */
import assert from "node:assert/strict";
import type { Test } from "../../runner.ts";
import type { CarrierCallName } from "../../faulty-carrier.ts";
import {
  type CarrierSubject,
  first,
  found,
  inventoryOf,
  newKey,
  settled,
  valueOf,
} from "../carrier-support.ts";
import { NOT_TAKEN, TAKEN, TRANSPORT_FAULTS } from "../transport.ts";
import { assertFails, failing, MAYBE_TAKEN, SURELY_NOT } from "./faults-support.ts";

/** An order, and all by which an adapter might look for it itself. */
const ORDER_AND_LOOK_UPS: readonly CarrierCallName[] = [
  "order",
  "findOrder",
  "findNumber",
  "inventory",
  "has",
];

const LOOKS = 3;

/** Orders a number while the transport fails. */
const orderWhile = async (
  subject: CarrierSubject,
  fault: keyof typeof TRANSPORT_FAULTS,
) => {
  const { e164 } = await first(subject);
  const request = { key: newKey(), e164, connectionId: null };
  const order = () => subject.carrier.order(request);
  const answer = await failing(subject, fault, ORDER_AND_LOOK_UPS, order);
  return { request, answer };
};

/** The carrier has the number once, under this key and id. */
const assertHeldOnce = async (subject: CarrierSubject, key: string, carrierId: string) => {
  const held = (await inventoryOf(subject)).filter(({ orderKey }) => orderKey === key);
  assert.deepEqual(held.map((number) => number.carrierId), [carrierId]);
};

/** Orders, of which each is sent over a transport that fails. */
export const orderingWhileFailing = (test: Test, subject: () => CarrierSubject): void => {
  for (const fault of TAKEN) {
    test(`order is unknown, and found by its key, when ${TRANSPORT_FAULTS[fault]}`, async () => {
      const { request, answer } = await orderWhile(subject(), fault);
      assertFails(answer, MAYBE_TAKEN, fault);
      const order = await found(subject(), request.key);
      assert.ok(order.status === "confirmed", `the order is ${order.status}`);
      const { carrierId } = order;
      await assertHeldOnce(subject(), request.key, carrierId);
      await subject().carrier.order(request);
      assert.deepEqual(await settled(subject(), request.key), order);
      await assertHeldOnce(subject(), request.key, carrierId);
    });
  }

  for (const fault of NOT_TAKEN) {
    test(`order is not taken, and not reported as taken, when ${TRANSPORT_FAULTS[fault]}`, async () => {
      const { request, answer } = await orderWhile(subject(), fault);
      assertFails(answer, SURELY_NOT, fault);
      for (let look = 0; look < LOOKS; look += 1) {
        assert.equal(valueOf(await subject().carrier.findOrder(request.key)), null);
        await subject().pass();
      }
      assert.equal(valueOf(await subject().carrier.quote(request.e164))?.e164, request.e164);
      valueOf(await subject().carrier.order(request));
      const order = await settled(subject(), request.key);
      assert.ok(order.status === "confirmed", `the order is ${order.status}`);
      await assertHeldOnce(subject(), request.key, order.carrierId);
    });
  }
};
