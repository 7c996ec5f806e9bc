import assert from "node:assert/strict";
import { ONE_WORLD } from "../../core/log/decision.ts";
import { test } from "node:test";
import { decide } from "../../core/registry/commands.ts";
import { latestOffer } from "../../core/number/offers.ts";
import { numbers } from "../../core/number/state.ts";
import { NO_LIMITS } from "../../core/values/plan.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { self } from "../../core/organization/refusals.ts";
import { money } from "../../core/values/money.ts";
import {
  ACME,
  ALICE,
  at,
  elsewhere,
  given,
  instant,
  stateAfter,
} from "../harness/specification.ts";
import {
  approved,
  assigned,
  buy,
  charge,
  chargeStarted,
  confirm,
  credited,
  E164_1,
  failOrder,
  imported,
  offerOf,
  opened,
  PN,
  purchased,
  purchaseFailed,
  released,
  releaseStarted,
  requested,
  revoked,
  searched,
  submitted,
  suspended,
  TWO_DOLLARS,
  unassigned,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const fail = failOrder(NOON);
const search = {
  type: "RecordSearch",
  carrier: "sandbox",
  filters: { country: "US", type: "local", limit: 10 },
  offers: [offerOf()],
} as const;

const paid = [requested(), chargeStarted(), charge("Charged")];
const growth = at(NOON, opened("Growth"), searched(E164_1));
const prepaid = at(NOON, opened("Prepaid"), submitted(), approved(), searched(E164_1));

test("search is noted with the offers that it showed", () => {
  given(at(NOON, opened())).when(search, { at: NOON }).then([searched(E164_1)]);
});

test("search is refused when the organization is unknown", () => {
  given().when(search, { at: NOON }).then("ORGANIZATION_UNKNOWN");
});

test("purchase is refused when the organization is unknown", () => {
  given().when(buy(), { at: NOON }).then("ORGANIZATION_UNKNOWN");
});

test("purchase takes its price from the latest offer when that is 30 minutes old", () => {
  given(growth).when(buy(), { at: "2026-01-31T12:30:00Z" }).then([requested(), chargeStarted()]);
});

test("purchase is paid with its request when the subscription covers every number", () => {
  given(growth).when(buy(), { at: NOON, isIncluded: true }).then(paid)
    .when(confirm, { at: NOON, isIncluded: true }).then([purchased(NOON)]);
});

test("purchase is not charged for what is lent or paid from credits, whatever is covered", () => {
  given(at(NOON, opened("Free"), searched(E164_1)))
    .when(buy(), { at: NOON, isIncluded: true }).then([requested({ paidFrom: "trial" })]);
  given(prepaid, at(NOON, credited(5)))
    .when(buy(), { at: NOON, isIncluded: true })
    .then([requested({ paidFrom: "credits", debited: TWO_DOLLARS })]);
});

test("purchase asks for a quote when the offer is older than 30 minutes", () => {
  given(growth).when(buy(), { at: "2026-01-31T12:30:00.001Z" }).then("QUOTE_NEEDED");
});

test("purchase asks for a quote when the number was not searched for", () => {
  given(at(NOON, opened())).when(buy(), { at: NOON }).then("QUOTE_NEEDED");
});

test("purchase asks for a quote when another carrier made the offer", () => {
  given(growth).when(buy({ carrier: "telnyx" }), { at: NOON }).then("QUOTE_NEEDED");
});

test("purchase takes its price from the carrier's quote when it has one", () => {
  const quote = { ...offerOf(), monthly: money(3_500) };
  given(growth).when(buy({ quote }), { at: NOON }).then([
    requested({ monthly: money(3_500) }),
    chargeStarted({ amount: money(1_003_500) }),
  ]);
});

test("purchase takes the price of the later search when there were two", () => {
  const dearer = { ...offerOf(), monthly: money(9_000_000), features: ["voice" as const] };
  const second = { ...search, offers: [dearer] };
  const { state } = given(growth).when(second, { at: NOON }).then([
    {
      type: "NumberSearched",
      data: { carrier: "sandbox", filters: second.filters, offers: [dearer] },
    },
  ]);
  assert.deepEqual(latestOffer(state, "sandbox", E164_1, instant(NOON))?.monthly, money(9_000_000));
});

test("offer is used up when the number is asked for", () => {
  const { state } = given(growth).when(buy(), { at: NOON }).then([requested(), chargeStarted()]);
  assert.equal(latestOffer(state, "sandbox", E164_1, instant(NOON)), undefined);
});

test("purchase assigns the number immediately when it is bought for an assistant", () => {
  given(growth)
    .when(buy({ assistant: "agent" }), { at: NOON })
    .then([requested(), assigned("agent"), chargeStarted()]);
});

test("purchase is refused when another organization holds the number", () => {
  given(growth, elsewhere("umbrella", at(NOON, opened(), requested({ holding: "pn_9" }))))
    .when(buy(), { at: NOON })
    .then("NUMBER_ALREADY_OWNED");
});

test("purchase is refused when the organization holds the number itself", () => {
  given(growth, at(NOON, requested(), purchased(NOON)))
    .when(buy({ holding: "pn_2" }), { at: NOON })
    .then("NUMBER_ALREADY_YOURS");
});

test("purchase continues when another organization has only imported the number", () => {
  const theirs = elsewhere("umbrella", at(NOON, opened(), imported({ holding: "pn_x" })));
  given(growth, theirs)
    .when(buy({ holding: "pn_2" }), { at: NOON })
    .then([requested({ holding: "pn_2" }), chargeStarted({ holding: "pn_2" })]);
});

test("purchase is refused as in progress when the organization is buying the number", () => {
  given(growth, at(NOON, requested()))
    .when(buy({ holding: "pn_2" }), { at: NOON })
    .then("PURCHASE_IN_PROGRESS");
});

test("purchase is refused when the carrier has not let go of the number yet", () => {
  given(growth, at(NOON, requested(), purchased(NOON), releaseStarted("byUser")))
    .when(buy({ holding: "pn_2" }), { at: NOON })
    .then("NUMBER_BEING_RELEASED");
  const theirs = [opened(), requested({ holding: "pn_9" }), purchased(NOON, { holding: "pn_9" })];
  given(growth, elsewhere("umbrella", at(NOON, ...theirs, releaseStarted("byUser", "pn_9"))))
    .when(buy(), { at: NOON })
    .then("NUMBER_ALREADY_OWNED");
});

test("number can be bought again when another organization released it", () => {
  const history = [opened(), requested({ holding: "pn_9" }), purchased(NOON, { holding: "pn_9" })];
  given(
    elsewhere("umbrella", at(NOON, ...history, releaseStarted("byUser", "pn_9"))),
    elsewhere("umbrella", at(NOON, released({ holding: "pn_9" }))),
    growth,
  ).when(buy(), { at: NOON }).then([requested(), chargeStarted()]);
});

test("purchase is refused when the plan asks for a verification that is only submitted", () => {
  given(at(NOON, opened("Prepaid"), submitted(), credited(5), searched(E164_1)))
    .when(buy(), { at: NOON })
    .then("VERIFICATION_REQUIRED");
});

test("purchase needs no approval when the plan asks for a submission alone", () => {
  const plans = {
    Eager: {
      name: "Eager",
      maxNumbers: 1,
      billing: "subscription",
      verification: "submitted",
      limits: NO_LIMITS,
    },
  } as const;
  given(at(NOON, opened("Eager"), searched(E164_1)))
    .when(buy(), { at: NOON, plans })
    .then("VERIFICATION_REQUIRED");
  given(at(NOON, opened("Eager"), submitted(), searched(E164_1)))
    .when(buy(), { at: NOON, plans })
    .then([requested(), chargeStarted()]);
});

test("purchase takes setup and first month from credits when the plan is prepaid", () => {
  const { state } = given(prepaid, at(NOON, credited(5)))
    .when(buy(), { at: NOON })
    .then([requested({ paidFrom: "credits", debited: TWO_DOLLARS })]);
  assert.deepEqual(self(state)?.credits, money(3_000_000));
});

test("purchase is refused when the credits lack a millionth of a dollar", () => {
  const amount = money(1_999_999);
  given(prepaid, at(NOON, { type: "CreditsAdded", data: { amount } }))
    .when(buy(), { at: NOON })
    .then("INSUFFICIENT_CREDITS");
});

test("refusal names what is missing when the credits are insufficient", () => {
  const plans = DEFAULT_PLANS;
  const context = { organization: ACME, now: instant(NOON), actor: ALICE, plans, ...ONE_WORLD };
  const refused = decide(stateAfter(prepaid, at(NOON, credited(0.5))), buy(), context);
  assert.ok(!refused.ok);
  assert.match(refused.error.message, /costs 2\.00 USD, of which 1\.50 USD are missing/);
});

test("number is by the month from the carrier's confirmation on", () => {
  given(growth, at(NOON, ...paid))
    .when(confirm, { at: "2026-01-31T12:00:03Z" })
    .then([purchased("2026-01-31T12:00:03Z")]);
});

test("first month is paid from credits when they were debited with the request", () => {
  given(prepaid, at(NOON, credited(2), requested({ paidFrom: "credits", debited: TWO_DOLLARS })))
    .when(confirm, { at: NOON })
    .then([purchased(NOON, { paidFrom: "credits" })]);
});

test("number rests immediately when the verification was revoked while it was being bought", () => {
  given(
    prepaid,
    at(NOON, credited(2), requested({ paidFrom: "credits", debited: TWO_DOLLARS }), revoked()),
  )
    .when(confirm, { at: NOON })
    .then([purchased(NOON, { paidFrom: "credits" }), suspended("compliance")]);
});

test("confirmation changes nothing when the purchase had failed", () => {
  given(growth, at(NOON, requested(), purchaseFailed())).when(confirm, { at: NOON }).then([]);
});

test("confirmation and failure are refused when the number is unknown", () => {
  given(growth).when(confirm, { at: NOON }).then("NUMBER_UNKNOWN");
  given(growth).when(fail, { at: NOON }).then("NUMBER_UNKNOWN");
});

test("failed purchase gives its credits back", () => {
  const debited = TWO_DOLLARS;
  const { state } = given(
    prepaid,
    at(NOON, credited(2), requested({ paidFrom: "credits", debited })),
  )
    .when(fail, { at: NOON })
    .then([purchaseFailed({ refunded: debited })]);
  assert.deepEqual(self(state)?.credits, TWO_DOLLARS);
});

test("failed purchase loses its assistant and stays to be seen", () => {
  const { state } = given(growth, at(NOON, ...paid, assigned("agent")))
    .when(fail, { at: NOON })
    .then([unassigned("agent"), purchaseFailed(), charge("RefundStarted")]);
  const number = state.get(numbers, PN);
  assert.ok(number?.source === "managed" && number.stage.status === "failed");
  assert.equal(number.stage.reason, "notAvailable");
});

test("number can be bought again when its purchase had failed", () => {
  given(growth, at(NOON, requested(), purchaseFailed(), searched(E164_1)))
    .when(buy({ holding: "pn_2" }), { at: NOON })
    .then([requested({ holding: "pn_2" }), chargeStarted({ holding: "pn_2" })]);
});

test("failure changes nothing when the purchase was confirmed", () => {
  given(growth, at(NOON, requested(), purchased(NOON))).when(fail, { at: NOON }).then([]);
});

test("failed purchase is dismissed when it is released", () => {
  const dismissed = { type: "PurchaseDismissed", data: { holding: PN } } as const;
  const { state } = given(growth, at(NOON, requested(), purchaseFailed()))
    .when({ type: "StartRelease", holding: PN, why: "byUser" }, { at: NOON })
    .then([dismissed]);
  assert.equal(state.get(numbers, PN), undefined);
  assert.equal(self(state)?.held, 0);
});
