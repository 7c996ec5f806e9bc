/** One notice for each deadline that comes within reach, whatever happens to a number meanwhile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Command } from "../../core/registry/commands.ts";
import type { Fact } from "../../core/events/vocabulary.ts";
import { chargeKey, charges, nextPeriodOf } from "../../core/number/charges.ts";
import { numbers } from "../../core/number/state.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../../core/values/calendar.ts";
import { automation, OPERATOR } from "../../core/values/identity.ts";
import { money } from "../../core/values/money.ts";
import { NO_LIMITS, type Plan, type PlanCatalogue } from "../../core/values/plan.ts";
import { type Domain, openDomain } from "../harness/domain.ts";
import { checkNotices } from "../harness/notices.ts";
import { ACME, ALICE } from "../harness/specification.ts";
import { confirm, PN, requested } from "../harness/story/mod.ts";
import { runs } from "../support/runs.ts";

type Payment = "paid" | "declined";

type Act =
  | { readonly act: "wait"; readonly ms: number }
  | { readonly act: "pay"; readonly with: Payment }
  | { readonly act: "command"; readonly command: Command };

const NAMES = ["Lent", "Charged", "Credits", "Other"] as const;
const BILLING = {
  Lent: "trial",
  Charged: "subscription",
  Credits: "credits",
  Other: "subscription",
} as const;

const days = (max: number) => fc.option(fc.nat(max), { nil: undefined });

const plan = (name: keyof typeof BILLING): fc.Arbitrary<Plan> =>
  fc.record({
    name: fc.constant(name),
    billing: fc.constant(BILLING[name]),
    maxNumbers: fc.constant(10),
    verification: fc.constant("none"),
    limits: fc.constant(NO_LIMITS),
    trialDays: fc.integer({ min: 1, max: 9 }),
    graceDays: fc.nat(9),
    trialNoticeDays: days(9),
    renewalNoticeDays: days(27),
    graceNoticeDays: days(9),
  });

const catalogue: fc.Arbitrary<PlanCatalogue> = fc.record({
  Lent: plan("Lent"),
  Charged: plan("Charged"),
  Credits: plan("Credits"),
  Other: plan("Other"),
}, { noNullPrototype: true });

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom(...NAMES).map((name): Command => ({
    type: "OpenOrganization",
    name: "Acme",
    plan: name,
  })),
  fc.boolean().map((on): Command => ({ type: "SetAutoRenewal", holding: PN, on })),
  fc.integer({ min: 1, max: 3 }).map((dollars): Command => ({
    type: "AddCredits",
    amount: money(dollars * 1_000_000),
  })),
);

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.oneof(fc.nat(2 * HOUR_MS), fc.nat(5 * DAY_MS), fc.nat(70 * DAY_MS))
      .map((ms): Act => ({ act: "wait", ms })),
  },
  { weight: 2, arbitrary: command.map((given): Act => ({ act: "command", command: given })) },
  fc.constantFrom<Payment>("paid", "declined").map((payment): Act => ({
    act: "pay",
    with: payment,
  })),
);

const history = fc.record({
  plans: catalogue,
  first: fc.constantFrom(...NAMES),
  /** Month ends, and any other moment. */
  start: fc.oneof(
    fc.constantFrom("2026-01-29", "2026-01-31", "2027-12-31", "2028-01-30").map((day) =>
      Date.parse(`${day}T23:59:59.999Z`)
    ),
    fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2030, 0, 1) }),
  ),
  acts: fc.array(act, { maxLength: 40, size: "max" }),
});

type History = typeof history extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** More than a number has to do in any history. */
const MOST_STEPS = 10_000;

/** The one number of a domain, and what automations do for it. */
const openNumber = (start: Instant, domain: Domain) => {
  let payment: Payment = "paid";
  const looks: Instant[] = [];
  const give = (at: Instant, said: Command) =>
    void domain.give(ACME, said, { at, actor: automation("renewals") });
  const row = () => domain.book(ACME).state.get(numbers, PN);
  const work = () => {
    const number = row();
    return number === undefined ? null : numbers.work?.(number) ?? null;
  };
  const step = (at: Instant): void => {
    const number = row();
    if (number?.source !== "managed") return;
    if (work()?.automation === "trials") return give(at, { type: "ExpireTrial", holding: PN });
    if (work()?.automation === "releasing") {
      return give(at, { type: "CompleteRelease", holding: PN });
    }
    const period = nextPeriodOf(number);
    give(at, { type: "RenewNumber", holding: PN, period });
    if (domain.book(ACME).state.get(charges, chargeKey(PN, period))?.status !== "started") return;
    give(at, { type: "RecordCharge", holding: PN, period, payment });
  };
  let now = start;
  let steps = 0;
  return {
    looks,
    now: () => now,
    pays: (next: Payment) => void (payment = next),
    give: (said: Command) => give(now, said),
    /** Time passes; with `stopping` as on a test clock, which stops at every due time. */
    wait: (ms: number, stopping: boolean) => {
      const target = now + ms;
      for (let due = work()?.due; due !== undefined && due <= target; due = work()?.due) {
        now = stopping ? Math.max(now, due) : target;
        step(now);
        assert.ok(++steps < MOST_STEPS, "it comes no further");
      }
      now = target;
      looks.push(now);
    },
  };
};

const play = ({ plans, first, start, acts }: History, stopping: boolean) => {
  const domain = openDomain(plans);
  const saying = { at: start, actor: OPERATOR };
  domain.give(ACME, { type: "OpenOrganization", name: "Acme", plan: first }, saying);
  domain.give(ACME, { type: "AddCredits", amount: money(2_000_000) }, saying);
  const paidFrom = first === "Lent" ? "trial" : "nothing";
  domain.record(ACME, [requested({ paidFrom })], { at: start, actor: ALICE });
  domain.give(ACME, confirm, saying);
  const number = openNumber(start, domain);
  for (const each of acts) {
    if (each.act === "wait") number.wait(each.ms, stopping);
    else if (each.act === "pay") number.pays(each.with);
    else number.give(each.command);
  }
  const { facts } = domain.book(ACME);
  return { facts, looks: number.looks, now: number.now(), ...checkNotices(facts, plans) };
};

const noticesOf = (facts: readonly Fact[]) => facts.filter(({ type }) => type === "NoticeGiven");

test("each deadline that comes within reach has one notice, whatever happens meanwhile", () => {
  let given = 0;
  fc.assert(
    fc.property(history, (past) => {
      const { facts, missed, open, now } = play(past, true);
      assert.deepEqual(missed, []);
      for (const { noticeAt = 0 } of open.values()) assert.ok(now < noticeAt + HOUR_MS);
      given += noticesOf(facts).length;
    }),
    { numRuns: runs(2_000) },
  );
  assert.ok(given > 0, "no notice was given in any history");
});

test("a notice is missed only where nobody looked between its time and the deadline", () => {
  fc.assert(
    fc.property(history, (past) => {
      const { missed, looks } = play(past, false);
      for (const { noticeAt = 0, at, overAt } of missed) {
        const seen = looks.filter((look) => look >= noticeAt + HOUR_MS && look < at);
        // At the look at which it was paid or released there was nothing to give notice of.
        assert.deepEqual(seen.filter((look) => look < overAt), []);
      }
    }),
    { numRuns: runs(2_000) },
  );
});
