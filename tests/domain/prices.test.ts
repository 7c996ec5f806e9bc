/** What numbers cost an organization: what the carrier asks, with its plan's price or markup. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { numbers } from "../../core/number/state.ts";
import { priced } from "../../core/organization/payment.ts";
import { type Money, money } from "../../core/values/money.ts";
import {
  NO_LIMITS,
  type Plan,
  type PlanCatalogue,
  type PlanTerms,
} from "../../core/values/plan.ts";
import { at, given } from "../harness/specification.ts";
import {
  buy,
  charge,
  chargeStarted,
  confirm,
  credited,
  DOLLAR,
  lent,
  offerOf,
  opened,
  planChanged,
  PN,
  purchased,
  renewed,
  requested,
  searched,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const FEB_28 = "2026-02-28T12:00:00Z";

type Pricing = Partial<Omit<Plan, "name">>;

const catalogue = (billing: Plan["billing"], pricing: Pricing): PlanCatalogue => ({
  Team: {
    name: "Team",
    maxNumbers: 10,
    billing,
    verification: "none",
    limits: NO_LIMITS,
    ...pricing,
  },
});
const cents = (amount: number): Money => money(amount * 10_000);

/** A month costs this from now on; the carrier asks a dollar. */
const costs = (monthly: Money): DomainEvent => ({
  type: "NumberPriced",
  data: { holding: PN, monthly, carrierMonthly: DOLLAR },
});

const asked = { setup: DOLLAR, monthly: money(1) };
const termsWith = (pricing: Pricing): PlanTerms => {
  const { Team } = catalogue("credits", pricing);
  assert.ok(Team !== undefined);
  return Team;
};

test("a number costs what the carrier asks, a markup more, or the plan's price by the month", () => {
  assert.deepEqual(priced(asked, termsWith({})), asked);
  assert.deepEqual(priced(asked, termsWith({ markup: 0 })), asked);
  assert.deepEqual(
    priced(asked, termsWith({ markup: 1_500 })),
    { setup: cents(115), monthly: money(2) },
  );
  assert.deepEqual(
    priced(asked, termsWith({ price: cents(300) })),
    { setup: DOLLAR, monthly: cents(300) },
  );
});

test("a markup is exact for any amount, rounded up to a whole micro", () => {
  const amounts = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 800_000_000_000_000 }));
  fc.assert(
    fc.property(amounts, fc.nat(100_000), (micros, markup) => {
      const { monthly } = priced({ setup: DOLLAR, monthly: money(micros) }, termsWith({ markup }));
      const [whole, points] = [10_000n, BigInt(markup)];
      const more = (BigInt(micros) * points + whole - 1n) / whole;
      assert.equal(BigInt(monthly.micros), BigInt(micros) + more);
    }),
  );
});

const marked = catalogue("credits", { markup: 5_000 });
const prepaid = [opened("Team", marked), credited(10), searched("+14155550101")];
const bought = [
  requested({
    setup: cents(150),
    monthly: cents(150),
    paidFrom: "credits",
    debited: cents(300),
  }),
  costs(cents(150)),
];

/** The number is the organization's, for this amount of its credits. */
const boughtFor = (amount: Money): DomainEvent => {
  const event = purchased(NOON, { paidFrom: "credits" });
  assert.ok(event.type === "NumberPurchased" && event.data.term.kind === "monthly");
  return { ...event, data: { ...event.data, term: { ...event.data.term, amount } } };
};

test("a purchase takes the marked-up price from the credits, and so does each month", () => {
  given(at(NOON, ...prepaid)).when(buy(), { at: NOON }).then(bought);
  const last = boughtFor(cents(300));
  given(at(NOON, ...prepaid, ...bought)).when(confirm, { at: NOON }).then([last]);
  const month = renewed(NOON, 2, "credits");
  assert.equal(month.type, "Renewed");
  given(at(NOON, ...prepaid, ...bought, last))
    .when({ type: "RenewNumber", holding: PN, period: 2 }, { at: FEB_28 })
    .then([{ ...month, data: { ...month.data, amount: cents(150) } } as DomainEvent]);
});

test("a purchase is refused where the credits suffice for the carrier's price alone", () => {
  const poor = [opened("Team", marked), credited(2), searched("+14155550101")];
  given(at(NOON, ...poor)).when(buy(), { at: NOON }).then("INSUFFICIENT_CREDITS");
});

