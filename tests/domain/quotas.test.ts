/** What an organization may spend, and how often: quotas at their boundaries. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decide } from "../../core/commands.ts";
import { fold } from "../../core/log/replay.ts";
import { State } from "../../core/log/state.ts";
import { NO_LIMITS, type Plan, type PlanCatalogue } from "../../core/organization/plans.ts";
import {
  MAX_DRAFTS_PER_DAY,
  MAX_FAILED_SHOWN,
  MAX_TOKENS,
  purchaseTallies,
} from "../../core/organization/quotas.ts";
import { SELF } from "../../core/organization/state.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../../core/values/calendar.ts";
import { money } from "../../core/values/money.ts";
import { ALICE, at, given, instant } from "../harness/specification.ts";
import {
  bringIn,
  business,
  buy,
  chargeStarted,
  drafted,
  E164_1,
  offerOf,
  opened,
  PN,
  purchased,
  purchaseFailed,
  releaseStarted,
  requested,
  searched,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";

const planWith = (limits: Partial<Plan["limits"]>): PlanCatalogue => ({
  Growth: {
    name: "Growth",
    maxNumbers: 1_000,
    billing: "subscription",
    verification: "none",
    limits: { ...NO_LIMITS, ...limits },
  },
});

const first = { holding: "pn_0", e164: "+14155550190", orderKey: "od_0" } as const;
const again = searched(E164_1);

test("purchase is refused above the plan's ceiling, for setup and for the month", () => {
  const dear = (over: object) => buy({ quote: { ...offerOf(), ...over } });
  const plans = planWith({ highestSetup: money(5_000_000), highestMonthly: money(3_000_000) });
  const when = { at: NOON, plans };
  const growth = at(NOON, opened());
  given(growth).when(dear({ setup: money(5_000_001) }), when).then("PRICE_LIMIT_EXCEEDED");
  given(growth).when(dear({ monthly: money(3_000_001) }), when).then("PRICE_LIMIT_EXCEEDED");
  const quote = { ...offerOf(), setup: money(5_000_000), monthly: money(3_000_000) };
  given(growth).when(buy({ quote }), when).then([
    requested({ setup: quote.setup, monthly: quote.monthly }),
    chargeStarted({ amount: money(8_000_000) }),
  ]);
});

test("purchase counts for its day from the request on, also when it is given back immediately", () => {
  const plans = planWith({ purchasesPerDay: 1 });
  const past = at(
    NOON,
    opened(),
    requested(first),
    purchased(NOON, { holding: first.holding }),
    releaseStarted("byUser", first.holding),
  );
  const next = (time: string) => given(past, at(time, again)).when(buy(), { at: time, plans });
  next(NOON).then("PURCHASE_QUOTA_REACHED");
  next("2026-02-01T12:00:00Z").then("PURCHASE_QUOTA_REACHED");
  next("2026-02-01T12:59:59.999Z").then("PURCHASE_QUOTA_REACHED");
  next("2026-02-01T13:00:00Z").then([requested(), chargeStarted()]);
});

test("purchase counts for 30 days, and the refusal tells when a place is free", () => {
  const plans = planWith({ purchasesPer30Days: 1 });
  const past = at(NOON, opened(), requested(first));
  const next = (time: string) => given(past, at(time, again)).when(buy(), { at: time, plans });
  next("2026-03-02T23:59:59.999Z").then("PURCHASE_QUOTA_REACHED");
  next("2026-03-03T00:00:00Z").then([requested(), chargeStarted()]);
});

test("purchase that came to nothing gives its place in the quota back", () => {
  const plans = planWith({ purchasesPerDay: 1, purchasesPer30Days: 1 });
  given(at(NOON, opened(), requested(first), purchaseFailed(first), again))
    .when(buy(), { at: NOON, plans })
    .then([requested(), chargeStarted()]);
});

test("purchase is never allowed where the plan allows none", () => {
  const plans = planWith({ purchasesPerDay: 0 });
  given(at(NOON, opened(), again)).when(buy(), { at: NOON, plans }).then("PURCHASE_QUOTA_REACHED");
});

/** The purchases that are allowed of those asked for at these times, in order. */
const allowedOf = (times: readonly Instant[], plans: PlanCatalogue): readonly Instant[] => {
  const state = State.empty();
  const actor = ALICE;
  const tell = (event: Parameters<typeof fold>[1]) => fold(state, event);
  tell({ ...opened(), at: 0, actor });
  return times.filter((now, index) => {
    const command = buy({ holding: `pn_${index}`, orderKey: `od_${index}`, quote: offerOf() });
    const decision = decide(state, command, { organization: "acme", now, actor, plans });
    if (!decision.ok) return false;
    for (const event of decision.value) tell({ ...event, at: now, actor });
    return true;
  });
};

const most = (times: readonly Instant[], window: number): number =>
  Math.max(
    0,
    ...times.map((from) => times.filter((at) => at >= from && at < from + window).length),
  );

