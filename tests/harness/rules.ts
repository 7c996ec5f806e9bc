/**
 * The domain's rules, computed once more and in another way: from the facts of one organization
 * alone, without the state that decisions read. Each fails the test where a rule is broken.
 */
import assert from "node:assert/strict";
import type { Fact } from "../../core/events/vocabulary.ts";
import { fold } from "../../core/registry/replay.ts";
import { State } from "../../core/log/state.ts";
import { type PlanCatalogue } from "../../core/values/plan.ts";
import { DEFAULT_PLANS, planOf } from "../../core/organization/plans.ts";
import { priced } from "../../core/organization/payment.ts";
import { self } from "../../core/organization/refusals.ts";
import {
  DAY_MS,
  type Instant,
  type Milliseconds,
  monthsAfter,
} from "../../core/values/calendar.ts";
import {
  importClaim,
  type Place,
  placeOf,
  PLACES,
  worldOfCarrier,
} from "../../core/values/claim-key.ts";
import { spellingsOf } from "../../core/values/line.ts";
import type { Money } from "../../core/values/money.ts";
import { checkNotices } from "./notices.ts";

/** Bought numbers that count against the plan, and the plan, as each fact leaves them. */
export const checkLimit = (facts: readonly Fact[]): void => {
  const places = { own: new Set<string>(), sandbox: new Set<string>() };
  let plan = planOf(DEFAULT_PLANS);
  for (const { type, data } of facts) {
    if (type === "OrganizationOpened" || type === "PlanChanged") {
      plan = planOf(DEFAULT_PLANS, data);
    }
    if (type === "PurchaseFailed" || type === "ReleaseStarted") {
      assert.ok(places[placeOf(data)].delete(data.holding), `${data.holding} had another place`);
    }
    if (type !== "PurchaseRequested" && type !== "NumberAdopted") continue;
    const held = places[placeOf(data)];
    held.add(data.holding);
    const { name, maxNumbers } = plan;
    assert.ok(held.size <= maxNumbers, `${held.size} numbers on ${name}: ${maxNumbers} at most`);
  }
};

/** A trial is the first number ever, in its world, and there is never another. */
export const checkTrial = (facts: readonly Fact[]): void => {
  const places: Record<Place, string[]> = { own: [], sandbox: [] };
  const lost = new Set<string>();
  for (const { type, data } of facts) if (type === "PurchaseFailed") lost.add(data.holding);
  for (const { type, data } of facts) {
    if (type !== "PurchaseRequested" && type !== "NumberAdopted") continue;
    if (lost.has(data.holding)) continue;
    const bought = places[placeOf(data)];
    const isTrial = type === "PurchaseRequested" && data.paidFrom === "trial";
    assert.ok(!isTrial || bought.length === 0, `the trial ${data.holding} is not the first`);
    bought.push(data.holding);
  }
};

/**
 * No purchase is requested where as many as the plan allows were within the 24 hours, or 30 days,
 * before it and had not failed, none above the plan's prices, and only imports that the plan has
 * space for. Where the clock was set back, only times within its window count.
 */
export const checkQuotas = (
  facts: readonly Fact[],
  plans: PlanCatalogue = DEFAULT_PLANS,
): void => PLACES.forEach((place) => checkQuotasOf(facts, plans, place));

const checkQuotasOf = (facts: readonly Fact[], plans: PlanCatalogue, place: Place): void => {
  const requests = new Map<string, Instant>();
  const imports = new Set<string>();
  let plan = planOf(plans);
  for (const { type, data, at } of facts) {
    const { limits, name } = plan;
    const within = (window: Milliseconds) =>
      [...requests.values()].filter((before) => before <= at && before > at - window).length;
    if (type === "OrganizationOpened" || type === "PlanChanged") plan = planOf(plans, data);
    if (type === "PurchaseFailed") requests.delete(data.holding);
    if (type === "Released") imports.delete(data.holding);
    if (type === "PurchaseRequested" && placeOf(data) === place) {
      const [day, month] = [within(DAY_MS), within(30 * DAY_MS)];
      assert.ok(day < limits.purchasesPerDay, `${day} purchases on ${name}, and one more`);
      assert.ok(month < limits.purchasesPer30Days, `${month} in 30 days on ${name}, and one more`);
      const most = priced({ setup: limits.highestSetup, monthly: limits.highestMonthly }, plan);
      assert.ok(data.setup.micros <= most.setup.micros, `setup of ${data.e164}`);
      assert.ok(data.monthly.micros <= most.monthly.micros, `month of ${data.e164}`);
      requests.set(data.holding, at);
    }
    if (type === "NumberImported" && placeOf(data) === place) {
      assert.ok(imports.size < limits.imports, `${imports.size} imports on ${name}, and one more`);
      imports.add(data.holding);
    }
  }
};

