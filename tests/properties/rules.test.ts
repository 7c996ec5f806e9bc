import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { claimsHeld } from "../../core/registry/claims.ts";
import { charges, nextPeriodOf } from "../../core/number/charges.ts";
import { isPurchasing, numbers } from "../../core/number/state.ts";
import { DAY_MS, monthsAfter } from "../../core/values/calendar.ts";
import { ORGANIZATIONS, run, type Scenario, scenario } from "../harness/arbitraries/scenarios.ts";
import { domainRules } from "../harness/rules.ts";
import { runs } from "../support/runs.ts";

const RUNS = runs(120);

test("rules hold at every point of any scenario", () => {
  fc.assert(
    fc.property(scenario(60), (past) => {
      const domain = run(past);
      for (const organization of ORGANIZATIONS) {
        for (const rule of domainRules()) rule(domain.book(organization).facts);
      }
    }),
    { numRuns: RUNS },
  );
});

test("number has one holder at most at any point of any scenario, and claims are the holdings", () => {
  fc.assert(
    fc.property(scenario(60), (past: Scenario) => {
      run(past, ({ domain }) => {
        const held = ORGANIZATIONS.flatMap((organization) =>
          claimsHeld(domain.book(organization).state).map((claim) => ({ ...claim, organization }))
        );
        assert.equal(new Set(held.map(({ key }) => key)).size, held.length);
        const sorted = (claims: Iterable<{ readonly key: string }>) =>
          [...claims].toSorted((a, b) => (a.key < b.key ? -1 : 1));
        assert.deepEqual(sorted(domain.claims.values()), sorted(held));
      });
    }),
    { numRuns: RUNS },
  );
});

test("number waits for some automation unless it is imported, in any scenario", () => {
  fc.assert(
    fc.property(scenario(60), (past) => {
      const domain = run(past);
      for (const organization of ORGANIZATIONS) {
        for (const number of domain.book(organization).state.all(numbers)) {
          const idle = number.source === "imported";
          assert.equal(numbers.work?.(number) === null, idle, `${number.id} is forgotten`);
        }
      }
    }),
    { numRuns: RUNS },
  );
});

test("open charge waits for some automation, its own or its number's, in any scenario", () => {
  fc.assert(
    fc.property(scenario(60), (past) => {
      run(past, ({ domain, organization }) => {
        const { state } = domain.book(organization);
        for (const charge of state.all(charges)) {
          const waits = charges.work?.(charge) !== null ||
            isPurchasing(state.get(numbers, charge.holding));
          assert.ok(waits, `${charge.key} is forgotten`);
          const number = state.get(numbers, charge.holding);
          if (number?.source !== "managed" || charge.status === "refunding") continue;
          assert.equal(charge.period, nextPeriodOf(number), `${charge.key} is out of order`);
        }
      });
    }),
    { numRuns: RUNS },
  );
});

test("month anchor never drifts in 1,000 months from any moment", () => {
  const moment = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2400, 0, 1) - 1 });
  fc.assert(
    fc.property(moment, (anchor) => {
      const from = new Date(anchor);
      for (let months = 0; months <= 1_000; months++) {
        const at = new Date(monthsAfter(anchor, months));
        const month = from.getUTCMonth() + months;
        assert.equal(at.getUTCFullYear(), from.getUTCFullYear() + Math.floor(month / 12));
        assert.equal(at.getUTCMonth(), month % 12);
        assert.equal(at.getTime() % DAY_MS, anchor % DAY_MS);
        const isLastDay = new Date(at.getTime() + DAY_MS).getUTCDate() === 1;
        const asBought = at.getUTCDate() === from.getUTCDate();
        assert.ok(asBought || (isLastDay && at.getUTCDate() < from.getUTCDate()));
      }
    }),
    { numRuns: runs(100) },
  );
});

test("month anchors follow each other, 28 to 31 days apart, from any moment", () => {
  const moment = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2400, 0, 1) - 1 });
  fc.assert(
    fc.property(moment, fc.nat(1_000), (anchor, months) => {
      const days = (monthsAfter(anchor, months + 1) - monthsAfter(anchor, months)) / DAY_MS;
      assert.ok(Number.isInteger(days) && days >= 28 && days <= 31);
    }),
    { numRuns: runs(500) },
  );
});
