/** Any plan that a catalogue may have, with every term. */
import fc from "fast-check";
import { money } from "../../core/values/money.ts";
import type { Plan } from "../../core/values/plan.ts";

const limits = fc.record({
  imports: fc.nat(),
  purchasesPerDay: fc.nat(),
  purchasesPer30Days: fc.nat(),
  highestSetup: fc.nat().map(money),
  highestMonthly: fc.nat().map(money),
  requestsPerMinute: fc.nat(),
  searchesPerMinute: fc.nat(),
}, { noNullPrototype: true });

/** Plans of this name. */
export const anyPlan = (name: string): fc.Arbitrary<Plan> =>
  fc.record({
    name: fc.constant(name),
    maxNumbers: fc.nat(),
    billing: fc.constantFrom("trial", "subscription", "credits"),
    verification: fc.constantFrom("none", "submitted", "approved"),
    trialDays: fc.integer({ min: 1, max: 365 }),
    graceDays: fc.integer({ min: 0, max: 365 }),
    trialNoticeDays: fc.integer({ min: 0, max: 365 }),
    renewalNoticeDays: fc.integer({ min: 0, max: 27 }),
    graceNoticeDays: fc.integer({ min: 0, max: 365 }),
    limits,
    price: fc.nat().map(money),
    markup: fc.nat(100_000),
  }, {
    requiredKeys: [
      "name",
      "maxNumbers",
      "billing",
      "verification",
      "trialDays",
      "graceDays",
      "trialNoticeDays",
      "renewalNoticeDays",
      "graceNoticeDays",
      "limits",
    ],
    noNullPrototype: true,
  });