/** No organization buys a line that it imports itself, in the same world. */
export const checkImports = (facts: readonly Fact[]): void => {
  const imports = new Map<string, string>();
  for (const { type, data } of facts) {
    if (type === "NumberImported") imports.set(data.holding, importClaim(data.world, data.e164));
    if (type === "Released") imports.delete(data.holding);
    if (type !== "PurchaseRequested") continue;
    for (const spelling of spellingsOf(data.e164)) {
      const own = importClaim(worldOfCarrier(data.carrier), spelling);
      assert.ok(![...imports.values()].includes(own), `${data.holding} buys an own import, ${own}`);
    }
  }
};

/** What is of the sandbox beside a live carrier costs nothing, and is never suspended for money. */
export const checkSandbox = (facts: readonly Fact[]): void => {
  const apart = new Set<string>();
  for (const { type, data } of facts) {
    const begins = type === "PurchaseRequested" || type === "NumberAdopted" ||
      type === "NumberImported";
    if (begins && placeOf(data) === "sandbox") apart.add(data.holding);
    if (!("holding" in data) || !apart.has(data.holding)) continue;
    const what = `${type} of ${data.holding}, which is apart`;
    assert.ok(type !== "ChargeStarted" && type !== "RenewalFailed", what);
    if (type === "PurchaseRequested") assert.equal(data.debited.micros, 0, what);
    const paid = type === "Renewed"
      ? data
      : type === "NumberPurchased" && data.term.kind === "monthly"
      ? data.term
      : null;
    if (paid !== null) assert.deepEqual([paid.paidFrom, paid.amount.micros], ["nothing", 0], what);
  }
};

type Paid = { readonly period: number; readonly to: Instant; readonly anchor: Instant };

/**
 * Every period of every holding is charged once, under its own key, and none is left out. Where the
 * clock was set back by `setBackMs` in all, one may have begun that much later than it is charged.
 */
export const checkPeriods = (facts: readonly Fact[], setBackMs: Milliseconds = 0): void => {
  const last = new Map<string, Paid>();
  const keys = new Set<string>();
  const over = new Set<string>();
  for (const { type, data, at } of facts) {
    if (type === "NumberAdopted") {
      last.set(data.holding, { period: 1, to: data.to, anchor: data.from });
    }
    if (type === "TrialConverted") last.set(data.holding, { period: 0, to: at, anchor: at });
    if (type === "ReleaseStarted") over.add(data.holding);
    const charged = type === "Renewed"
      ? data
      : type === "NumberPurchased" && data.term.kind === "monthly"
      ? { holding: data.holding, ...data.term }
      : undefined;
    if (charged === undefined) continue;
    const { holding, period, from, to, chargeKey } = charged;
    const before = last.get(holding) ?? { period: 0, to: from, anchor: from };
    const { anchor } = before;
    assert.equal(period, before.period + 1, `period ${period} of ${holding} is out of order`);
    assert.equal(from, before.to, `period ${period} of ${holding} leaves time out`);
    assert.equal(from, monthsAfter(anchor, period - 1), `period ${period} of ${holding} drifts`);
    assert.equal(to, monthsAfter(anchor, period), `period ${period} of ${holding} drifts`);
    assert.ok(at + setBackMs >= from, `period ${period} of ${holding} is charged before its time`);
    assert.ok(!keys.has(chargeKey), `${chargeKey} is charged twice`);
    assert.ok(!over.has(holding), `${holding} is charged after its release began`);
    keys.add(chargeKey);
    last.set(holding, { period, to, anchor });
  }
};

