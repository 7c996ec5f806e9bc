/**
 * Numbers whose carrier requires documents: what is set, what is refused, and what an order waits
 * for.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NUMBER_TYPES } from "../../core/ports/carrier.ts";
import { decide } from "../../core/registry/commands.ts";
import { ONE_WORLD } from "../../core/log/decision.ts";
import {
  requirementGroupOf,
  requirementGroupsOf,
} from "../../core/organization/requirement-groups.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { isPurchasing, numbers } from "../../core/number/state.ts";
import { statusOf, viewOf } from "../../core/number/view.ts";
import { ACME, ALICE, at, elsewhere, given, START, stateAfter } from "../harness/specification.ts";
import {
  buy,
  charge,
  chargeStarted,
  confirm,
  E164_1,
  groupSet,
  opened,
  orderWaits,
  PN,
  purchaseFailed,
  requested,
  searched,
} from "../harness/story/mod.ts";
import { requirementsUnknown, unmetRequirements } from "../../core/number/requirements.ts";

const NOON = "2026-01-31T12:00:00Z";
const ADDRESS = { id: "address", name: "Proof of address", description: null };
const knownToRequire = (...requirements: readonly (typeof ADDRESS)[]) => [
  { country: "US", type: "local" as const, requirements },
];
const setGroup = (group: string | null, country = "US") =>
  ({ type: "SetRequirementGroup", country, numberType: "local", group }) as const;
const note = (waitsFor: "requirements" | "review" | "correction" | null) =>
  ({ type: "NoteOrder", holding: PN, waitsFor }) as const;
const seen = [opened("Growth"), searched(E164_1)];

test("requirement group is set once, replaced, and taken away", () => {
  given(opened()).when(setGroup("rg_1")).then([groupSet("rg_1")]);
  given(opened(), groupSet("rg_1")).when(setGroup("rg_1")).then([]);
  given(opened(), groupSet("rg_1")).when(setGroup("rg_2")).then([groupSet("rg_2")]);
  given(opened(), groupSet("rg_1")).when(setGroup(null)).then([groupSet(null)]);
  given(opened()).when(setGroup(null)).then([]);
  given().when(setGroup("rg_1")).then("ORGANIZATION_UNKNOWN");
  given(opened()).when(setGroup("rg\u200b_1")).then("ID_UNFIT");
});

test("there is at most one group for each country and type", () => {
  const kind = {
    country: fc.constantFrom("US", "CH", "IT"),
    type: fc.constantFrom(...NUMBER_TYPES),
  };
  const set = fc.record({ ...kind, group: fc.constantFrom("rg_1", "rg_2", null) });
  fc.assert(fc.property(fc.array(set), (all) => {
    const state = stateAfter(
      opened(),
      ...all.map((data) => ({ type: "RequirementGroupSet" as const, data })),
    );
    const groups = requirementGroupsOf(state);
    const names = groups.map(({ country, type }) => `${country} ${type}`);
    assert.deepEqual(names, [...new Set(names)].sort());
    for (const { country, type } of all) {
      const last = all.findLast((one) => one.country === country && one.type === type);
      assert.equal(requirementGroupOf(state, { country, type }), last?.group ?? null);
    }
  }));
});

test("purchase is refused when the carrier requires documents and none are set", () => {
  const wish = buy({ required: knownToRequire(ADDRESS) });
  given(...seen).when(wish).then("REQUIREMENTS_MISSING");
  given(...seen, groupSet("rg_1", "CH")).when(wish).then("REQUIREMENTS_MISSING");
  given(...seen, groupSet("rg_1"), groupSet(null)).when(wish).then("REQUIREMENTS_MISSING");
  const theirs = elsewhere("umbrella", at(NOON, opened(), groupSet("rg_1")));
  given(at(NOON, ...seen), theirs).when(wish).then("REQUIREMENTS_MISSING");
});

test("refusal names what is missing, in its sentence and as a member", () => {
  const many = Array.from(
    { length: 7 },
    (_, place) => ({ ...ADDRESS, id: `${place}`, name: `N${place}` }),
  );
  const context = {
    ...ONE_WORLD,
    organization: ACME,
    now: START,
    actor: ALICE,
    plans: DEFAULT_PLANS,
  };
  const refused = decide(stateAfter(...seen), buy({ required: knownToRequire(...many) }), context);
  assert.ok(!refused.ok && refused.error.code === "REQUIREMENTS_MISSING");
  const { country, type, missing, message } = refused.error;
  assert.deepEqual({ country, type, missing }, { country: "US", type: "local", missing: many });
  assert.match(message, /local numbers of US.*N0, N1, N2, N3, N4 and 2 more/);
});

test("purchase asks what the carrier requires when that is not known, and no group is set", () => {
  given(...seen).when(buy({ required: [] })).then("REQUIREMENTS_UNKNOWN");
  const other = [{ country: "CH", type: "local" as const, requirements: [] }];
  given(...seen).when(buy({ required: other })).then("REQUIREMENTS_UNKNOWN");
  given(...seen, groupSet("rg_1")).when(buy({ required: [] }))
    .then([requested({ requirementGroup: "rg_1" }), chargeStarted()]);
});

test("purchase continues without a group when nothing is required, or the carrier does not say", () => {
  for (const required of [knownToRequire(), null]) {
    given(...seen).when(buy({ required })).then([requested(), chargeStarted()]);
  }
});

test("order keeps the group that it was requested with when another is set meanwhile", () => {
  const { state } = given(...seen, groupSet("rg_1"))
    .when(buy({ required: knownToRequire(ADDRESS) }))
    .then([requested({ requirementGroup: "rg_1" }), chargeStarted()])
    .when(setGroup("rg_2"))
    .then([groupSet("rg_2")]);
  const number = state.get(numbers, PN);
  assert.ok(isPurchasing(number) && number.stage.requirementGroup === "rg_1");
});

const paid = at(NOON, opened("Growth"), requested(), chargeStarted(), charge("Charged"));
const taken = { type: "OrderTaken" as const, data: { holding: PN } };

test("what an order waits for is noted when it changes, and shown until it is over", () => {
  const shown = (...events: readonly ReturnType<typeof orderWaits>[]) => {
    const holding = stateAfter(paid, ...events).get(numbers, PN);
    assert.ok(holding);
    return viewOf(holding, new Map(), [], 0).waitsFor;
  };
  given(paid).when(note("review")).then([taken, orderWaits("review")]);
  given(paid, taken, orderWaits("review")).when(note("review")).then([]);
  given(paid, taken, orderWaits("review")).when(note("correction")).then([
    orderWaits("correction"),
  ]);
  given(paid, taken, orderWaits("review")).when(note(null)).then([orderWaits(null)]);
  assert.equal(shown(), null);
  assert.equal(shown(orderWaits("review")), "review");
  assert.equal(shown(orderWaits("review"), orderWaits("correction")), "correction");
  assert.equal(shown(orderWaits("review"), orderWaits(null)), null);
});

test("order that waits for documents is neither repeated nor given up, however long it waits", () => {
  for (const late of ["2026-01-31T13:00:00Z", "2026-03-31T12:00:00Z"]) {
    const repeat = {
      type: "RepeatOrder",
      holding: PN,
      lookedUpAt: Date.parse(late),
      settlingMs: 60_000,
    };
    given(paid, orderWaits("review"))
      .when({ ...repeat, type: "RepeatOrder" }, { at: late })
      .then("ORDER_SETTLING");
  }
});

test("purchase that waited is confirmed, or fails and gives back what was charged", () => {
  const waits = orderWaits("correction");
  const { state } = given(paid, waits).when({ ...confirm, carrierId: "c_1" }, { at: NOON })
    .then([{
      type: "NumberPurchased",
      data: {
        holding: PN,
        carrierId: "c_1",
        term: {
          kind: "monthly",
          period: 1,
          from: Date.parse(NOON),
          to: Date.parse("2026-02-28T12:00:00Z"),
          amount: { micros: 2_000_000, currency: "USD" },
          chargeKey: `${PN}:1`,
          paidFrom: "subscription",
          noticeAt: Date.parse("2026-02-25T12:00:00Z"),
        },
      },
    }]);
  const bought = state.get(numbers, PN);
  assert.ok(bought);
  assert.equal(statusOf(bought), "active");
  assert.equal(viewOf(bought, new Map(), [], 0).waitsFor, null);
  const message = "The documents were declined.";
  given(paid, waits)
    .when({
      type: "FailPurchase",
      holding: PN,
      orderedAt: Date.parse(NOON),
      reason: "requirementsMissing",
      message,
    })
    .then([purchaseFailed({ reason: "requirementsMissing", message }), charge("RefundStarted")]);
});

test("requirements are unknown when the carrier names none for the country and type", () => {
  const market = { country: "US", type: "local" } as const;
  assert.equal(unmetRequirements(market, null), null);
  assert.equal(unmetRequirements(market, [{ ...market, requirements: [] }]), null);
  const known = [{ ...market, country: "CA", requirements: [] }, {
    ...market,
    type: "tollFree" as const,
    requirements: [],
  }];
  const { error: { code, country, type } } = unmetRequirements(market, known) ??
    assert.fail("it is known");
  assert.deepEqual([code, country, type], ["REQUIREMENTS_UNKNOWN", "US", "local"]);
});

test("refusal for unknown requirements names the country and the type", () => {
  const market = { country: "US", type: "local" } as const;
  const { error: { message, ...rest } } = requirementsUnknown(market);
  assert.equal(message, "It is not known what the carrier requires for the number.");
  assert.deepEqual(rest, { code: "REQUIREMENTS_UNKNOWN", ...market });
});
