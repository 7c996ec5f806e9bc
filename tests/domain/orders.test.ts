import assert from "node:assert/strict";
import { test } from "node:test";
import { orders } from "../../core/number/orders.ts";
import { at, stateAfter } from "../harness/specification.ts";
import {
  E164_1,
  opened,
  PN,
  purchased,
  purchaseFailed,
  released,
  releaseStarted,
  requested,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const placed = { holding: PN, e164: E164_1, carrier: "sandbox" };

test("order is known by its key when the purchase is requested", () => {
  const state = stateAfter(at(NOON, opened(), requested()));
  assert.deepEqual(state.get(orders, "od_1"), placed);
  assert.equal(state.get(orders, "od_2"), undefined);
});

test("order stays known when the purchase failed, or the number was released", () => {
  const failed = stateAfter(at(NOON, opened(), requested(), purchaseFailed()));
  assert.deepEqual(failed.get(orders, "od_1"), placed);
  const past = [requested(), purchased(NOON), releaseStarted("byUser"), released()];
  assert.deepEqual(stateAfter(at(NOON, opened(), ...past)).get(orders, "od_1"), placed);
});