/** The charge key and amount of a period that a fact opens outside credits. */
const openedOutside = (
  { type, data }: Fact,
): { readonly chargeKey: string; readonly amount: Money } | undefined => {
  if (type === "Renewed") return data.paidFrom === "subscription" ? data : undefined;
  if (type !== "NumberPurchased" || data.term.kind === "trial") return undefined;
  return data.term.paidFrom === "subscription" ? data.term : undefined;
};

/** What must precede each step of a charge outside credits, and its status after it. */
const STEPS = {
  ChargeStarted: { from: undefined, to: "started" },
  Charged: { from: "started", to: "paid" },
  ChargeDeclined: { from: "started", to: undefined },
  RefundStarted: { from: "paid", to: "refunding" },
  Refunded: { from: "refunding", to: "refunded" },
} as const;

/**
 * Money that was taken outside credits has opened just one period, of the same amount, or is given
 * back; no number is released while it has an open charge. Gives the charges that are open, by key.
 */
export const checkCharges = (facts: readonly Fact[]): ReadonlyMap<string, string> => {
  const status = new Map<string, string>();
  const amounts = new Map<string, number>();
  const open = () => new Map([...status].filter(([, at]) => at !== "opened" && at !== "refunded"));
  for (const fact of facts) {
    const { type, data } = fact;
    const key = "chargeKey" in data ? data.chargeKey : "";
    if (type === "ChargeStarted") amounts.set(key, data.amount.micros);
    if (type in STEPS) {
      const { from, to } = STEPS[type as keyof typeof STEPS];
      assert.equal(status.get(key), from, `${type} of ${key}`);
      if (to === undefined) status.delete(key);
      else status.set(key, to);
    }
    const period = openedOutside(fact);
    if (period !== undefined) {
      assert.equal(status.get(period.chargeKey), "paid", `${period.chargeKey} is not paid`);
      assert.equal(amounts.get(period.chargeKey), period.amount.micros);
      status.set(period.chargeKey, "opened");
    }
    if (type === "Released") {
      const left = [...open().keys()].filter((key) => key.startsWith(`${data.holding}:`));
      assert.deepEqual(left, [], `${data.holding} was released, and its charge is open`);
    }
  }
  return open();
};

/** What a fact adds to the credits, in micros. */
const entry = ({ type, data }: Fact): number => {
  switch (type) {
    case "CreditsAdded":
      return data.amount.micros;
    case "PurchaseRequested":
      return -data.debited.micros;
    case "PurchaseFailed":
      return data.refunded.micros;
    case "Renewed":
      return data.paidFrom === "credits" ? -data.amount.micros : 0;
    default:
      return 0;
  }
};

/** Credits are the sum of their entries, and no prefix of the log brings them below zero. */
export const checkCredits = (facts: readonly Fact[]): void => {
  const state = State.empty();
  let credits = 0;
  for (const fact of facts) {
    fold(state, fact);
    credits += entry(fact);
    assert.equal(self(state)?.credits.micros, credits);
    assert.ok(credits >= 0, `${fact.type} leaves ${credits} micros`);
  }
};

/**
 * After a number's end there are no further events of it, except the outcome of a charge for it.
 */
export const checkEnds = (facts: readonly Fact[]): void => {
  const ended = new Set<string>();
  for (const { type, data } of facts) {
    if (!("holding" in data) || type in STEPS) continue;
    assert.ok(!ended.has(data.holding), `${type} follows the end of ${data.holding}`);
    if (type === "Released" || type === "PurchaseDismissed") ended.add(data.holding);
  }
};

/**
 * Every rule, as a function of all facts of one organization that throws where it is broken. Where
 * the clock was set back, `setBackMs` is by how much in all.
 */
export const domainRules = (
  setBackMs: Milliseconds = 0,
): readonly ((facts: readonly Fact[]) => unknown)[] => [
  checkLimit,
  checkQuotas,
  checkTrial,
  checkSandbox,
  (facts) => checkPeriods(facts, setBackMs),
  checkCharges,
  checkCredits,
  checkEnds,
  checkImports,
  (facts) => checkNotices(facts),
];