test("the ceiling is for what the carrier asks, whatever the organization pays", () => {
  const ceiling = { ...NO_LIMITS, highestMonthly: cents(99) };
  const cheap = catalogue("credits", { price: cents(1), limits: ceiling });
  given(at(NOON, opened("Team", cheap), credited(10), searched("+14155550101")))
    .when(buy(), { at: NOON }).then("PRICE_LIMIT_EXCEEDED");
  const dear = catalogue("credits", {
    markup: 100_000,
    limits: { ...NO_LIMITS, highestSetup: DOLLAR, highestMonthly: DOLLAR },
  });
  const { state } = given(at(NOON, opened("Team", dear), credited(100), searched("+14155550101")))
    .when(buy(), { at: NOON })
    .then([
      requested({
        setup: cents(1_100),
        monthly: cents(1_100),
        paidFrom: "credits",
        debited: cents(2_200),
      }),
      costs(cents(1_100)),
    ]);
  const number = state.get(numbers, PN);
  assert.ok(number?.source === "managed");
  assert.deepEqual([number.monthly, number.carrierMonthly], [cents(1_100), DOLLAR]);
});

test("another plan prices the numbers that are held, from their next month on", () => {
  const other = catalogue("credits", { price: cents(400) });
  const past = [...prepaid, ...bought, purchased(NOON, { paidFrom: "credits" })];
  const toTeam = { type: "OpenOrganization", name: "Acme", plan: "Team" } as const;
  const changed = [planChanged("Team", other), costs(cents(400))];
  given(at(NOON, ...past)).when(toTeam, { at: NOON, plans: other }).then(changed);
  given(at(NOON, ...past, ...changed)).when(toTeam, { at: NOON, plans: other }).then([]);
  const back = catalogue("credits", {});
  given(at(NOON, ...past, ...changed))
    .when(toTeam, { at: NOON, plans: back })
    .then([planChanged("Team", back), costs(DOLLAR)]);
});

test("a trial that is converted costs what the paid plan says", () => {
  const plans = catalogue("subscription", { markup: 5_000 });
  const past = at(NOON, opened("Free"), requested({ paidFrom: "trial" }), lent(NOON));
  given(past)
    .when({ type: "OpenOrganization", name: "Acme", plan: "Team" }, { at: NOON, plans })
    .then([
      planChanged("Team", plans),
      costs(cents(150)),
      { type: "TrialConverted", data: { holding: PN } },
    ]);
});

test("a month costs what was charged for it, though its price changed before that was known", () => {
  const past = at(NOON, opened("Growth"), requested(), purchased(NOON));
  given(past, at(FEB_28, chargeStarted({ period: 2 }), costs(cents(500))))
    .when({ type: "RecordCharge", holding: PN, period: 2, payment: "paid" }, { at: FEB_28 })
    .then([charge("Charged", 2), renewed(NOON, 2)]);
});

test("a purchase costs what was paid for it, though its price changed before it was confirmed", () => {
  const past = at(NOON, ...prepaid, ...bought, costs(cents(900)));
  given(past).when(confirm, { at: NOON })
    .then([boughtFor(cents(300))]);
});

test("where nothing is paid a month costs what it did, so that what the carrier asks is not told", () => {
  const past = at(NOON, ...prepaid, ...bought, purchased(NOON, { paidFrom: "credits" }));
  const lending = catalogue("trial", {});
  const toTeam = { type: "OpenOrganization", name: "Acme", plan: "Team" } as const;
  const moved = [planChanged("Team", lending)];
  given(past).when(toTeam, { at: NOON, plans: lending }).then(moved);
  const dear = catalogue("credits", { markup: 10_000 });
  given(past, at(NOON, ...moved)).when(toTeam, { at: NOON, plans: dear })
    .then([planChanged("Team", dear), costs(cents(200))]);
});

test("a number that is adopted costs what the plan says of what the carrier asks", () => {
  const { type, country, monthly, features } = offerOf();
  const number = { e164: "+14155550101", carrierId: "cn_1", connectionId: null } as const;
  const adopt = {
    type: "AdoptNumber",
    holding: PN,
    carrier: "sandbox",
    number,
    terms: { type, country, monthly, features },
  } as const;
  const { state } = given(at(NOON, opened("Team", marked))).when(adopt, { at: NOON }).then([
    {
      type: "NumberAdopted",
      data: {
        holding: PN,
        e164: number.e164,
        carrier: "sandbox",
        carrierId: "cn_1",
        connection: null,
        type,
        country,
        monthly: cents(150),
        features: [...features],
        from: Date.parse(NOON),
        to: Date.parse(FEB_28),
        noticeAt: Date.parse("2026-02-25T12:00:00Z"),
      },
    },
    costs(cents(150)),
  ]);
  const held = state.get(numbers, PN);
  assert.ok(held?.source === "managed");
  assert.deepEqual([held.monthly, held.carrierMonthly], [cents(150), DOLLAR]);
});
