import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { DomainEvent, Fact } from "../../core/events/vocabulary.ts";
import { canMoveCredits, creditedBy, movementOf } from "../../core/organization/credits.ts";
import { keysOf, State } from "../../core/log/state.ts";
import { organizations, SELF } from "../../core/organization/state.ts";
import { fold } from "../../core/registry/replay.ts";
import { money } from "../../core/values/money.ts";
import { event } from "../harness/arbitraries/mod.ts";
import { ALICE } from "../harness/specification.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { PN, purchaseFailed } from "../harness/story/mod.ts";

const factOf = (happened: DomainEvent): Fact => ({ ...happened, at: 0, actor: ALICE });

/** The balance that one event leaves of ten dollars. */
const balanceAfter = (fact: Fact): number => {
  const state = State.empty();
  fold(state, factOf({ type: "OrganizationOpened", data: { name: "Acme", plan: "Prepaid" } }));
  fold(state, factOf({ type: "CreditsAdded", data: { amount: money(10_000_000) } }));
  if (keysOf(organizations, fact).includes(SELF)) state.apply([organizations], fact);
  return state.get(organizations, SELF)?.credits.micros ?? Number.NaN;
};

test("any event changes the balance by just the movement that it is", () =>
  fc.assert(fc.property(event, (happened) => {
    const fact = factOf(happened);
    // Amounts near 2^53 are rounded by any sum; credits are bounded below that.
    fc.pre(Math.abs(creditedBy(fact).micros) < 2 ** 50);
    assert.equal(balanceAfter(fact), 10_000_000 + creditedBy(fact).micros);
  })));

test("an event whose type moves no credits is not a movement, and no movement is empty", () =>
  fc.assert(fc.property(event, (happened) => {
    const movement = movementOf(factOf(happened));
    if (!canMoveCredits(happened.type)) assert.equal(movement, undefined);
    if (movement !== undefined) assert.notEqual(movement.amount.micros, 0);
  })));

test("refund of nothing moves no credits", () => {
  const movement = (micros: number) =>
    movementOf({
      ...purchaseFailed({ refunded: { micros, currency: "USD" } }),
      at: 0,
      actor: OPERATOR,
    } as never);
  assert.equal(movement(0), undefined);
  assert.deepEqual(movement(5), {
    reason: "refund",
    amount: { micros: 5, currency: "USD" },
    holding: PN,
  });
});
