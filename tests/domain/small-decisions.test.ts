/** Decisions and reads that are small, and on which others rest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isFree } from "../../core/number/decisions/renewal.ts";
import { requirementsUnknown } from "../../core/number/requirements.ts";
import { searchKey, unsupported } from "../../core/number/search.ts";
import { numbers } from "../../core/number/state.ts";
import { claimsHeldBy } from "../../core/registry/claims.ts";
import { touchedBy } from "../../core/registry/replay.ts";
import { placeTest } from "../../core/values/place.ts";
import { writtenNumber } from "../../core/values/written-number.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type { SmsCampaign } from "../../core/events/number.ts";
import type { Command } from "../../core/registry/commands.ts";
import { openDomain } from "../harness/domain.ts";
import { movementOf } from "../../core/organization/credits.ts";
import { ACME, at, given, instant, stateAfter } from "../harness/specification.ts";
import {
  E164_1,
  imported,
  opened,
  PN,
  purchased,
  purchaseFailed,
  requested,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";

test("each intent to give back an orphan is noted", () => {
  const orphan = { carrier: "sandbox", e164: E164_1, carrierId: "c_1" } as const;
  const saying = { at: instant(NOON), actor: OPERATOR };
  const domain = openDomain(DEFAULT_PLANS);
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(domain.give(ACME, { type: "StartOrphanRelease", ...orphan }, saying), {
      ok: true,
      value: [{ type: "OrphanReleaseStarted", data: orphan }],
    });
  }
});

test("what is not known of a market is said with the market", () => {
  const market = { country: "US", type: "local" } as const;
  const { error: { message, ...rest } } = requirementsUnknown(market);
  assert.equal(message, "It is not known what the carrier requires for the number.");
  assert.deepEqual(rest, { code: "REQUIREMENTS_UNKNOWN", ...market });
});

test("a carrier of which no abilities are known searches by no feature and no pattern", () => {
  const filters = { country: "US", type: "local", limit: 1 } as const;
  assert.equal(unsupported(filters), null);
  assert.equal(unsupported({ ...filters, features: [] }), null);
  assert.equal(unsupported({ ...filters, features: ["voice"] })?.filter, "features");
  assert.equal(unsupported({ ...filters, contains: "55" })?.filter, "contains");
});

test("a campaign is assigned anew where any of its members is another", () => {
  const campaign = { profile: "p_1", campaign: "c_1", status: "ASSIGNED" } as const;
  const command = (over: Partial<SmsCampaign> = {}): Command => ({
    type: "AssignSmsCampaign",
    holding: PN,
    campaign: { ...campaign, ...over },
  });
  const held = at(NOON, opened(), requested(), purchased(NOON), {
    type: "SmsCampaignAssigned",
    data: { holding: PN, ...campaign },
  });
  given(held).when(command()).then([]);
  const others: readonly Partial<SmsCampaign>[] = [{ profile: "p_2" }, { campaign: "c_2" }, {
    status: "PENDING_UNASSIGNMENT",
  }];
  for (const over of others) {
    given(held).when(command(over)).then([{
      type: "SmsCampaignAssigned",
      data: { holding: PN, ...campaign, ...over },
    }]);
  }
});

test("a sandbox number is free beside a live carrier, and where it is the only one it is not", () => {
  const number = stateAfter(at(NOON, opened(), requested(), purchased(NOON))).get(numbers, PN);
  assert.ok(number?.source === "managed");
  assert.equal(isFree(number, { own: "live" }), true);
  assert.equal(isFree(number, { own: "sandbox" }), false);
});

test("claims rest on the rows of numbers alone, and events touch the rows of their keys", () => {
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

test("a scheme counts for nothing only where a number begins with it", () => {
  assert.equal(writtenNumber("tel:+1 415"), "+1415");
  assert.equal(writtenNumber("callto:1415"), "1415");
  assert.equal(writtenNumber("14tel:15"), null);
});

test("a place that is one word has no words left for a state", () => {
  assert.equal(placeTest("Georgia", "US")("Georgia", "TX"), true);
  assert.equal(placeTest("Springfield IL", "US")("Springfield", "IL"), true);
  assert.equal(placeTest("Springfield IL", "US")("Springfield", "MO"), false);
});

test("searches are the same in whatever order their filters come", () => {
  const one = searchKey({ country: "US", type: "local", limit: 5, contains: "55" });
  assert.equal(searchKey({ contains: "55", limit: 5, type: "local", country: "US" }), one);
  assert.notEqual(searchKey({ country: "US", type: "local", limit: 5, startsWith: "55" }), one);
});

test("a refund moves credits, unless it is of nothing", () => {
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