test("no 24 hours and no 30 days have more purchases than the plan says, in any history", () => {
  const gaps = fc.array(
    fc.oneof(fc.nat(DAY_MS), fc.nat(2 * HOUR_MS), fc.nat(3 * DAY_MS), fc.constant(0)),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(
      gaps,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 8 }),
      (all, day, month) => {
        let now = instant(NOON);
        const times = all.map((gap) => now += gap);
        const plans = planWith({ purchasesPerDay: day, purchasesPer30Days: month });
        const allowed = allowedOf(times, plans);
        assert.ok(most(allowed, DAY_MS) <= day);
        assert.ok(most(allowed, 30 * DAY_MS) <= month);
        // What is refused is never refused longer than a whole hour or day beyond the window.
        assert.equal(allowed[0], times[0]);
      },
    ),
  );
});

test("the tally is of one size however many purchases there were", () => {
  const state = State.empty();
  for (let hour = 0; hour < 5_000; hour++) {
    const data = { ...requested().data as object, holding: `pn_${hour}` };
    fold(state, { type: "PurchaseRequested", data, at: hour * HOUR_MS, actor: ALICE } as never);
  }
  const tally = state.get(purchaseTallies, SELF);
  assert.ok(tally !== undefined && tally.hours.length <= 25 && tally.days.length <= 31);
});

test("purchases that came to nothing are dismissed when there are too many to show", () => {
  const failures = Array.from({ length: MAX_FAILED_SHOWN }, (_, index) => {
    const of = { holding: `pn_f${index}`, e164: `+1415555${1000 + index}` } as const;
    return [requested({ ...of, orderKey: `od_f${index}` }), purchaseFailed(of)];
  }).flat();
  given(at(NOON, opened(), ...failures, again))
    .when(buy(), { at: NOON, plans: planWith({}) })
    .then([
      { type: "PurchaseDismissed", data: { holding: "pn_f0" } },
      requested(),
      chargeStarted(),
    ]);
});

test("purchase on a connection is refused unless the operator registered it", () => {
  const connection = "cn_1";
  const registered = { type: "ConnectionRegistered", data: { connection, label: "Main" } } as const;
  const removed = { type: "ConnectionRemoved", data: { connection } } as const;
  const wish = buy({ connection });
  given(at(NOON, opened(), again)).when(wish, { at: NOON }).then("CONNECTION_UNKNOWN");
  given(at(NOON, opened(), registered, again)).when(wish, { at: NOON })
    .then([requested({ connection }), chargeStarted()]);
  given(at(NOON, opened(), registered, removed, again)).when(wish, { at: NOON })
    .then("CONNECTION_UNKNOWN");
});

test("connection is registered once, labelled anew, and removed", () => {
  const register = (label: string) =>
    ({ type: "RegisterConnection", connection: "cn_1", label }) as const;
  const remove = { type: "RemoveConnection", connection: "cn_1" } as const;
  const event = (label: string) =>
    ({ type: "ConnectionRegistered", data: { connection: "cn_1", label } }) as const;
  given().when(register("Main"), { at: NOON }).then("ORGANIZATION_UNKNOWN");
  given(at(NOON, opened())).when(register("Main"), { at: NOON }).then([event("Main")]);
  const one = at(NOON, opened(), event("Main"));
  given(one).when(register("Main"), { at: NOON }).then([]);
  given(one).when(register("Spare"), { at: NOON }).then([event("Spare")]);
  given(one).when(remove, { at: NOON })
    .then([{ type: "ConnectionRemoved", data: { connection: "cn_1" } }]);
  given(at(NOON, opened())).when(remove, { at: NOON }).then("CONNECTION_UNKNOWN");
});

test("an organization has so many tokens and no more, until one is revoked", () => {
  const issued = (index: number) =>
    ({
      type: "TokenIssued",
      data: { token: `tk_${index}`, hash: "h", email: "a@b.example", name: "A", sandbox: false },
    }) as const;
  const all = at(
    NOON,
    opened(),
    ...Array.from({ length: MAX_TOKENS }, (_, index) => issued(index)),
  );
  const issue = { ...issued(-1).data, type: "IssueToken" } as const;
  given(all).when(issue, { at: NOON }).then("TOKEN_LIMIT_REACHED");
  given(all, at(NOON, { type: "TokenRevoked", data: { token: "tk_0" } }))
    .when(issue, { at: NOON })
    .then([issued(-1)]);
});

test("drafts are counted by the day, and one that changes nothing is not", () => {
  const save = (name: string) =>
    ({ type: "DraftVerification", verification: "vs_1", content: business(name) }) as const;
  const names = Array.from({ length: MAX_DRAFTS_PER_DAY }, (_, index) => `Acme ${index}`);
  const full = at(NOON, opened(), ...names.map((name) => drafted(business(name))));
  given(full).when(save("Acme"), { at: NOON }).then("DAILY_LIMIT_REACHED");
  given(full).when(save(names.at(-1) ?? ""), { at: NOON }).then([]);
  given(full).when(save("Acme"), { at: "2026-02-01T00:00:00Z" }).then([drafted(business("Acme"))]);
});

test("import needs a plan that allows one", () => {
  const sip = {
    type: "SipConnectionInstalled",
    data: { installation: "sip_1", providerName: "Twilio", trunk: "t", ready: true },
  } as const;
  given(at(NOON, opened(), sip)).when(bringIn({ holding: PN }), {
    at: NOON,
    plans: planWith({ imports: 0 }),
  }).then("IMPORT_LIMIT_REACHED");
});
