/** The keys of claims, and which of them events take and give back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { State } from "../../core/log/state.ts";
import { claimsHeldBy, claimsOf } from "../../core/registry/claims.ts";
import { claimedNumber, isClaimKey, isWithin, worldsOf } from "../../core/values/claim-key.ts";
import { at, stateAfter } from "../harness/specification.ts";
import {
  E164_1,
  imported,
  opened,
  PN,
  purchased,
  purchaseFailed,
  released,
  requested,
} from "../harness/story/mod.ts";
import { claimant } from "../../core/number/refusals.ts";
import { numbers } from "../../core/number/state.ts";
import { touchedBy } from "../../core/registry/replay.ts";

const NOON = "2026-01-31T12:00:00Z";
const SOLD = { key: `sandbox:${E164_1}`, holder: PN };
const IMPORTED = { key: `sandbox-import:${E164_1}`, holder: PN };

test("a key is a number, or one after a kind of claim", () => {
  const keys = ["", "import:", "sandbox:", "sandbox-import:"].map((kind) => `${kind}${E164_1}`);
  for (const key of keys) {
    assert.ok(isClaimKey(key));
    assert.equal(claimedNumber(key), E164_1);
  }
  const others = [":", "live:", "import", "import::", "sandbox "].map((kind) => `${kind}${E164_1}`);
  for (const key of [...others, "", "import:", "import:415", "415", `${E164_1}:`]) {
    assert.equal(isClaimKey(key), false, key);
  }
});

test("all worlds are within all, and one within itself", () => {
  assert.deepEqual(worldsOf("all"), ["live", "sandbox"]);
  assert.deepEqual(worldsOf("live"), ["live"]);
  const within = (["all", "live", "sandbox"] as const).map((
    scope,
  ) => [isWithin(scope, "live"), isWithin(scope, "sandbox")]);
  assert.deepEqual(within, [[true, true], [true, false], [false, true]]);
});

test("a purchase claims what is sold, and with its confirmation also what is imported", () => {
  const none = State.empty();
  assert.deepEqual(claimsOf([requested()], none), { claims: [SOLD], free: [] });
  const asked = stateAfter(at(NOON, opened(), requested()));
  assert.deepEqual(claimsOf([purchased(NOON)], asked), { claims: [IMPORTED], free: [] });
  assert.deepEqual(claimsOf([imported()], none), { claims: [IMPORTED], free: [] });
});

test("an adopted number is claimed immediately as a bought one is after its confirmation", () => {
  const { claims, free } = claimsOf([{
    type: "NumberAdopted",
    data: { carrier: "sandbox", e164: E164_1, holding: PN },
  } as never], State.empty());
  assert.deepEqual([claims, free], [[SOLD, IMPORTED], []]);
});

test("a failed purchase, and a release, give back what was claimed, in the state before", () => {
  const asked = stateAfter(at(NOON, opened(), requested()));
  assert.deepEqual(claimsOf([purchaseFailed()], asked), { claims: [], free: [SOLD] });
  const held = stateAfter(at(NOON, opened(), requested(), purchased(NOON)));
  assert.deepEqual(claimsOf([released()], held), { claims: [], free: [SOLD, IMPORTED] });
  const brought = stateAfter(at(NOON, opened(), imported()));
  assert.deepEqual(claimsOf([released()], brought), { claims: [], free: [IMPORTED] });
  const failed = stateAfter(at(NOON, opened(), requested(), purchaseFailed()));
  assert.deepEqual(claimsOf([released()], failed), { claims: [], free: [] });
});

test("events of a number that is not there claim nothing", () => {
  for (const event of [purchased(NOON), purchaseFailed(), released()]) {
    assert.deepEqual(claimsOf([event], State.empty()), { claims: [], free: [] });
  }
  const dismissed = { type: "PurchaseDismissed", data: { holding: PN } } as const;
  assert.deepEqual(claimsOf([opened(), dismissed], State.empty()), { claims: [], free: [] });
});

test("claimant is unknown where no claim was read", () => {
  assert.deepEqual(claimant(State.empty()), {});
});

test("claims are those of numbers, and an event touches each row once", () => {
  const state = stateAfter(at(NOON, opened(), requested(), purchased(NOON)));
  const claims = claimsHeldBy(state, [{ kind: numbers.kind, key: PN }]);
  assert.ok(claims.length > 0 && claims.every(({ holder }) => holder === PN));
  assert.deepEqual(claimsHeldBy(state, [{ kind: "order", key: PN }]), []);
  assert.deepEqual(claimsHeldBy(state, [{ kind: numbers.kind, key: "pn_2" }]), []);
  const fact = { ...imported(), at: 0, actor: { kind: "operator" } } as never;
  const touched = touchedBy([fact, fact]);
  assert.equal(touched.filter(({ kind }) => kind === numbers.kind).length, 1);
  assert.ok(touched.some(({ kind, key }) => kind === numbers.kind && key === PN));
});
